package changes

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

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
// fails on the head alone an error, and what is unclear, compared with nothing,
// or broken on the base as well, was skipped. Where the exit code is that of an
// undecided comparison, what is unclear is a failure; and that the result is only
// a part of one is an error: the page of a CI that shows nothing else must not
// look as if all had passed.
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
	if r.Partial != "" {
		add(junitCase{Class: "interleave", Name: "the whole comparison", Time: seconds(0), Error: &junitText{"partial: the comparison was stopped early (" + r.Partial + ")"}})
	}
	for i := range r.Rows {
		add(r.junitRow(&r.Rows[i]))
	}
	for _, c := range r.skips() {
		c.Time = seconds(0)
		add(c)
	}
	for _, name := range r.Found.Identical {
		add(junitCase{Class: name, Name: "identical test binaries", Time: seconds(0)})
	}
	for _, f := range r.failures() {
		c := junitCase{Class: "interleave", Name: f.name, Time: seconds(0)}
		if text := (&junitText{f.text}); f.new {
			c.Error = text
		} else {
			c.Skipped = text
		}
		add(c)
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

// skips are the cases that are not compared, and are no errors.
func (r *Result) skips() (all []junitCase) {
	for _, p := range r.Found.Pairs {
		if why := r.unmeasured(p); why != "" {
			all = append(all, junitCase{Class: p.Package, Name: p.FullName(), Skipped: &junitText{"unclear: " + why}})
		}
		for _, o := range p.OneSided {
			if !r.Strict {
				all = append(all, junitCase{Class: p.Package, Name: p.FullName() + " " + o.Name, Skipped: &junitText{"only " + o.Side + " reports it"}})
			}
		}
	}
	add := func(title, text string) {
		pkg, name, _ := strings.Cut(title, ".Benchmark")
		all = append(all, junitCase{Class: pkg, Name: "Benchmark" + name, Skipped: &junitText{text}})
	}
	for _, o := range r.Found.OneSided {
		if !r.Strict {
			add(o.Name, "only in "+o.Side)
		}
	}
	for _, s := range r.Found.Skipped {
		title, why, _ := strings.Cut(s, ": ") // names have no spaces
		add(title, why)
	}
	return all
}

func (r *Result) junitRow(row *revision.Row) junitCase {
	c := junitCase{Class: row.Package, Name: row.FullName(), Time: seconds(row.Spent.Seconds())}
	if row.Unit != revision.TimeUnit {
		c.Name, c.Time = c.Name+" "+row.Unit, seconds(0)
	}
	text := &junitText{fmt.Sprintf("%s: %s (%s to %s): %s", word(row), change(row), value(row.Base, row.Unit), value(row.Head, row.Unit), row.Reason)}
	switch {
	case row.Verdict == stats.Regressed || row.Verdict == stats.Unclear && r.UnclearFails:
		c.Failure = text
	case row.Verdict == stats.Unclear:
		c.Skipped = text
	}
	return c
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
