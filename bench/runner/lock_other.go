//go:build !unix

package runner

import "os"

// lockExclusive does nothing here: two runs at once are not noticed.
func lockExclusive(*os.File) error { return nil }
