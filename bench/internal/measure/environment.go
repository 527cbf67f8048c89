package measure

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/cpu"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// Environment returns the facts that a reader of the numbers needs, and what
// on this machine stands in the way of good ones when it measures with at most
// so many GOMAXPROCS. What cannot be found out is left out.
func Environment(command string, seed uint64, procs int) (settings []record.Setting, warnings []Warning) {
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
	f := currentFacts(procs)
	for _, s := range f.settings() {
		add(s.Key, s.Value)
	}
	return settings, f.warnings()
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

// Version says which build of the program this is: version, commit, Go version.
func Version() string {
	version := "(unknown version)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	if c := commit(); c != "" {
		version += " (commit " + c + ")"
	}
	return fmt.Sprintf("interleave %s, %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
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
