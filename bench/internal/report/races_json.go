package report

import (
	"cmp"
	"encoding/json"
	"math"

	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/race"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// The JSON form of the results. Rates are from 0 to 1, times in nanoseconds.
type (
	racesJSON struct {
		Environment map[string]string `json:"environment"`
		Warnings    []string          `json:"warnings,omitempty"`
		NoDetector  string            `json:"no_detector,omitempty"`
		NoVet       string            `json:"no_vet,omitempty"`
		Demos       []demoJSON        `json:"demos"`
	}
	demoJSON struct {
		Name     string            `json:"name"`
		When     string            `json:"when,omitempty"`
		Doc      string            `json:"doc"`
		Kind     string            `json:"kind"`
		Expected string            `json:"detector_expected"`
		Source   string            `json:"source"`
		Line     int               `json:"line"`
		Marked   []int             `json:"marked_lines"`
		Unseen   string            `json:"unseen,omitempty"` // why nothing was seen
		Vet      []provoke.Finding `json:"vet,omitempty"`
		Runtime  provoke.End       `json:"runtime"`
		Ways     []wayJSON         `json:"ways"`
		Read     []string          `json:"read,omitempty"`
	}
	wayJSON struct {
		Name     string        `json:"name"`
		Doc      string        `json:"doc"`
		Role     provoke.Role  `json:"role"`
		Levels   []levelJSON   `json:"levels"`
		Detector *detectorJSON `json:"detector,omitempty"`
		Prices   []priceJSON   `json:"prices,omitempty"`
	}
	levelJSON struct {
		provoke.Rate
		Interval *[2]float64 `json:"interval,omitempty"`
	}
	detectorJSON struct {
		Runs     int           `json:"runs"`
		Reported int           `json:"reported"`
		Races    []race.Report `json:"races,omitempty"`
	}
	priceJSON struct {
		Workers  int         `json:"workers"`
		Ns       float64     `json:"ns_per_op"`
		Forks    int         `json:"forks,omitempty"`
		Interval *[2]float64 `json:"interval,omitempty"`
	}
)

// JSON returns the results as JSON, with a line end.
func (r *Races) JSON() ([]byte, error) {
	out := racesJSON{Environment: make(map[string]string), Warnings: r.Warnings, NoDetector: r.NoDetector, NoVet: r.NoVet}
	for _, s := range r.Settings {
		out.Environment[s.Key] = s.Value
	}
	for _, s := range r.Studies {
		d := demoJSON{
			Name: s.Demo.Name, When: cmp.Or(r.Kept[s.Demo.Name], r.When), Doc: s.Demo.Doc, Kind: s.Demo.Expect.Kind.String(), Expected: s.Demo.Expect.Detector.String(),
			Source: s.Source.File, Line: s.Source.First, Unseen: why(s), Vet: s.Vet, Runtime: s.Runtime, Read: s.Demo.Read,
		}
		for i := range s.Source.Lines {
			if s.Source.Marked(i) {
				d.Marked = append(d.Marked, s.Source.First+i)
			}
		}
		for i := range s.Ways {
			d.Ways = append(d.Ways, jsonWay(&s.Ways[i]))
		}
		out.Demos = append(out.Demos, d)
	}
	data, err := json.MarshalIndent(out, "", "  ")
	return append(data, '\n'), err
}

func jsonWay(w *provoke.WayStudy) wayJSON {
	out := wayJSON{Name: w.Way.Name, Doc: w.Way.Doc, Role: w.Role}
	for _, rate := range w.Rates {
		out.Levels = append(out.Levels, levelJSON{rate, ends(rate.Part)})
	}
	if d := w.Reports; d != nil {
		out.Detector = &detectorJSON{d.Runs, d.Reported, d.Races}
	}
	for _, p := range w.Prices {
		out.Prices = append(out.Prices, priceJSON{p.Workers, p.Time.Value, p.Time.N, ends(p.Time)})
	}
	return out
}

// ends returns the ends of an interval, or nil where it has none: JSON knows no
// infinity.
func ends(i stats.Interval) *[2]float64 {
	if !i.Known() || math.IsInf(i.Lo, 0) || math.IsInf(i.Hi, 0) {
		return nil
	}
	return &[2]float64{i.Lo, i.Hi}
}
