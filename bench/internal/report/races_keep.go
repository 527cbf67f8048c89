package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// ErrElsewhere means that results are of another machine or another Go.
var ErrElsewhere = errors.New("they are of another machine or another Go")

// With returns the results together with those of an earlier run, in its JSON
// form, of demonstrations that this run has not tried. all are fresh studies of
// every demonstration that there is, in their order: what the earlier run says of
// others is of no use, as their code is gone.
func (r *Races) With(earlier []byte, all []*provoke.Study) (*Races, error) {
	var old racesJSON
	if err := json.Unmarshal(earlier, &old); err != nil {
		return nil, fmt.Errorf("they cannot be read: %w", err)
	}
	now := &record.Run{Settings: r.Settings}
	for _, key := range []string{"goos", "goarch", "cpu", "cpus", "go"} {
		if old.Environment[key] != now.Setting(key) {
			return nil, ErrElsewhere
		}
	}
	both := *r
	both.Studies, both.Kept = nil, make(map[string]string)
	for _, s := range all {
		if i := slices.IndexFunc(r.Studies, func(own *provoke.Study) bool { return own.Demo.Name == s.Demo.Name }); i >= 0 {
			both.Studies = append(both.Studies, r.Studies[i])
			continue
		}
		i := slices.IndexFunc(old.Demos, func(d demoJSON) bool { return d.Name == s.Demo.Name })
		if i < 0 {
			continue
		}
		old.Demos[i].fill(s)
		both.Studies = append(both.Studies, s)
		both.Kept[s.Demo.Name] = old.Demos[i].When
	}
	return &both, nil
}

// fill puts into a fresh study what was found out.
func (d *demoJSON) fill(s *provoke.Study) {
	s.Vet, s.Runtime = d.Vet, d.Runtime
	for i := range s.Ways {
		w := &s.Ways[i]
		j := slices.IndexFunc(d.Ways, func(old wayJSON) bool { return old.Name == w.Way.Name && old.Role == w.Role })
		if j < 0 {
			continue
		}
		old := &d.Ways[j]
		for _, l := range old.Levels {
			rate := l.Rate
			rate.Level = demo.Level(slices.IndexFunc(demo.Levels, func(l demo.Level) bool { return l.String() == rate.Name }))
			rate.Part = bounded(float64(rate.Anomalies)/float64(max(rate.Trials, 1)), l.Interval, rate.Processes)
			w.Rates = append(w.Rates, rate)
		}
		if r := old.Detector; r != nil {
			w.Reports = &provoke.Detection{Runs: r.Runs, Reported: r.Reported, Races: r.Races}
		}
		for _, p := range old.Prices {
			w.Prices = append(w.Prices, provoke.Price{Workers: p.Workers, Time: bounded(p.Ns, p.Interval, p.Forks)})
		}
	}
}

// bounded is the way back from ends.
func bounded(value float64, ends *[2]float64, n int) stats.Interval {
	if ends == nil {
		return stats.Interval{Value: value, Lo: math.Inf(-1), Hi: math.Inf(1), N: min(n, 1)}
	}
	return stats.Interval{Value: value, Lo: ends[0], Hi: ends[1], N: max(n, 2)}
}
