package hunt

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/race"
)

var (
	result = regexp.MustCompile(`^\s*--- (PASS|FAIL|SKIP): (\S+) \(`)
	begun  = regexp.MustCompile(`^=== (?:RUN|CONT|NAME) +(\S+)$`)
)

// A failure is a test that said that it failed.
type failure struct {
	test string // not a subtest
	text string // its lines
}

// title is the first thing it said, or that it failed.
func (f failure) title() string {
	for line := range strings.Lines(f.text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "--- ") {
			return line
		}
	}
	return "failed"
}

// failures returns the tests that failed, once for each time.
func failures(output string) []failure {
	var all []failure
	var logged []string // under -v, what a test says stands before its result
	inside := false
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		m := result.FindStringSubmatch(line)
		switch {
		case m != nil && !strings.HasPrefix(line, " "):
			inside = m[1] == "FAIL"
			if inside {
				all = append(all, failure{test: top(m[2]), text: strings.Join(logged, "")})
			}
			logged = nil
		case m != nil:
		case strings.HasPrefix(line, "    ") && inside:
			all[len(all)-1].text += line + "\n"
		case strings.HasPrefix(line, "    "):
			logged = append(logged, line+"\n")
		default:
			inside = false
			if begun.MatchString(line) && !strings.Contains(line, "/") {
				logged = nil
			}
		}
	}
	return all
}

// lastRun returns the test that had begun last, if the output says.
func lastRun(output string) string {
	name := ""
	for line := range strings.Lines(output) {
		if m := begun.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			name = top(m[1])
		}
	}
	return name
}

// fragile returns the tests that passed the first of two rounds and did not
// pass the second, from the output of -v.
func fragile(output string) []string {
	begins, results := map[string]int{}, map[string][]string{}
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if m := begun.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "=== RUN") {
			begins[m[1]]++
		} else if m := result.FindStringSubmatch(line); m != nil {
			results[m[2]] = append(results[m[2]], m[1])
		}
	}
	var list []string
	for test, n := range begins {
		r := results[test]
		if test == top(test) && n == 2 && len(r) > 0 && r[0] != "FAIL" && (len(r) == 1 || r[1] == "FAIL") {
			list = append(list, test)
		}
	}
	slices.Sort(list)
	return list
}

// top takes the subtests off a name.
func top(test string) string {
	test, _, _ = strings.Cut(test, "/")
	return test
}

// tail returns the last lines of an output, or what begins them.
func tail(output string) string {
	const most, width = 12, 200
	lines := strings.Split(strings.TrimSpace(output), "\n")
	lines = lines[max(0, len(lines)-most):]
	for i, line := range lines {
		lines[i] = line[:min(len(line), width)]
	}
	return strings.ToValidUTF8(strings.Join(lines, "\n"), "")
}

// reportText writes a race for people, with the stacks down to the test.
func reportText(c classifier, r race.Report) string {
	var b strings.Builder
	for _, a := range r.Accesses {
		if a.Op == "" {
			fmt.Fprintln(&b, "an access that the report lacks")
			continue
		}
		fmt.Fprintln(&b, a.String())
		if a.Lost {
			fmt.Fprintln(&b, "  (the detector had forgotten the stack)")
		}
		frames(&b, c, a.Stack)
		if len(a.Created) > 0 {
			fmt.Fprintln(&b, "  started by")
			frames(&b, c, a.Created)
		}
	}
	return b.String()
}

// stacks writes goroutines for people.
func stacks(c classifier, all []race.Goroutine) string {
	var b strings.Builder
	for _, g := range all {
		if g.System() {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(g.Stack), func(f race.Frame) bool {
			return f.Package() == "runtime" || f.Package() == "testing" || strings.HasSuffix(f.File, "_testmain.go") || strings.HasSuffix(f.File, watchFile)
		})
		if len(own) == 0 {
			continue
		}
		fmt.Fprintf(&b, "goroutine %d, %s\n", g.ID, g.State)
		frames(&b, c, own)
		if g.Created.Known() {
			fmt.Fprintln(&b, "  started by")
			frames(&b, c, []race.Frame{g.Created})
		}
	}
	return b.String()
}

// frames writes a stack without the frames of testing at its end.
func frames(b *strings.Builder, c classifier, stack []race.Frame) {
	for _, f := range stack {
		if f.Package() != "testing" {
			fmt.Fprintf(b, "    %s  %s\n", c.pos(f), shortFunc(f.Func))
		}
	}
}

func round(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(time.Second)
	}
	return d.Round(100 * time.Millisecond)
}
