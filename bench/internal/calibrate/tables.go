package calibrate

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// A chapter of the result: what was asked, in words, and the answers.
type chapter struct {
	title string
	words []string
	table table.Table
}

// regimeNames say what the load was, in tables.
var regimeNames = map[string]string{Quiet: "quiet", Steady: "busy neighbour", Half: "in 2nd half only"}

func (s *Summary) chapters() []chapter {
	var all []chapter
	for _, c := range []chapter{s.alarms(), s.power(), s.tolerances()} {
		if len(c.table.Rows) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// Text writes the result for a terminal.
func (s *Summary) Text(w io.Writer) error {
	for _, c := range s.chapters() {
		fmt.Fprintf(w, "%s\n\n", c.title)
		if err := c.table.Text(w); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s\n\n", strings.Join(c.words, "\n"))
	}
	return nil
}

// Markdown writes the result as Markdown, below a heading of its own.
func (s *Summary) Markdown(w io.Writer, h Header) error {
	fmt.Fprint(w, "# How often verdicts are wrong, and what they find\n\n")
	fmt.Fprintf(w, "Measured by `%s` with the binary %s, verdicts at a level of %s.\n\n", setting(h.Settings, "command"), h.Binary, percent(h.Level))
	for _, st := range h.Settings {
		if st.Key != "command" && st.Key != "seed" {
			fmt.Fprintf(w, "- %s: %s\n", st.Key, table.EscapeMarkdown(st.Value))
		}
	}
	for _, c := range s.chapters() {
		fmt.Fprintf(w, "\n## %s\n\n", c.title)
		if err := c.table.Markdown(w); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s\n", strings.Join(c.words, " "))
	}
	return nil
}

func (s *Summary) alarms() chapter {
	c := chapter{title: "False alarms: equal things called different", table: table.Table{
		Head: []string{"load", "work", "paired", "interval", "usual", "interval"}, Left: map[int]bool{1: true},
	}}
	for _, regime := range regimes {
		for _, w := range works {
			if k := (Key{Alarms, regime, w.name, 0, 0}); s.of(k, Paired).N > 0 {
				c.table.Add(append([]string{regimeNames[regime], w.name}, both(s.of(k, Paired), s.of(k, Usual))...)...)
			}
		}
		for _, prefix := range []string{"", diffPrefix} {
			p, u := s.together(regime, Paired, prefix), s.together(regime, Usual, prefix)
			if p.N == 0 {
				continue
			}
			c.table.Add(append([]string{regimeNames[regime], prefix + "all"}, both(p, u)...)...)
			k, _ := p.Different()
			c.words = append(c.words, fmt.Sprintf("%s, %sall: %d of %d, which is at most %s (one-sided, exact, 95 %%).",
				capital(regimeNames[regime]), prefix, k, p.N, percent(stats.AtMost(k, p.N, 0.95))))
		}
	}
	seconds := append(s.together(Quiet, Paired, "").Seconds, s.together(Quiet, Paired, diffPrefix).Seconds...)
	c.words = append(c.words, fmt.Sprintf("A verdict took %.1f s (median).", stats.Median(seconds)),
		fmt.Sprintf("paired: this program, at a level of %s and no tolerance.", percent(Level)),
		fmt.Sprintf("diff/: all of these are compared in one go, at a level of %s together.", percent(diffLevel)),
		"usual: ten samples of the old, then ten of the new, U test at 5 %, same time.",
		"Intervals are exact (Clopper and Pearson), 95 %.")
	return c
}

func both(paired, usual *Count) []string {
	return append(rate(paired), rate(usual)...)
}

func rate(c *Count) []string {
	if c.N == 0 {
		return []string{"–", ""}
	}
	k, in := c.Different()
	return []string{fmt.Sprintf("%d of %d", k, c.N), fmt.Sprintf("%s–%s", bare(in.Lo), percent(in.Hi))}
}

func (s *Summary) power() chapter {
	c := chapter{title: "Power: slowdowns that were found, with no tolerance", table: table.Table{
		Head: []string{"work", "slower by", "found", "interval", "in 2 s", "median", "wrong", "usual"},
	}}
	for _, k := range s.keys(Power) {
		p, u := s.of(k, Paired), s.of(k, Usual)
		in := stats.Proportion(p.Regressed, p.N, stats.Confidence)
		median := "–"
		if len(p.Found) > 0 {
			median = fmt.Sprintf("%.1f s", stats.Median(p.Found))
		}
		usual := "–"
		if u.N > 0 {
			usual = fmt.Sprintf("%d of %d", u.Regressed, u.N)
		}
		c.table.Add(k.Work, stats.Change(p.Real), fmt.Sprintf("%d of %d", p.Regressed, p.N),
			fmt.Sprintf("%s–%s", bare(in.Lo), percent(in.Hi)), fmt.Sprint(p.within(2)), median, fmt.Sprint(p.Improved), usual)
	}
	c.words = []string{
		"slower by: the new arm performed so many more operations than it reported.",
		"found: called regressed within 10 s of measuring; median: the time until then;",
		"wrong: called improved; usual: found by the usual protocol, in the same time.",
	}
	return c
}

func (s *Summary) tolerances() chapter {
	c := chapter{title: "At a tolerance of 5 %", table: table.Table{
		Head: []string{"work", "truth", "same", "regressed", "improved", "unclear", "median", "usual alarms"},
	}}
	for _, k := range s.keys(Tolerance) {
		p, u := s.of(k, Paired), s.of(k, Usual)
		usual := "–"
		if u.N > 0 {
			different, _ := u.Different()
			usual = fmt.Sprintf("%d of %d", different, u.N)
		}
		c.table.Add(k.Work, truth(p), fmt.Sprintf("%d of %d", p.Same, p.N), fmt.Sprint(p.Regressed), fmt.Sprint(p.Improved),
			fmt.Sprint(p.N-p.Same-p.Regressed-p.Improved), fmt.Sprintf("%.1f s", stats.Median(p.Seconds)), usual)
	}
	c.words = []string{
		"median: the time until the verdict, of at most 10 s.",
		"usual alarms: significant at 5 %, and the medians differ by more than 5 %.",
	}
	return c
}

func truth(c *Count) string {
	if c.Real == 1 {
		return "equal"
	}
	return stats.Change(c.Real)
}

// percent writes a part as a percentage with two significant digits.
func percent(part float64) string { return bare(part) + " %" }

func bare(part float64) string {
	switch p := 100 * part; {
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f", p)
	case p < 10:
		return fmt.Sprintf("%.1f", p)
	default:
		return fmt.Sprintf("%.0f", p)
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// loads returns the loads that were measured, in order.
func (s *Summary) loads() []string {
	return slices.DeleteFunc(slices.Clone(regimes), func(r string) bool { return s.together(r, Paired, "").N == 0 })
}
