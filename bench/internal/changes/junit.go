package changes

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
}

// JUnit writes the result as a test suite: a regression is a failure, what
// could not be measured an error, and what is unclear was skipped.
func (r *Result) JUnit(w io.Writer) error {
	s := junitSuite{Name: "interleave diff " + r.Base + " " + r.Head, Time: seconds(r.Took.Seconds())}
	add := func(c junitCase) {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	for i := range r.Rows {
		add(junitRow(&r.Rows[i]))
	}
	for _, p := range r.Found.Pairs {
		if p.Starved {
			add(junitCase{Class: p.Package, Name: p.FullName(), Time: seconds(0), Skipped: &junitText{"unclear: not measured, as the time does not suffice"}})
		}
	}
	for _, name := range r.Found.Identical {
		add(junitCase{Class: name, Name: "identical test binaries", Time: seconds(0)})
	}
	for _, f := range r.failures() {
		add(junitCase{Class: "interleave", Name: f.name, Time: seconds(0), Error: &junitText{f.text}})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitRow(row *revision.Row) junitCase {
	c := junitCase{Class: row.Package, Name: row.FullName(), Time: seconds(row.Spent.Seconds())}
	if row.Unit != revision.TimeUnit {
		c.Name, c.Time = c.Name+" "+row.Unit, seconds(0)
	}
	text := &junitText{fmt.Sprintf("%s: %s (%s to %s): %s", word(row), change(row), value(row.Base, row.Unit), value(row.Head, row.Unit), row.Reason)}
	switch row.Verdict {
	case stats.Regressed:
		c.Failure = text
	case stats.Unclear:
		c.Skipped = text
	}
	return c
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
