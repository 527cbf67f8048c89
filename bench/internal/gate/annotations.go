package gate

import (
	"fmt"
	"io"
	"strings"
)

// Annotations writes workflow commands, which GitHub shows beside the lines of
// the budgets file: an error for what fails the check, a warning for what is
// undecided and for what the reader of the numbers should know.
func (r *Report) Annotations(w io.Writer, failOnUnclear bool) error {
	var b strings.Builder
	for i := range r.Results {
		c := &r.Results[i]
		level := ""
		switch {
		case c.Outcome == Fail, c.Outcome == Broken, c.mustDecide(failOnUnclear):
			level = "error"
		case c.Outcome == Undecided:
			level = "warning"
		default:
			continue
		}
		b.WriteString("::" + level)
		place := []string{}
		if c.File != "" {
			place = append(place, "file="+property(c.File))
			if c.Line > 0 {
				place = append(place, fmt.Sprintf("line=%d", c.Line))
			}
		}
		place = append(place, "title="+property("performance check: "+c.Outcome.String()))
		fmt.Fprintf(&b, " %s::%s\n", strings.Join(place, ","), message(c.sentence()))
	}
	for _, text := range r.Warnings {
		fmt.Fprintf(&b, "::warning title=performance check::%s\n", message(text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// sentence says everything about a result on one line.
func (r *Result) sentence() string {
	text := r.Rule
	if r.Subject != "" {
		text += ": " + r.Subject
	}
	if r.Bound != "" && r.Bound != r.Rule {
		text += ", asked " + r.Bound
	}
	if number := r.number(); number != "" {
		text += ", measured " + number
	}
	if r.Reason != "" {
		text += ": " + r.Reason
	}
	return text
}

// Workflow commands end at the line's end, and their properties at a comma or
// colon, so these are escaped as the runner undoes it.
var (
	messages   = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	properties = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func message(s string) string  { return messages.Replace(clean(s)) }
func property(s string) string { return properties.Replace(clean(s)) }
