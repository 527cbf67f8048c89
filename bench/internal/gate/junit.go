package gate

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"
)

// The elements of JUnit XML that readers agree on.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
	Out      string      `xml:"system-out,omitempty"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Failure *junitNote `xml:"failure"`
	Error   *junitNote `xml:"error"`
	Skipped *junitNote `xml:"skipped"`
	Out     string     `xml:"system-out,omitempty"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

const suiteName = "performance check"

// JUnit writes the report as JUnit XML, a test case for each result. What is
// undecided is skipped, with the reason, unless that fails the check.
func (r *Report) JUnit(w io.Writer, failOnUnclear bool) error {
	suite := junitSuite{Name: suiteName, Tests: len(r.Results)}
	lines := append([]string{r.Answer(), r.Advice()}, r.Header...)
	lines = append(append(lines, r.Listed...), prefixed("warning: ", r.Warnings)...)
	suite.Out = clean(strings.Join(lines, "\n"))
	for i := range r.Results {
		result := &r.Results[i]
		c := junitCase{Class: clean("check." + result.Rule), Name: clean(result.name()), Out: clean(result.sentence())}
		if result.Bound != "" && result.Bound != result.Rule {
			c.Name = clean(result.name() + " " + result.Bound)
		}
		note := &junitNote{Message: clean(result.Reason), Type: result.Outcome.String(), Text: clean(result.sentence())}
		switch {
		case result.Outcome == Broken:
			c.Error = note
			suite.Errors++
		case result.Outcome == Fail, result.mustDecide(failOnUnclear):
			c.Failure = note
			suite.Failures++
		case result.Outcome != Pass:
			c.Skipped = note
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// clean takes out what XML 1.0 has no way to write: what a scenario printed may
// hold anything.
func clean(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t' || c == '\n' || c == '\r', c >= ' ' && c <= 0xD7FF, c >= 0xE000 && c <= 0xFFFD && c != utf8.RuneError, c >= 0x10000:
			return c
		}
		return '?'
	}, s)
}
