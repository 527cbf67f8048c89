package runner

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/bench/internal/outcomes"
)

// asksForSchedules reports whether a call of race is about what could happen,
// and not about what does.
func asksForSchedules(c *cli.Command) bool {
	return c.Bool("possible") || c.IsSet("schedule") || c.IsSet("way")
}

// schedules replays a schedule, or says what all schedules come to.
func (p *program) schedules(ctx context.Context, c *cli.Command, name string) error {
	if c.Bool("possible") == c.IsSet("schedule") {
		return errors.New("choose one of -possible and -schedule")
	}
	pattern, err := p.pattern(name)
	if err != nil {
		return err
	}
	ways := pattern.Ways
	if way := c.String("way"); way != "" {
		w := pattern.Way(way)
		if w == nil {
			return fmt.Errorf("-way %q: %s has %s", way, name, wayNames(pattern))
		}
		ways = []explore.Way{*w}
	}
	dir := ""
	if c.Bool("charts") {
		dir = c.String("o")
	}
	if c.Bool("possible") {
		all, err := possibilities(ctx, pattern.Name, ways, cmp.Or(c.Int("count"), 200))
		if err != nil {
			return err
		}
		return p.possible(all, dir, c.Bool("json"))
	}
	return p.replay(pattern.Name, ways[0], c.String("schedule"), dir, c.Bool("json"))
}

// pattern returns the one of a name.
func (p *program) pattern(name string) (*explore.Pattern, error) {
	var names []string
	for i := range p.Schedules {
		if p.Schedules[i].Name == name {
			return &p.Schedules[i], nil
		}
		names = append(names, p.Schedules[i].Name)
	}
	switch {
	case len(names) == 0:
		return nil, errors.New("nothing in this program can be run under every schedule: set Schedules in runner.Program")
	case name == "":
		return nil, fmt.Errorf("name the demonstration; those that have schedules are: %s", strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("no demonstration with schedules is called %q; there are: %s", name, strings.Join(names, ", "))
}

func wayNames(pattern *explore.Pattern) string {
	var names []string
	for _, w := range pattern.Ways {
		names = append(names, w.Name)
	}
	return strings.Join(names, ", ")
}

// A possibility is what one way of writing a pattern can come to, and what of
// it was seen on this machine.
type possibility struct {
	Demo   string          `json:"demo"`
	Way    string          `json:"way"`
	Hidden string          `json:"hidden,omitempty"`
	Result *explore.Result `json:"result"`
	Seen   map[string]int  `json:"seen,omitempty"`
}

// possibilities runs ways under every schedule, and as goroutines if they may
// be.
func possibilities(ctx context.Context, name string, ways []explore.Way, trials int) (all []possibility, err error) {
	for _, w := range ways {
		one := possibility{Demo: name, Way: w.Name, Hidden: w.Hidden}
		if one.Result, err = explore.Run(ctx, w.Body, explore.Config{Strategy: explore.Exhaustive}); err == nil && w.Observe != nil {
			one.Seen, err = w.Observe(ctx, trials)
		}
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", name, w.Name, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// possible prints every outcome that the ways of a pattern have, with a
// schedule that leads to it.
func (p *program) possible(all []possibility, dir string, asJSON bool) error {
	if asJSON {
		return p.writeJSON(all)
	}
	for i, one := range all {
		if i > 0 {
			fmt.Fprintln(p.stdout)
		}
		fmt.Fprintf(p.stdout, "%s %s: %s", one.Demo, one.Way, one.Result)
		if one.Hidden != "" {
			fmt.Fprintf(p.stdout, "nothing is wrong in any order: %s\n", one.Hidden)
		}
		if err := p.seen(one, dir); err != nil {
			return err
		}
	}
	for _, one := range all {
		if wrong := one.Result.Wrong(); len(wrong) > 0 {
			_, err := fmt.Fprintf(p.stdout, "\nto see one step by step: interleave race %s -way %s -schedule %s\n", one.Demo, one.Way, wrong[0].Witness)
			return err
		}
	}
	return nil
}

// seen prints and draws what was observed beside what is possible.
func (p *program) seen(one possibility, dir string) error {
	if one.Seen == nil {
		return nil
	}
	comparison := outcomes.Compare(one.Result, one.Seen)
	if _, err := fmt.Fprintf(p.stdout, "as goroutines on this machine: %v", comparison); err != nil || dir == "" {
		return err
	}
	title := "As goroutines: " + comparison.Sentence()
	return p.draw(dir, "race-"+one.Demo+"-"+one.Way+"-possible", comparison.Chart(title, one.Demo+", "+one.Way+"; what all schedules come to, and what was seen on this machine"))
}

// replay runs a way of a pattern under one schedule, and shows each step.
func (p *program) replay(name string, way explore.Way, text, dir string, asJSON bool) error {
	schedule, err := explore.ParseSchedule(text)
	if err != nil {
		return fmt.Errorf("-schedule: %w", err)
	}
	trace, whole, err := completed(way.Body, schedule)
	if err != nil {
		return fmt.Errorf("-schedule %s: %s %s: %w", schedule, name, way.Name, err)
	}
	if whole != schedule {
		fmt.Fprintf(p.stderr, "the schedule ends early and is completed to %s: each goroutine goes on as long as it can\n", whole)
	}
	if asJSON {
		err = p.writeJSON(trace)
	} else {
		_, err = fmt.Fprintf(p.stdout, "%s %s\n%s", name, way.Name, trace)
	}
	if err != nil || dir == "" || len(trace.Steps) == 0 {
		return err
	}
	title := fmt.Sprintf("%s, %s: how it comes to %s", name, way.Name, trace.Outcome)
	return p.draw(dir, "race-"+name+"-schedule", outcomes.Timeline(trace, title))
}

// completed replays a schedule. One that ends too early goes on with the thread that
// made the last step, as long as it can.
func completed(body explore.Body, schedule explore.Schedule) (*explore.Trace, explore.Schedule, error) {
	const most = 1000 // steps
	for {
		trace, err := explore.Replay(body, schedule)
		var early *explore.ReplayError
		if !errors.As(err, &early) || early.Next == "" || len(schedule) >= most {
			return trace, schedule, err
		}
		next := early.Next[:1]
		if last := schedule[max(len(schedule)-1, 0):]; last != "" && strings.Contains(string(early.Next), string(last)) {
			next = last
		}
		schedule += next
	}
}

// draw draws a chart below a directory, and says where it is.
func (p *program) draw(dir, name string, c outcomes.Figurer) error {
	charts := filepath.Join(dir, chartDir)
	paths, err := outcomes.Draw(charts, name, c)
	if err != nil {
		return fmt.Errorf("cannot draw in %s: %w: choose another directory with -o, or -charts=false", charts, reason(err))
	}
	fmt.Fprintf(p.stderr, "chart: %s\n", paths[0])
	return nil
}

// writeJSON writes indented JSON to standard output.
func (p *program) writeJSON(v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
