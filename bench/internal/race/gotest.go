package race

import (
	"regexp"
	"strings"
)

var (
	testLine = regexp.MustCompile(`^\s*(?:--- FAIL:|=== (?:RUN|NAME|CONT)) +(\S+)`)
	inTest   = regexp.MustCompile(`^\s+testing\.go:\d+: race detected during execution of test$`)
)

// RacedTests returns the tests, subtests too, that go test says a race was
// detected in, each once, in the order of the text. The detector does not know
// of tests: of those that run at the same time, any may be blamed.
func RacedTests(text string) []string {
	var names []string
	seen := map[string]bool{}
	current := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := testLine.FindStringSubmatch(line); m != nil {
			current = m[1]
		} else if inTest.MatchString(line) && current != "" && !seen[current] {
			seen[current] = true
			names = append(names, current)
		}
	}
	return names
}
