package gate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// Facts are what makes times of two runs comparable.
type Facts struct {
	CPU  string // its model
	CPUs int
	Goos string
	Go   string // as in go1.26: patches do not change the compiler
	Max  int    // GOMAXPROCS

	// NoCgo is why programs cannot be built with cgo here, "" if they can.
	// It is asked only if a rule needs it.
	NoCgo func() string
}

// FactsOf takes the facts from the settings of a run at one GOMAXPROCS.
func FactsOf(settings []record.Setting, procs int) Facts {
	f := Facts{Max: procs}
	for _, s := range settings {
		switch s.Key {
		case "cpu":
			f.CPU = s.Value
		case "cpus":
			f.CPUs, _ = strconv.Atoi(s.Value)
		case "goos":
			f.Goos = s.Value
		case "go":
			f.Go = minor(s.Value)
		}
	}
	return f
}

var goVersion = regexp.MustCompile(`go\d+\.\d+`)

// minor takes the patch from a version of Go: "go1.26.8" becomes "go1.26".
func minor(version string) string {
	if v := goVersion.FindString(version); v != "" {
		return v
	}
	return version
}

func (f Facts) String() string {
	return fmt.Sprintf("%s, %s, GOMAXPROCS=%d, %s, %s", f.CPU, some(f.CPUs, "CPU"), f.Max, f.Goos, f.Go)
}

// differences says in what two machines differ, "" if they are equal.
func (f Facts) differences(now Facts) string {
	var parts []string
	differ := func(what string, a, b any) {
		if a != b {
			parts = append(parts, fmt.Sprintf("%s %v, here %v", what, a, b))
		}
	}
	differ("CPU", f.CPU, now.CPU)
	differ("CPUs", f.CPUs, now.CPUs)
	differ("GOMAXPROCS", f.Max, now.Max)
	differ("system", f.Goos, now.Goos)
	differ("Go", f.Go, now.Go)
	return strings.Join(parts, "; ")
}

// unmet says which need of a question's rule is not met, "" if none is.
func (c *Check) unmet(q *Question) string {
	n := q.Rule.Needs
	if have := min(c.Facts.CPUs, c.Facts.Max); n.CPUs > have {
		return fmt.Sprintf("it needs %s, and this process can use %d", some(n.CPUs, "CPU"), have)
	}
	if n.Cgo && c.Facts.NoCgo != nil {
		if why := c.Facts.NoCgo(); why != "" {
			return "it needs cgo: " + why
		}
	}
	switch {
	case n.SameMachine && c.Reference == nil:
		return "it needs the machine of the reference, and there is no reference"
	case n.SameMachine:
		if d := c.Reference.Facts().differences(c.Facts); d != "" {
			return "it needs the machine of the reference, which is another: " + d
		}
	}
	return ""
}
