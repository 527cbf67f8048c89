package report

import "github.com/interleave-go/interleave/bench/internal/table"

// A Ruling is what a run says about a claim.
type Ruling string

const (
	Unclear     Ruling = "unclear" // the zero value reads the same
	Holds       Ruling = "holds"
	Refuted     Ruling = "refuted"
	NotTestable Ruling = "not testable here"
)

// A Claim is a sentence that people say about concurrency, put to the test of
// this run by a rule that was fixed before it.
type Claim struct {
	Name    string // one word, for file names and links: "waiting"
	Text    string // the sentence
	Rule    string // in words, what must be measured for it to hold
	Ruling  Ruling
	Finding string   // a sentence drawn from the data
	Figures []Figure // what the ruling stands on
	Section string   // Name of the section that it is about most, "" for none
	Charts  []string // paths of its chart, as SVG and PNG, when it was drawn
}

// A Figure is one measured number of a claim, in words.
type Figure struct {
	Label string // "parallel, 3 connections"
	Value string // "2.95 ±0.02"

	Bound  string // what it must be: "at least 2.85"
	Ruling Ruling // of the rule that it is about
	Beside bool   // the claim does not stand on it: it is there to compare with
}

// A Beside sets this run beside the same programs in another language.
type Beside struct {
	Language string // "Python 3.11.7"
	Sentence string // drawn from the data, or why there is nothing to compare
	Tables   []*table.Table
	Notes    []string
}
