package explore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Result is what a body can come to.
type Result struct {
	Strategy Strategy `json:"strategy"`

	// Outcomes are sorted by their text, numbers by size, and those in which
	// the program dies last.
	Outcomes []Outcome `json:"outcomes"`

	// Exhaustive says that there is no other outcome, under sequential
	// consistency and in the steps that the body marks.
	Exhaustive bool `json:"exhaustive"`

	// Limit says what ended a search that was not exhaustive: "runs", "time",
	// "memory", "steps", "pre-emptions", "context", or "random" for one that
	// never is.
	Limit string `json:"limit,omitempty"`

	// Schedules is how many complete schedules the outcomes stand for. It is
	// all there are after an exhaustive search, but for Pruned, which counts
	// those that are equivalent as one. A number too large for the type is
	// given as the largest.
	Schedules uint64 `json:"schedules"`

	// Runs is how often the body was run for that, counting runs that were
	// given up because what follows was known, and not those that looked for
	// the fewest pre-emptions.
	Runs uint64 `json:"runs"`

	States int   `json:"states,omitempty"` // kept by Merged
	Memory int64 `json:"memory,omitempty"` // that these took, in bytes, as estimated

	// Threads are the names of the threads, in the order of their letters.
	Threads []string `json:"threads"`

	// Unreached are the declared steps that no schedule came to.
	Unreached []string `json:"unreached,omitempty"`
}

// An Outcome is one that a body can come to.
type Outcome struct {
	Text      string `json:"text"`              // what the body returned, or how the program died
	Wrong     string `json:"wrong,omitempty"`   // why it is wrong, as told to Errorf; "" if it is not
	Dies      bool   `json:"dies,omitempty"`    // by a panic or a deadlock
	Endless   bool   `json:"endless,omitempty"` // cut off after Config.Steps
	Schedules uint64 `json:"schedules"`         // that lead to it, as Result.Schedules counts them

	Witness     Schedule `json:"witness"`     // one of them
	Preemptions int      `json:"preemptions"` // how often it takes the turn from a thread that could go on
	Fewest      bool     `json:"fewest"`      // there is no schedule with fewer: the search has tried them all
}

// Outcome returns the outcome of the given text, or nil.
func (r *Result) Outcome(text string) *Outcome {
	i := slices.IndexFunc(r.Outcomes, func(o Outcome) bool { return o.Text == text })
	if i < 0 {
		return nil
	}
	return &r.Outcomes[i]
}

// Wrong returns the outcomes that are wrong.
func (r *Result) Wrong() []Outcome {
	var wrong []Outcome
	for _, o := range r.Outcomes {
		if o.Wrong != "" {
			wrong = append(wrong, o)
		}
	}
	return wrong
}

func (r *Result) sort() {
	slices.SortFunc(r.Outcomes, func(a, b Outcome) int {
		if a.Dies != b.Dies {
			if a.Dies {
				return 1
			}
			return -1
		}
		x, notX := strconv.Atoi(a.Text)
		y, notY := strconv.Atoi(b.Text)
		if notX == nil && notY == nil && x != y {
			return cmp.Compare(x, y)
		}
		return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Wrong, b.Wrong))
	})
}

// longText is from how many characters on an outcome has a line of its own.
const longText = 36

// String returns the result as a table, with a line above it that says how
// much was seen.
func (r *Result) String() string {
	rows := [][]string{{"outcome", "schedules", "pre-emptions", "schedule"}}
	long := make(map[int]string) // by row
	for _, o := range r.Outcomes {
		text := o.Text
		if o.Wrong != "" && !o.Dies && !o.Endless {
			text += " wrong"
		}
		fewest := strconv.Itoa(o.Preemptions)
		if !o.Fewest {
			fewest += " or fewer"
		}
		if utf8.RuneCountInString(text) >= longText {
			long[len(rows)], text = text, ""
		}
		rows = append(rows, []string{text, strconv.FormatUint(o.Schedules, 10), fewest, o.Witness.String()})
	}
	table, _ := columns(rows)
	var b strings.Builder
	fmt.Fprintln(&b, r.Summary())
	for i, line := range strings.SplitAfter(table, "\n") {
		if long[i] != "" {
			fmt.Fprintln(&b, long[i])
		}
		b.WriteString(line)
	}
	for _, s := range r.Unreached {
		fmt.Fprintf(&b, "never reached: %s\n", s)
	}
	return b.String()
}

// Summary says in one line how much was seen.
func (r *Result) Summary() string {
	kinds := count(uint64(len(r.Outcomes)), "outcome")
	schedules := count(r.Schedules, "schedule")
	if r.Schedules == math.MaxUint64 {
		schedules = "more than 10^19 schedules"
	}
	switch {
	case r.Exhaustive && r.Schedules == 1:
		return fmt.Sprintf("%s, and no other: there is one schedule", kinds)
	case r.Exhaustive && r.Strategy == Pruned:
		return fmt.Sprintf("%s, and no other: every schedule is equivalent to one of %d", kinds, r.Schedules)
	case r.Exhaustive:
		return fmt.Sprintf("%s, and no other: all %s", kinds, schedules)
	case r.Limit == "random":
		return fmt.Sprintf("%s in %s drawn at random; there may be others", kinds, schedules)
	}
	return fmt.Sprintf("%s in %s, ended by the limit of %s: there may be others", kinds, schedules, r.Limit)
}

// count writes a number with its noun.
func count(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Check is for tests: it explores a body and returns an error if an outcome is
// wrong, which the body says with [T.Errorf]. The error shows the schedule that
// leads to it and each of its steps. It is an error, too, if a limit ended the
// search before it had seen all, unless it was random or bounded and so never
// meant to.
func Check(ctx context.Context, body Body, cfg Config) error {
	r, err := Run(ctx, body, cfg)
	if err != nil {
		return err
	}
	var errs []error
	for _, o := range r.Wrong() {
		trace, err := Replay(body, o.Witness)
		if err != nil {
			return err
		}
		errs = append(errs, fmt.Errorf("explore: outcome %q is wrong: %s\n%v", o.Text, o.Wrong, trace))
	}
	switch {
	case len(errs) > 0:
		return errors.Join(errs...)
	case len(r.Unreached) > 0:
		return fmt.Errorf("explore: no schedule came to the step %q", r.Unreached[0])
	case !r.Exhaustive && r.Limit != "random" && r.Limit != "pre-emptions":
		return fmt.Errorf("explore: %s", r.Summary())
	}
	return nil
}
