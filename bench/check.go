package bench

import (
	"errors"
	"fmt"
	"strings"
)

// MaxWorkers bounds worker counts, so that a slip of the finger does not start
// a million goroutines.
const MaxWorkers = 100_000

// Check returns the first thing that is wrong with a set of scenarios, as one
// sentence that names the scenario and the remedy, or nil.
func Check(all []Scenario) error {
	if len(all) == 0 {
		return errors.New("there is no scenario to run: pass at least one")
	}
	seen := make(map[string]bool)
	for i := range all {
		s := &all[i]
		if err := checkScenarioName(s.Name); err != nil {
			return fmt.Errorf("scenario %d: %w: give it a Name of one word in lower case", i+1, err)
		}
		if seen[s.Name] {
			return fmt.Errorf("scenario %q is defined twice: rename one", s.Name)
		}
		seen[s.Name] = true
		if err := s.check(); err != nil {
			return fmt.Errorf("scenario %q: %w", s.Name, err)
		}
	}
	return nil
}

func (s *Scenario) check() error {
	if len(s.Variants) == 0 {
		return errors.New("it has no variants: add at least a baseline")
	}
	if s.Variants[0].Racy {
		return errors.New("its first variant is racy: the baseline must be correct, put it first")
	}
	if s.Fixed < 0 {
		return errors.New("its Fixed is negative: use 0 for a rate scenario")
	}
	if err := checkWorkers(s.Workers); err != nil {
		return err
	}
	seen := make(map[string]bool)
	for i := range s.Variants {
		v := &s.Variants[i]
		if err := CheckName(v.Name); err != nil {
			return fmt.Errorf("variant %d: %w: give it a Name of one word", i+1, err)
		}
		if seen[v.Name] {
			return fmt.Errorf("variant %q is defined twice: rename one", v.Name)
		}
		seen[v.Name] = true
		if v.New == nil {
			return fmt.Errorf("variant %q has no New: it cannot make a trial", v.Name)
		}
		if err := checkWorkers(v.Workers); err != nil {
			return fmt.Errorf("variant %q: %w", v.Name, err)
		}
	}
	if s.Versus != "" && !seen[s.Versus] {
		return fmt.Errorf("its Versus names the variant %q, which it does not have", s.Versus)
	}
	if l := s.Lesson; l.Text != "" && (!seen[l.Variant] || strings.Count(l.Text, "%s") != 1) {
		return fmt.Errorf("its Lesson must name one of its variants and contain %%s once")
	}
	if err := s.checkExercises(); err != nil {
		return err
	}
	return checkParams(s.Params)
}

func checkWorkers(counts []int) error {
	for i, n := range counts {
		if n < 1 || n > MaxWorkers {
			return fmt.Errorf("%d workers: the count must be from 1 to %d", n, MaxWorkers)
		}
		if i > 0 && n <= counts[i-1] {
			return fmt.Errorf("worker counts %v are not ascending", counts)
		}
	}
	return nil
}

func checkParams(params []Param) error {
	seen := map[string]bool{"variant": true, "workers": true}
	for _, p := range params {
		if err := CheckName(p.Name); err != nil {
			return fmt.Errorf("parameter: %w", err)
		}
		if seen[p.Name] {
			return fmt.Errorf("parameter %q is defined twice, or has a reserved name: rename it", p.Name)
		}
		seen[p.Name] = true
		if len(p.Values) == 0 {
			return fmt.Errorf("parameter %q has no values: give it a default", p.Name)
		}
		values := make(map[string]bool)
		for _, v := range p.Values {
			if err := CheckName(v); err != nil {
				return fmt.Errorf("parameter %q: %w", p.Name, err)
			}
			if values[v] {
				return fmt.Errorf("parameter %q has the value %q twice", p.Name, v)
			}
			values[v] = true
		}
	}
	return nil
}

// CheckTrial returns what is missing from a trial that New returned, or nil.
func CheckTrial(t *Trial) error {
	switch {
	case t == nil:
		return errors.New("its New returned no trial and no error")
	case t.Run == nil:
		return errors.New("its New returned a trial without Run")
	case t.Verify == nil:
		return errors.New("its New returned a trial without Verify: a result that nobody checks has no speed")
	}
	return nil
}
