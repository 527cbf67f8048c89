package report

import (
	"fmt"
	"os"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/chart"
	"github.com/interleave-go/interleave/bench/internal/provoke"
)

// Draw draws the charts of the results below a directory: how often something
// went wrong at each level, and what the fixes cost. They are named after the
// demonstration if there is one alone.
func (r *Races) Draw(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	name := "race"
	if len(r.Studies) == 1 {
		name += "-" + r.Studies[0].Demo.Name
	}
	r.Charts = nil
	for _, c := range []struct {
		name string
		dots chart.Dots
	}{{name + "-rates", r.rates()}, {name + "-prices", r.prices()}} {
		if len(c.dots.Rows) == 0 {
			continue
		}
		fig, err := c.dots.Figure()
		if err != nil {
			return err
		}
		paths, err := chart.Write(dir, c.name, fig)
		if err != nil {
			return err
		}
		r.Charts = append(r.Charts, paths...)
	}
	return nil
}

// drawnLevels are those whose rates are rates.
var drawnLevels = []demo.Level{demo.Written, demo.More, demo.Aligned}

// rates draws the rates of the racy ways, with a row for each demonstration.
func (r *Races) rates() chart.Dots {
	d := chart.Dots{
		Subtitle: r.subtitle("part of the trials that went wrong, 95 % interval over processes"),
		XLabel:   "trials that went wrong (%)",
		Format:   func(x float64) string { return fmt.Sprintf("%g", x) },
	}
	levels := drawnLevels
	if r.Quick {
		levels = []demo.Level{demo.Written, demo.Aligned}
	}
	for _, l := range levels {
		d.Series = append(d.Series, l.String())
	}
	for _, s := range r.Studies {
		racy := &s.Ways[0]
		row := chart.Row{Label: s.Demo.Name}
		for _, l := range levels {
			rate := racy.Rate(l)
			if rate == nil || rate.Trials == 0 {
				row.Points = append(row.Points, chart.Point{Missing: true})
				continue
			}
			row.Points = append(row.Points, chart.Point{X: 100 * rate.Part.Value, Lo: 100 * rate.Part.Lo, Hi: 100 * rate.Part.Hi})
		}
		d.Rows = append(d.Rows, row)
	}
	if len(r.Studies) > 0 {
		d.Title = ratesTitle(r.Studies)
	}
	return d
}

// priceOf is how many goroutines the title of the prices speaks of: a quick run
// has no others.
const priceOf = 2

// prices draws what fixes cost: the first of each demonstration, or all of one.
func (r *Races) prices() chart.Dots {
	d := chart.Dots{
		Subtitle: r.subtitle("time of one operation, 95 % interval over processes"),
		XLabel:   "ns per operation",
		Log:      true,
	}
	single, whose := len(r.Studies) == 1, "the first fixes"
	if single {
		whose = "the fixes of " + r.Studies[0].Demo.Name
	}
	counts := provoke.FixWorkers
	if r.Quick {
		counts = []int{2}
	}
	for _, n := range counts {
		d.Series = append(d.Series, plural(n, "goroutine"))
	}
	var known []price
	for _, s := range r.Studies {
		for i := range s.Ways {
			w := &s.Ways[i]
			if w.Role != provoke.Right || !single && i > 1 || len(w.Prices) == 0 {
				continue
			}
			label := w.Way.Name
			if !single {
				label = s.Demo.Name + ": " + label
			}
			d.Rows = append(d.Rows, chart.Row{Label: label, Points: pricePoints(w, counts)})
			if ns := priceAt(w, priceOf); ns.Known() {
				known = append(known, price{label, ns})
			}
		}
	}
	d.Title = pricesTitle(whose, priceOf, known)
	return d
}

func pricePoints(w *provoke.WayStudy, counts []int) (points []chart.Point) {
	for _, n := range counts {
		ns := priceAt(w, n)
		p := chart.Point{X: ns.Value, Lo: ns.Lo, Hi: ns.Hi, Label: nanos(ns.Value)}
		switch {
		case !ns.Known():
			p = chart.Point{Missing: true}
		case !ns.Bounded() || ns.Lo <= 0:
			p = chart.Point{X: ns.Value, Open: true, Label: nanos(ns.Value)}
		}
		points = append(points, p)
	}
	return points
}

// subtitle is the grey line below the title.
func (r *Races) subtitle(what string) string {
	lines := r.heading()
	return strings.Join([]string{what, lines[0]}, "; ")
}
