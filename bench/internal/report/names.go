package report

import (
	"strconv"
	"strings"
	"unicode"
)

// nameFiles gives each section a name for its files that no other has, and
// that every system takes for a file name: benchmarks that are not ours may
// have any.
func (r *Report) nameFiles() {
	taken := make(map[string]bool)
	for i := range r.Sections {
		s := &r.Sections[i]
		s.GoTest = r.Run.GoTest
		s.For = r.Run.AddedFor(s.Scenario.Name, s.Params, s.Procs)
		name := s.plainName(r.Run.Setting("cpus"))
		if s.GoTest {
			name = fileName(name)
			for n, first := 2, name; taken[strings.ToLower(name)]; n++ {
				name = first + "." + strconv.Itoa(n)
			}
			taken[strings.ToLower(name)] = true
		}
		s.file = name
	}
}

// fileName replaces what has a meaning for a shell, a link or a file system.
func fileName(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.+", r) {
			return r
		}
		return '_'
	}, text)
	const longest = 100
	return strings.ToValidUTF8(text[:min(longest, len(text))], "")
}

// Name identifies the section in file names: "counter", "download-shared-p1".
func (s *Section) Name(cpus string) string {
	if s.file != "" {
		return s.file
	}
	return s.plainName(cpus)
}

func (s *Section) plainName(cpus string) string {
	name := s.Scenario.Name
	for _, value := range paramValues(s.Params) {
		name += "-" + value
	}
	if strconv.Itoa(s.Procs) != cpus {
		name += "-p" + strconv.Itoa(s.Procs)
	}
	return name
}
