package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// The titles of charts are sentences that the data make, and other data make
// others. Where the data do not decide the matter, they say so.

// timelineTitle says how much shorter the shortest timeline is than that of the
// baseline. It is one trial of each, which it says too.
func timelineTitle(base string, pictures []Picture) string {
	if len(pictures) == 1 || pictures[0].Variant != base {
		var lengths []string
		for _, p := range pictures {
			lengths = append(lengths, fmt.Sprintf("%s takes %s", p.Variant, length(p)))
		}
		return strings.Join(lengths, ", ")
	}
	first, others := pictures[0], pictures[1:]
	best, longer := others[0], 0
	for _, p := range others {
		if p.took() < best.took() {
			best = p
		}
		if p.took() > first.took() {
			longer++
		}
	}
	gain := first.took().Seconds() / max(best.took(), 1).Seconds()
	lanes := plural(len(best.Lanes), best.Worker)
	rest := ""
	switch {
	case gain < 1/1.02:
		return fmt.Sprintf("In this one trial each nothing is shorter than %s with %s: %s takes %s with %s",
			base, length(first), best.Variant, length(best), lanes)
	case gain < 1.02:
		return fmt.Sprintf("Unclear from one trial each: %s takes %s with %s, %s %s", best.Variant, length(best), lanes, base, length(first))
	case longer > 0:
		rest = fmt.Sprintf("; %s longer than %s", plural(longer, "other")+take(longer), base)
	}
	return fmt.Sprintf("%s: %s %s %s instead of %s, %s times as fast, in this one trial%s",
		capital(best.Variant), lanes, strings.TrimSpace(take(len(best.Lanes))), length(best), length(first), decimals(gain, places(gain)), rest)
}

func take(n int) string {
	if n == 1 {
		return " takes"
	}
	return " take"
}

func (p Picture) took() time.Duration { return p.End - p.Start }

func length(p Picture) string { return duration(float64(p.took())) }

// samplesTitle says how far single trials lie apart, and where most.
func samplesTitle(s *Section) string {
	at := plural(s.At, s.Scenario.Worker)
	most, whose := 0.0, ""
	for _, row := range s.Rows {
		cell := s.Cell(row.Variant.Name, s.At)
		if cell == nil || len(cell.Samples) < 2 {
			continue
		}
		low, high := cell.Samples[0], cell.Samples[0]
		for _, v := range cell.Samples {
			low, high = min(low, v), max(high, v)
		}
		if low > 0 && high/low > most {
			most, whose = high/low, row.Variant.Name
		}
	}
	switch {
	case whose == "":
		return fmt.Sprintf("Unclear how far trials lie apart: with %s there is one of each", at)
	case most < 1.1:
		return fmt.Sprintf("Single trials with %s hardly differ: those of %s most, by %s", at, whose, percent(most-1))
	}
	return fmt.Sprintf("Single trials with %s differ most in %s: the slowest took %s times as long as the fastest", at, whose, decimals(most, places(most)))
}

// ratesTitle says what the rates of all demonstrations have in common, or of
// one how its levels differ.
func ratesTitle(studies []*provoke.Study) string {
	if len(studies) == 1 {
		return rateTitle(studies[0])
	}
	rarely, often, open := 0, 0, 0
	for _, s := range studies {
		racy := &s.Ways[0]
		if r := measuredRate(racy, demo.Aligned); r != nil && r.Part.Value >= 0.9 {
			often++
		}
		switch r := measuredRate(racy, demo.Written); {
		case r == nil:
		case r.Part.Hi < 0.1:
			rarely++
		case r.Part.Lo < 0.1:
			open++
		}
	}
	unclear := ""
	if open > 0 {
		unclear = fmt.Sprintf(" (unclear for %d)", open)
	}
	return fmt.Sprintf("As written %d of %d races hardly show%s; aligned, the same code shows %d", rarely, len(studies), unclear, often)
}

func rateTitle(s *provoke.Study) string {
	racy, name := &s.Ways[0], capital(s.Demo.Name)
	written, aligned := measuredRate(racy, demo.Written), measuredRate(racy, demo.Aligned)
	switch {
	case written == nil && aligned == nil:
		return fmt.Sprintf("Unclear how often %s goes wrong: it was tried neither as written nor aligned", s.Demo.Name)
	case aligned == nil:
		return fmt.Sprintf("%s goes wrong in %s of the trials as written", name, percent(written.Part.Value))
	case written == nil:
		return fmt.Sprintf("%s goes wrong in %s of the trials when aligned", name, percent(aligned.Part.Value))
	case written.Part.Lo <= aligned.Part.Hi && aligned.Part.Lo <= written.Part.Hi:
		return fmt.Sprintf("Unclear whether aligning matters to %s: it goes wrong in %s of the trials as written, in %s aligned",
			s.Demo.Name, percent(written.Part.Value), percent(aligned.Part.Value))
	}
	return fmt.Sprintf("%s goes wrong in %s of the trials as written, in %s aligned", name, percent(written.Part.Value), percent(aligned.Part.Value))
}

// measuredRate returns a rate that has trials.
func measuredRate(w *provoke.WayStudy, l demo.Level) *provoke.Rate {
	if r := w.Rate(l); r != nil && r.Trials > 0 {
		return r
	}
	return nil
}

// A price is the time of a fix by its name.
type price struct {
	name string
	ns   stats.Interval
}

// pricesTitle says which fix is the cheapest and how much the dearest costs
// more. whose tells the fixes of one demonstration from those of many.
func pricesTitle(whose string, goroutines int, prices []price) string {
	if len(prices) == 0 {
		return fmt.Sprintf("Unclear what %s cost: nothing was measured with %s", whose, plural(goroutines, "goroutine"))
	}
	low, high := prices[0], prices[0]
	for _, p := range prices[1:] {
		if p.ns.Value < low.ns.Value {
			low = p
		}
		if p.ns.Value > high.ns.Value {
			high = p
		}
	}
	with := "With " + plural(goroutines, "goroutine")
	switch {
	case len(prices) == 1:
		return fmt.Sprintf("%s %s costs %s an operation", with, low.name, duration(low.ns.Value))
	case !low.ns.Bounded() || !high.ns.Bounded() || low.ns.Hi >= high.ns.Lo:
		return fmt.Sprintf("Unclear which costs less: %s %s takes %s, and no other differs beyond the intervals", strings.ToLower(with[:1])+with[1:], low.name, duration(low.ns.Value))
	}
	return fmt.Sprintf("%s %s costs least of %s, %s an operation, and %s most, %s", with, low.name, whose, duration(low.ns.Value), high.name, duration(high.ns.Value))
}
