package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckClaims returns the first thing that is wrong with claims about
// scenarios, as one sentence that names the claim and the remedy, or nil.
func CheckClaims(claims []Claim, all []Scenario) error {
	seen := make(map[string]bool)
	for i := range claims {
		c := &claims[i]
		if err := CheckClaimName(c.Name); err != nil {
			return fmt.Errorf("claim %d: %w", i+1, err)
		}
		if seen[c.Name] {
			return fmt.Errorf("claim %q is defined twice: rename one", c.Name)
		}
		seen[c.Name] = true
		if err := c.check(all); err != nil {
			return fmt.Errorf("claim %q: %w", c.Name, err)
		}
	}
	return nil
}

// CheckClaimName returns what is wrong with the name of a claim, or nil. Files
// and links are named after it.
func CheckClaimName(name string) error {
	const longest = 40
	if name == "" || len(name) > longest || strings.ContainsFunc(name, notPlain) {
		return fmt.Errorf("it is called %.60q: give it a Name of lower case letters, digits and hyphens, at most %d", name, longest)
	}
	return nil
}

// notPlain reports whether a file name or a link would rather not have r.
func notPlain(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }

func (c *Claim) check(all []Scenario) error {
	if c.Text == "" {
		return errors.New("it has no Text: say what is claimed")
	}
	if !slices.ContainsFunc(c.Rules, func(r Rule) bool { return !r.Beside }) {
		return errors.New("it stands on no rule: add one that is not Beside it")
	}
	for i := range c.Rules {
		if err := c.Rules[i].check(all); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return nil
}

func (r *Rule) check(all []Scenario) error {
	switch {
	case r.Label == "":
		return errors.New("it has no Label: say what its quantity is")
	case badSentence(r.Yes) || badSentence(r.No):
		return errors.New("its Yes and No must be text with %s at most once")
	case r.Counts() != (r.Is == None || r.Is == Some):
		return fmt.Errorf("%q cannot be asked of %q: counts are None or Some, all else is AtLeast, AtMost or About", r.Is, r.Quantity.Of)
	case !r.Counts() && r.Is != AtLeast && r.Is != AtMost && r.Is != About:
		return fmt.Errorf("there is no relation %q: use AtLeast, AtMost or About", r.Is)
	case !r.Counts() && !(r.Bound > 0 && r.Tolerance >= 0 && r.Tolerance < 1):
		return errors.New("its Bound must be positive, and its Tolerance a part from 0 to 1")
	case r.Is == About && r.Tolerance == 0:
		return errors.New("nothing is ever measured to be exactly something: give it a Tolerance")
	}
	return r.Quantity.check(all)
}

// badSentence reports whether text cannot be filled in.
func badSentence(text string) bool {
	return text == "" || strings.Count(text, "%s") > 1 || strings.Count(text, "%") != strings.Count(text, "%s")
}

func (q *Quantity) check(all []Scenario) error {
	paired := q.Over != (Case{})
	switch q.Of {
	case Time:
		if !paired {
			return errors.New("a time alone says as much about the machine: divide it by that of another case (Over)")
		}
	case Metric:
		if q.Unit == "" {
			return errors.New("its metric has no Unit: name it")
		}
	case Wrong:
		if paired {
			return errors.New("a count is not divided: leave out Over")
		}
	case Schedules:
		if q.Pattern == "" || q.Way == "" {
			return errors.New("its schedules are of no Pattern and Way: name both")
		}
	case Speedup:
	default:
		return fmt.Errorf("there is no measure %q", q.Of)
	}
	for _, c := range q.Cases() {
		if err := checkClaimed(c, all); err != nil {
			return err
		}
	}
	return nil
}

// checkClaimed returns an error for a case that no run can have.
func checkClaimed(c Case, all []Scenario) error {
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == c.Scenario })
	if i < 0 {
		return fmt.Errorf("there is no scenario %q", c.Scenario)
	}
	s := &all[i]
	v := s.Variant(c.Variant)
	switch {
	case v == nil:
		return fmt.Errorf("scenario %q has no variant %q", c.Scenario, c.Variant)
	case !slices.Contains(s.WorkerCounts(v), c.Workers):
		return fmt.Errorf("%s %s is not measured with %d workers", c.Scenario, c.Variant, c.Workers)
	case c.Params != "" && !slices.Contains(s.AllParams(), c.Params):
		return fmt.Errorf("scenario %q has no parameters %q: choose among %s", c.Scenario, c.Params, strings.Join(s.AllParams(), ", "))
	case c.Procs < 0:
		return errors.New("its GOMAXPROCS is negative: 0 means all cores")
	}
	return nil
}
