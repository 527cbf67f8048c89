package gate

import (
	"encoding/json"
	"io"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// jsonSchema is the version of the JSON report, which schema.json describes. It
// grows when a field changes its meaning or goes away, not when one is added.
const jsonSchema = 1

type jsonReport struct {
	Schema   int          `json:"schema"`
	Answer   string       `json:"answer"` // the first line of the other forms
	Advice   string       `json:"advice"` // the second
	Exit     int          `json:"exit"`   // the exit code
	Results  []jsonResult `json:"results"`
	Header   []string     `json:"header"`
	Warnings []string     `json:"warnings"`
	Listed   []string     `json:"listed"`
}

type jsonResult struct {
	Rule     string        `json:"rule"`
	Subject  string        `json:"subject"`
	Outcome  string        `json:"outcome"` // pass, fail, unclear, skipped, broken
	Required bool          `json:"required"`
	Bound    string        `json:"bound,omitempty"`
	Unit     string        `json:"unit,omitempty"` // of the estimate; a factor without it
	Estimate *jsonInterval `json:"estimate,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	More     float64       `json:"more_seconds,omitempty"` // of measuring that would probably decide
	File     string        `json:"file,omitempty"`
	Line     int           `json:"line,omitempty"`
}

type jsonInterval struct {
	Value float64  `json:"value"`
	Lo    *float64 `json:"lo,omitempty"` // of the 95 % interval; absent when it has no ends
	Hi    *float64 `json:"hi,omitempty"`
	N     int      `json:"n"` // independent estimates behind it
}

// JSON writes the report as JSON, as schema.json in this directory describes
// it.
func (r *Report) JSON(w io.Writer, failOnUnclear bool) error {
	out := jsonReport{
		Schema: jsonSchema, Answer: r.Answer(), Advice: r.Advice(), Exit: r.ExitCode(failOnUnclear),
		Results: []jsonResult{}, Header: list(r.Header), Warnings: list(r.Warnings), Listed: list(r.Listed),
	}
	for i := range r.Results {
		c := &r.Results[i]
		out.Results = append(out.Results, jsonResult{
			Rule: c.Rule, Subject: c.Subject, Outcome: c.Outcome.String(), Required: c.Required, Bound: c.Bound, Unit: c.Unit,
			Estimate: interval(c.Estimate), Reason: c.Reason, More: c.More.Seconds(), File: c.File, Line: c.Line,
		})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// list is never null in JSON.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func interval(i stats.Interval) *jsonInterval {
	if !i.Known() {
		return nil
	}
	out := &jsonInterval{Value: i.Value, N: i.N}
	if i.Bounded() {
		out.Lo, out.Hi = &i.Lo, &i.Hi
	}
	return out
}
