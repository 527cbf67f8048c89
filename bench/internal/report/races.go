package report

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Races is all that was found out about demonstrations of races.
type Races struct {
	Settings []record.Setting
	Warnings []string
	Studies  []*provoke.Study
	Quick    bool
	When     string            // it was made, as in RFC 3339
	Kept     map[string]string // when, of the demonstrations that earlier runs have tried

	NoDetector string   // why the race detector was not asked
	NoVet      string   // why go vet was not
	NoPrice    []string // of what there is no price, and why
	Charts     []string // the files that were drawn
}

// Priced notes the price of a fix, by its name as a variant.
func (r *Races) Priced(variant string, workers int, ns stats.Interval) {
	for _, s := range r.Studies {
		for i := range s.Ways {
			w := &s.Ways[i]
			if w.Role == provoke.Right && provoke.FixName(s.Demo, w.Way) == variant {
				w.Prices = append(w.Prices, provoke.Price{Workers: workers, Time: ns})
			}
		}
	}
}

// Unpriced notes that there is no price of something, and why.
func (r *Races) Unpriced(why string) { r.NoPrice = append(r.NoPrice, why) }

// A RaceFinding is something that must not be.
type RaceFinding struct {
	Text   string
	Broken bool // something could not be done; otherwise a fix is not right
}

// Findings returns what must not be: a right fix that went wrong or to which
// the detector objected, a child that could not do its job. Racy code
// in which no anomaly was seen is no finding.
func (r *Races) Findings() (all []RaceFinding) {
	for _, s := range r.Studies {
		for i := range s.Ways {
			w := &s.Ways[i]
			name := s.Demo.Name + ", way " + w.Way.Name
			for _, rate := range w.Rates {
				if w.Role == provoke.Right && rate.Anomalies > 0 {
					all = append(all, RaceFinding{Text: fmt.Sprintf("%s: this fix went wrong in %d of %d trials (%s): %s", name, rate.Anomalies, rate.Trials, rate.Name, rate.Example)})
				}
				for _, e := range rate.Ends {
					all = append(all, RaceFinding{Text: fmt.Sprintf("%s (%s): a child ended as it should not: %v", name, rate.Name, e), Broken: true})
				}
			}
			if d := w.Reports; d != nil {
				if w.Role == provoke.Right && d.Reported > 0 {
					all = append(all, RaceFinding{Text: fmt.Sprintf("%s: the race detector objects to this fix: %s", name, d.Races[0].Key(provoke.Skip))})
				}
				for _, e := range d.Ends {
					all = append(all, RaceFinding{Text: fmt.Sprintf("%s (detector): a child ended as it should not: %v", name, e), Broken: true})
				}
			}
		}
	}
	for _, why := range r.NoPrice {
		all = append(all, RaceFinding{Text: why, Broken: true})
	}
	return all
}

// Unseen returns the demonstrations in which no anomaly was seen.
func (r *Races) Unseen() (names []string) {
	for _, s := range r.Studies {
		if !seen(&s.Ways[0]) {
			names = append(names, s.Demo.Name)
		}
	}
	return names
}

// seen reports whether a way went wrong at any level.
func seen(w *provoke.WayStudy) bool {
	for i := range w.Rates {
		if w.Rates[i].Anomalies > 0 {
			return true
		}
	}
	return false
}

// heading returns the lines that say where the results come from.
func (r *Races) heading() []string {
	run := &record.Run{Settings: r.Settings, Warnings: r.Warnings}
	lines := Environment(run)
	if n := len(r.Kept); n > 0 {
		line := fmt.Sprintf("%d of %s are from earlier runs on this machine", n, plural(len(r.Studies), "demonstration"))
		if oldest := slices.Min(slices.Collect(maps.Values(r.Kept))); oldest != "" {
			line += ", the oldest of " + oldest
		}
		lines = append(lines, line)
	}
	return lines
}

// part writes a rate for a table: "0 %" and "100 %" for none and all alone.
func part(k, n int) string {
	switch {
	case n == 0:
		return "–"
	case k == 0:
		return "0 %"
	case k == n:
		return "100 %"
	}
	return fmt.Sprintf("%.0f %%", min(max(100*float64(k)/float64(n), 1), 99))
}

// intervalPercent writes the interval of a rate: "98–100 %".
func intervalPercent(i stats.Interval) string {
	if !i.Known() {
		return "–"
	}
	lo, hi := fmt.Sprintf("%.0f", 100*i.Lo), fmt.Sprintf("%.0f", 100*i.Hi)
	if 100*i.Hi < 10 {
		lo, hi = fmt.Sprintf("%.1f", 100*i.Lo), fmt.Sprintf("%.1f", 100*i.Hi)
	}
	return lo + "–" + hi + " %"
}

// short writes a duration with two or three digits.
func short(d time.Duration) string {
	switch {
	case d <= 0:
		return "–"
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	}
	return fmt.Sprintf("%.3g ms", float64(d)/1e6)
}

// nanos writes a price.
func nanos(ns float64) string {
	if ns < 1000 {
		return fmt.Sprintf("%.3g", ns)
	}
	return fmt.Sprintf("%.0f", ns)
}

// why says why no anomaly was seen of a way, or "".
func why(s *provoke.Study) string {
	switch {
	case seen(&s.Ways[0]):
		return ""
	case !s.Visible:
		return s.Why
	}
	for _, r := range s.Ways[0].Rates {
		if r.Level == demo.Aligned && r.Timed > 0 && r.Overlaps == 0 {
			return "no overlap: the goroutines never ran at the same time"
		}
	}
	return "not seen in these trials, on " + runtime.GOARCH
}

// said is what the runtime says, in a word.
func said(s *provoke.Study) string {
	switch s.Runtime.Kind {
	case provoke.Panicked:
		return "panic"
	case provoke.Fatal:
		return "fatal"
	case provoke.Hung:
		if strings.Contains(s.Runtime.Text, "running") {
			return "hangs"
		}
		return "stuck"
	}
	return "–"
}
