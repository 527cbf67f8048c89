package report

import (
	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// An arm is what was measured of one case, in the order of measuring.
type arm struct {
	trials  []*record.Measurement
	samples []stats.Sample
}

// newArms sorts measurements into arms, in the order in which the cases appear.
// All arms are cut from two slices: a run may have ten thousand of them, and
// growing each would take longer than all else here.
func newArms(ms []record.Measurement) []*arm {
	var sizes []int
	known := make(map[bench.Case]int)
	of := make([]int32, len(ms)) // index of the arm
	for i := range ms {
		j, ok := known[ms[i].Case]
		if !ok {
			j = len(sizes)
			known[ms[i].Case] = j
			sizes = append(sizes, 0)
		}
		sizes[j]++
		of[i] = int32(j)
	}
	trials, samples := make([]*record.Measurement, len(ms)), make([]stats.Sample, len(ms))
	all := make([]*arm, len(sizes))
	for j, n := range sizes {
		all[j] = &arm{trials[:0:n], samples[:0:n]}
		trials, samples = trials[n:], samples[n:]
	}
	for i := range ms {
		a, m := all[of[i]], &ms[i]
		a.trials = append(a.trials, m)
		a.samples = append(a.samples, stats.Sample{Fork: m.Fork, Round: m.Round, Value: m.PerOp()})
	}
	return all
}

// arms are those of a section.
type arms map[bench.Case]*arm

// at returns what was measured of a case, which may be nothing.
func (a arms) at(c bench.Case) arm {
	if found := a[c]; found != nil {
		return *found
	}
	return arm{}
}
