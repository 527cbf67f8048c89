package measure

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/load"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// Environment returns the facts that a reader of the numbers needs, and what
// on this machine stands in the way of good ones. What cannot be found out is
// left out.
func Environment(command string, seed uint64) (settings []record.Setting, warnings []string) {
	add := func(key, value string) {
		if value = record.OneLine(value); value != "" {
			settings = append(settings, record.Setting{Key: key, Value: value})
		}
	}
	add("goos", runtime.GOOS)
	add("goarch", runtime.GOARCH)
	add("cpu", cpuModel())
	add("cpus", strconv.Itoa(runtime.NumCPU()))
	add("go", runtime.Version())
	add("commit", commit())
	add("command", command)
	add("seed", strconv.FormatUint(seed, 10))
	for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG"} {
		add(strings.ToLower(name), os.Getenv(name))
	}
	add("goamd64", buildSetting("GOAMD64"))

	average, err := load.Avg()
	if err == nil {
		add("load", fmt.Sprintf("%.2f", average.Load1))
		if busy := float64(runtime.NumCPU()) / 2; average.Load1 > busy {
			warnings = append(warnings, fmt.Sprintf("the load of the last minute is %.1f on %d CPUs: close other programs and measure again (if it was the build, just measure again)", average.Load1, runtime.NumCPU()))
		}
	}
	if steal, ok := stolen(); ok {
		add("steal", fmt.Sprintf("%.1f%%", 100*steal))
		if steal > 0.05 {
			warnings = append(warnings, fmt.Sprintf("the host took %.0f %% of this virtual machine's processor time since it was started: intervals will be wide", 100*steal))
		}
	}
	if runtime.NumCPU() < 2 {
		warnings = append(warnings, "there is one CPU: computing work cannot get faster here, only waiting work can")
	}
	return settings, warnings
}

// cpuModel names the processor. gopsutil is asked for the name alone: what it
// says of the number of cores is the host's, not the virtual machine's.
func cpuModel() string {
	info, err := cpu.Info()
	if err != nil || len(info) == 0 {
		return ""
	}
	return info[0].ModelName
}

// stolen returns the part of processor time since boot that the host gave to
// others.
func stolen() (part float64, ok bool) {
	times, err := cpu.Times(false)
	if err != nil || len(times) == 0 {
		return 0, false
	}
	t := times[0]
	total := t.User + t.System + t.Idle + t.Nice + t.Iowait + t.Irq + t.Softirq + t.Steal
	if total <= 0 {
		return 0, false
	}
	return t.Steal / total, true
}

// commit returns the revision that the program was built from.
func commit() string {
	revision := buildSetting("vcs.revision")
	if len(revision) > 12 {
		revision = revision[:12]
	}
	if revision != "" && buildSetting("vcs.modified") == "true" {
		revision += "+changes"
	}
	return revision
}

func buildSetting(key string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
