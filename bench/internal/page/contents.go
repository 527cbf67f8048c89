package page

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/interleave-go/interleave/bench/internal/report"
)

// repeat says how to measure the same again, and to draw it from the file.
func (v *view) repeat(r *report.Report) {
	command := r.Run.Setting("command")
	if command == "" {
		return
	}
	if seed := r.Run.Setting("seed"); seed != "" && !strings.Contains(command, " -seed") {
		name, flags, _ := strings.Cut(command, " run")
		command = name + " run -seed=" + seed + flags
	}
	v.Repeat = append(v.Repeat, command, "interleave report run.txt")
}

// contents lists the sections of the page that there are.
func (v *view) contents() {
	add := func(there bool, id, text string) {
		if there {
			v.Contents = append(v.Contents, Link{id, text})
		}
	}
	add(true, "answers", "Answers")
	add(len(v.Claims) > 0, "claims", "Claims")
	add(len(v.Summary) > 0, "summary", "Summary")
	for _, s := range v.Sections {
		text := s.Heading
		if name, _, more := strings.Cut(text, " "); more && v.alone(name) {
			text = name
		}
		add(true, s.ID, text)
	}
	add(len(v.Besides) > 0, "besides", "For claims")
	add(v.Beside != nil, "beside", v.language())
	add(v.Races != nil, "races", "Races")
	add(v.Calibration != nil, "calibration", "Calibration")
	add(true, "environment", "Environment")
	add(len(v.Missing) > 0, "missing", "No numbers")
	add(true, "repeat", "Repeat")
}

// alone reports whether a scenario has one section only.
func (v *view) alone(scenario string) bool {
	n := 0
	for _, s := range v.Sections {
		if s.Heading == scenario || strings.HasPrefix(s.Heading, scenario+" ") {
			n++
		}
	}
	return n == 1
}

// language names the other language without its version.
func (v *view) language() string {
	if v.Beside == nil {
		return ""
	}
	name, _, _ := strings.Cut(v.Beside.Language, " ")
	return name
}

// grid gives a table an id of its own.
func (v *view) grid(g Grid) Grid {
	g.ID = v.id("table")
	return g
}

// id makes an id of a name that no other part of the page has.
func (v *view) id(name string) string {
	first := plainID(name)
	id := first
	for n := 2; v.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", first, n)
	}
	v.ids[id] = true
	return id
}

// plainID keeps what may stand in an id, in a link and in a selector of a
// style sheet alike.
func plainID(name string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '-' || r == '_':
			return unicode.ToLower(r)
		}
		return '-'
	}, name)
	if id == "" || !unicode.IsLetter(rune(id[0])) {
		id = "s-" + id
	}
	return id
}
