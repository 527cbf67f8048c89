package gate

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// width is that of the terminals that must do.
const width = 80

// Text writes the report for a terminal.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Answer())
	wrap(&b, "", r.Advice())
	paragraph(&b, r.Header)
	brief := false
	for _, g := range r.groups() {
		line := g.brief()
		if !brief || line == "" {
			b.WriteString("\n")
		}
		if brief = line != ""; brief {
			b.WriteString(line + "\n")
		} else {
			g.text(&b)
		}
	}
	paragraph(&b, r.Listed)
	paragraph(&b, prefixed("warning: ", r.Warnings))
	_, err := io.WriteString(w, b.String())
	return err
}

// brief returns the one line of a rule that passed and is about nothing but what
// its name says, as comparisons of files are: there may be hundreds. It is ""
// for others, and where there is no room.
func (g *group) brief() string {
	if g.worst != Pass || len(g.results) != 1 || g.results[0].Subject != "" {
		return ""
	}
	r := &g.results[0]
	line := clean(fmt.Sprintf("%-9s%s", g.worst, g.rule))
	number := r.number()
	gap := width - utf8.RuneCountInString(line) - utf8.RuneCountInString(number)
	if gap < 2 {
		return ""
	}
	return line + strings.Repeat(" ", gap) + number
}

// text writes a rule: its name, and below it its cases by what is asked of
// them.
func (g *group) text(b *strings.Builder) {
	const indent = "         "
	fmt.Fprintf(b, "%-9s", g.worst)
	wrap(b, indent, indent+g.rule)
	asked := ""
	for i := range g.results {
		r := &g.results[i]
		if r.Bound != asked && r.Bound != g.rule {
			wrap(b, indent+"  ", indent+r.Bound)
		}
		asked = r.Bound
		line := "  " + r.Subject
		if r.Outcome != g.worst {
			line += " (" + r.Outcome.String() + ")"
		}
		if number := r.number(); number != "" {
			// The number stands on the same line if there is room.
			if utf8.RuneCountInString(indent+line+number)+2 <= width {
				line += "  " + number
			} else {
				line += "\n" + indent + "    " + number
			}
		}
		if r.Subject != "" || len(line) > 2 {
			fmt.Fprintf(b, "%s%s\n", indent, line)
		}
		if r.Reason != "" {
			wrap(b, indent+"    ", indent+"    "+r.Reason)
		}
	}
}

// paragraph writes lines behind an empty one, if there are any.
func paragraph(b *strings.Builder, lines []string) {
	if len(lines) > 0 {
		b.WriteString("\n")
	}
	for _, line := range lines {
		wrap(b, "  ", line)
	}
}

func prefixed(prefix string, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = prefix + line
	}
	return out
}

// wrap writes a line, broken at spaces where it is too long for a terminal. What
// follows a break is indented; the indentation of the line itself is kept, and
// written unless the line has begun.
func wrap(b *strings.Builder, indent, line string) {
	start := line[:len(line)-len(strings.TrimLeft(line, " "))]
	at := 0
	for i, word := range words(line) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			if s := b.String(); s == "" || strings.HasSuffix(s, "\n") {
				b.WriteString(start)
			}
			at = len(start)
		case at+1+n > width:
			b.WriteString("\n" + indent)
			at = len(indent)
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteString("\n")
}

// words splits a line at its spaces, but for those in front of a per cent sign.
func words(line string) (all []string) {
	for _, word := range strings.Fields(clean(line)) {
		if n := len(all); n > 0 && strings.HasPrefix(word, "%") {
			all[n-1] += " " + word
			continue
		}
		all = append(all, word)
	}
	return all
}
