//go:build !linux

package measure

import "time"

// Cgroups, governors and steal are Linux's: elsewhere they are not known.
const systemRoot = ""

func (f *facts) readSystem(string) {}

type spentTime struct{ busy, stolen, total time.Duration }

func processorTime() (t spentTime, ok bool) { return spentTime{}, false }
