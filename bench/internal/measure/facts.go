package measure

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/load"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// A Warning is something about the machine that spoils numbers.
type Warning struct {
	Text   string // what is the matter
	Remedy string // what to do about it
}

func (w Warning) String() string { return w.Text + ": " + w.Remedy }

// How much of a disturbance is worth a warning.
const (
	muchSteal     = 0.05 // of the processor time since boot
	muchThrottled = 0.01 // of the periods since the cgroup was made
)

// facts are what this moment and this machine do to times. What is not known
// stands as its zero value, or, where zero has a meaning, beside a flag.
type facts struct {
	cpus  int
	procs int // the largest GOMAXPROCS that is measured

	load      float64 // of the last minute
	loadKnown bool

	steal      float64 // part of the processor time since boot
	stealKnown bool

	quota     float64 // CPUs that the cgroup allows on average; 0: all
	periods   int     // of the quota since the cgroup was made
	throttled int     // periods in which it was used up

	governors []string // of the CPUs' frequency, each once
	virtual   string   // the virtual machine or container that this is
}

// currentFacts asks the machine.
func currentFacts(procs int) facts {
	f := facts{cpus: runtime.NumCPU(), procs: procs}
	if average, err := load.Avg(); err == nil {
		f.load, f.loadKnown = average.Load1, true
	}
	if t, ok := processorTime(); ok && t.total > 0 {
		f.steal, f.stealKnown = float64(t.stolen)/float64(t.total), true
	}
	if system, role, err := host.Virtualization(); err == nil && role == "guest" {
		f.virtual = system
	}
	f.readSystem(systemRoot)
	return f
}

// settings returns the facts as they stand in a run file.
func (f facts) settings() []record.Setting {
	var list []record.Setting
	add := func(known bool, key, format string, args ...any) {
		if known {
			list = append(list, record.Setting{Key: key, Value: fmt.Sprintf(format, args...)})
		}
	}
	add(f.loadKnown, "load", "%.2f", f.load)
	add(f.stealKnown, "steal", "%.1f%%", 100*f.steal)
	add(f.quota > 0, "quota", "%.4g CPUs", f.quota)
	add(f.periods > 0, "throttled", "%d of %d periods", f.throttled, f.periods)
	add(len(f.governors) > 0, "governor", "%s", strings.Join(f.governors, ", "))
	add(f.virtual != "", "virtual", "%s", f.virtual)
	return list
}

// warnings returns what the facts mean for numbers.
func (f facts) warnings() []Warning {
	var list []Warning
	warn := func(remedy, format string, args ...any) {
		list = append(list, Warning{Text: fmt.Sprintf(format, args...), Remedy: remedy})
	}
	if f.loadKnown && f.load > float64(f.cpus)/2 {
		warn("close other programs and measure again (if it was the build, just measure again)",
			"the load of the last minute is %.1f on %d CPUs", f.load, f.cpus)
	}
	if f.stealKnown && f.steal > muchSteal {
		warn("intervals will be wide, so measure for longer, or on a machine of your own",
			"the host took %.0f %% of this virtual machine's processor time since it was started", 100*f.steal)
	}
	if slower := slices.DeleteFunc(slices.Clone(f.governors), func(g string) bool { return g == "performance" }); len(slower) > 0 {
		warn("set it with cpupower frequency-set -g performance, or rely on ratios, which suffer less than times",
			"the CPUs change their frequency (governor %s)", strings.Join(slower, ", "))
	}
	switch {
	case f.quota <= 0:
	case float64(f.procs) > f.quota:
		warn("raise the container's limit, or measure with a smaller -cpu",
			"GOMAXPROCS=%d is more than the %.4g CPUs that the cgroup allows, so all threads stand still for a part of the time", f.procs, f.quota)
	case float64(f.cpus) > f.quota:
		warn("do not compare with a machine that has them all, or raise the container's limit",
			"the cgroup allows %.4g of %d CPUs", f.quota, f.cpus)
	}
	if float64(f.throttled) > muchThrottled*float64(f.periods) {
		warn("raise the container's limit, or measure with a smaller -cpu",
			"the cgroup's limit stopped this container's threads in %d of %d periods", f.throttled, f.periods)
	}
	if f.cpus < 2 {
		warn("measure on a machine with two or more",
			"there is one CPU, so that computing work cannot get faster here, only waiting work can")
	}
	return list
}
