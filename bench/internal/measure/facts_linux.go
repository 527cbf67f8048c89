package measure

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
)

// systemRoot is below which /proc and /sys lie; tests have trees of their own.
const systemRoot = "/"

// readSystem reads what Linux says in files below root. What is not there, or
// is no number, is not known.
func (f *facts) readSystem(root string) {
	f.governors = governors(root)
	f.quota, f.periods, f.throttled = cgroupLimit(root)
}

// governors returns the governors of the CPUs' frequencies, each once. Virtual
// machines have none.
func governors(root string) []string {
	files, err := filepath.Glob(filepath.Join(root, "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor"))
	if err != nil {
		return nil
	}
	var names []string
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			names = append(names, strings.TrimSpace(string(data)))
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// spentTime is processor time since boot, of all CPUs together.
type spentTime struct {
	busy   time.Duration // used by programs and the kernel
	stolen time.Duration // given to others by the host while it was wanted
	total  time.Duration // all, idle time too
}

// processorTime returns what the kernel has counted, in ticks of 10 ms.
func processorTime() (t spentTime, ok bool) {
	times, err := cpu.Times(false)
	if err != nil || len(times) == 0 {
		return spentTime{}, false
	}
	c := times[0]
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	busy := c.User + c.Nice + c.System + c.Irq + c.Softirq
	return spentTime{busy: seconds(busy), stolen: seconds(c.Steal), total: seconds(busy + c.Steal + c.Idle + c.Iowait)}, true
}
