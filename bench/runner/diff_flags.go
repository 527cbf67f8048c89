package runner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/changes"
	"github.com/interleave-go/interleave/bench/internal/gate"
	"github.com/interleave-go/interleave/bench/internal/revision"
)

// flags reads how to measure and to decide.
func (d *comparing) flags() error {
	c := d.command
	m := &d.measuring
	m.Budget, m.Control, m.Seed = c.Duration("for"), c.Bool("control"), c.Uint64("seed")
	if !c.IsSet("seed") {
		m.Seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	if m.Budget <= 0 {
		return fmt.Errorf("-for %v: the time must be positive, such as 2m", m.Budget)
	}
	var err error
	if m.Length, err = length(c.String("benchtime")); err != nil {
		return err
	}
	level, err := percentage(c.String("level"))
	if err != nil || level <= 0 || level >= 0.5 {
		return fmt.Errorf("-level %s: the chance of a false verdict must be above 0%% and below 50%%, such as 1%%", c.String("level"))
	}
	if u := c.String("on-unclear"); u != "pass" && u != "fail" {
		return fmt.Errorf("-on-unclear %s: write pass or fail", u)
	}
	d.result.Level, d.result.Strict = level, c.Bool("strict")
	d.rules.Level = level
	if name := c.String("budgets"); name != "" {
		budgets, err := gate.ReadBudgets(name)
		if err != nil {
			return err
		}
		if d.budgets, err = budgets.Tolerances(); err != nil {
			return err
		}
	}
	return d.tolerance(c.StringSlice("tolerance"))
}

// unused returns an error if a rule selects nothing. Where the user chose
// packages, the rules of the budgets file about others have every right to.
func (d *comparing) unused(packages []string) error {
	rules := d.own
	if len(packages) == 0 {
		rules = append(slices.Clone(d.budgets), d.own...)
	}
	for _, t := range rules {
		if err := t.Unused(d.result.Found.Names, d.result.Found.Functions); err != nil {
			return err
		}
	}
	return nil
}

const defaultTolerance = "5%"

// tolerance reads the tolerances: one for all, and others for benchmarks that
// match a pattern as in a budgets file, of which the last that matches counts.
// Those of the file come first.
func (d *comparing) tolerance(wanted []string) error {
	general, err := percentage(defaultTolerance)
	if err != nil {
		return err
	}
	d.result.Tolerance = defaultTolerance
	var others []string
	for _, w := range wanted {
		pattern, text, own := cutLast(w, "=")
		tolerance, err := percentage(text)
		switch {
		case err != nil:
			return fmt.Errorf("-tolerance %s: %w", w, err)
		case !own:
			general, d.result.Tolerance = tolerance, text
			continue
		}
		rule, err := gate.NewTolerance("-tolerance "+w, pattern, tolerance)
		if err != nil {
			return err
		}
		d.own, others = append(d.own, rule), append(others, w)
	}
	if len(d.budgets) > 0 {
		others = append([]string{fmt.Sprintf("%s of %s", changes.Plural(len(d.budgets), "rule"), d.command.String("budgets"))}, others...)
	}
	if len(others) > 0 {
		d.result.Tolerance += ", " + strings.Join(others, ", ")
	}
	rules := append(slices.Clone(d.budgets), d.own...)
	d.rules.General = general
	d.rules.Tolerance = func(p *revision.Pair) float64 {
		found := general
		for _, t := range rules {
			if t.Matches(p.Name) {
				found = t.Part
			}
		}
		return found
	}
	return nil
}

// cutLast cuts PATTERN=VALUE at its last sign of equality, which patterns may
// hold, too. Without one all of it is the value.
func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// length reads -benchtime.
func length(text string) (revision.Length, error) {
	const most = time.Minute
	if text == "" {
		return revision.Length{}, nil
	}
	if number, ok := strings.CutSuffix(text, "x"); ok {
		if n, err := strconv.Atoi(number); err == nil && n >= 1 && n <= 1_000_000_000 {
			return revision.Length{N: n}, nil
		}
	} else if t, err := time.ParseDuration(text); err == nil && t >= 100*time.Microsecond && t <= most {
		return revision.Length{Time: t}, nil
	}
	return revision.Length{}, fmt.Errorf("-benchtime %s: write the length of a slice, from 100µs to 1m, or iterations as 100x", text)
}
