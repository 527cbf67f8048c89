package provoke

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Rate is how often something went wrong at one level.
type Rate struct {
	Level demo.Level `json:"-"`
	Name  string     `json:"level"`
	N     int        `json:"n"` // operations of each goroutine in a trial

	Processes int `json:"processes"`
	Trials    int `json:"trials"`
	Anomalies int `json:"anomalies"` // wrong results, crashes and hangs
	Crashes   int `json:"crashes,omitempty"`
	Hangs     int `json:"hangs,omitempty"`

	// Overlaps counts the trials in which two goroutines were in the code at
	// the same time, among the Timed ones, whose times are known; Both those
	// of them that went wrong. A crash takes its times with it.
	Timed    int `json:"timed"`
	Overlaps int `json:"overlaps"`
	Both     int `json:"both"`

	Pinned  bool          `json:"pinned"`    // every thread had a core of its own
	Typical time.Duration `json:"median_ns"` // of a trial that ended
	Example string        `json:"example,omitempty"`
	Ends    []End         `json:"ends,omitempty"` // of children that neither crashed nor hung nor were done

	// Part is the rate, with an interval that takes the process as the unit.
	Part stats.Interval `json:"-"`

	clusters []stats.Cluster
	nanos    []int64
	examples map[string]int
}

// An Amount says how much to try at a level.
type Amount struct {
	Processes int           // fresh processes
	Trials    int           // in each
	Limit     time.Duration // for all of it; 0 is none
}

// hang is after how many heartbeats of 5 ms a trial counts as hung. Where a
// hang is the anomaly it is looked for; elsewhere it would be a surprise, and
// must not be a machine that is merely busy, so none of the goroutines may be
// running.
const (
	hangExpected   = 50
	hangUnexpected = 600
)

// Rate tries a way of a demonstration at a level.
func (p Program) Rate(ctx context.Context, d *demo.Demo, w *demo.Way, l demo.Level, a Amount) (*Rate, error) {
	r := &Rate{Level: l, Name: l.String(), N: d.N(l), examples: make(map[string]int)}
	wrong := true
	for i := range d.Fixes {
		wrong = wrong && w != &d.Fixes[i]
	}
	began := time.Now()
	want := a.Processes * a.Trials
	for done := 0; done < want; {
		left := time.Duration(0)
		if a.Limit > 0 {
			if left = a.Limit - time.Since(began); left <= 0 {
				break
			}
		}
		job := JobFor(d, w, l, min(a.Trials, want-done))
		job.Until = int(left.Milliseconds())
		o, err := p.Run(ctx, job, Silence)
		if err != nil {
			return nil, err
		}
		if made := r.add(o, wrong); made > 0 {
			done += made
			continue
		}
		break // it cannot do the job, and would not the next time
	}
	r.finish()
	return r, nil
}

// JobFor returns the job of so many trials of a way at a level.
func JobFor(d *demo.Demo, w *demo.Way, l demo.Level, trials int) demo.Job {
	job := demo.Job{
		Demo: d.Name, Way: w.Name, Level: l, Trials: trials, N: d.N(l), Workers: d.Workers(),
		Beats: hangUnexpected, Waiting: true,
	}
	if d.Expect.Hangs && w == &d.Racy {
		job.Beats, job.Waiting = hangExpected, false
	}
	return job
}

// add counts what a child did, and returns how many trials that were. A child of
// code that is wrong may fall silent, too: a corrupted map can loop for ever, and
// then nothing else of the process gets a turn.
func (r *Rate) add(o *Outcome, wrong bool) (made int) {
	var k int
	for _, t := range o.Results {
		r.Timed++
		if t.Overlap {
			r.Overlaps++
		}
		if t.Anomaly != "" {
			k++
			r.examples[t.Anomaly]++
			if t.Overlap {
				r.Both++
			}
		}
		r.nanos = append(r.nanos, t.Nanos)
	}
	made = len(o.Results)
	switch {
	case o.End.Kind == Hung:
		r.Hangs++
		r.examples["hangs: "+o.End.Text]++
		k, made = k+1, made+1
	case o.End.Kind == Silent && o.Hello && wrong:
		r.Hangs++
		r.examples["hangs, and nothing else of the process runs"]++
		k, made = k+1, made+1
	case o.End.Crash() && o.Hello:
		r.Crashes++
		r.examples[o.End.Text]++
		k, made = k+1, made+1
	case o.End.Kind != Done:
		r.Ends = append(r.Ends, o.End)
	}
	if o.Done != nil {
		r.Pinned = o.Done.Pinned
		for _, g := range o.Done.Leaked {
			r.examples[g]++
		}
	}
	if made > 0 {
		r.Processes++
		r.Trials += made
		r.Anomalies += k
		r.clusters = append(r.clusters, stats.Cluster{K: k, N: made})
	}
	return made
}

func (r *Rate) finish() {
	r.Part = stats.Clustered(r.clusters, stats.Confidence)
	if len(r.nanos) > 0 {
		slices.Sort(r.nanos)
		r.Typical = time.Duration(r.nanos[len(r.nanos)/2])
	}
	most := 0
	for text, n := range r.examples {
		if n > most || n == most && cmp.Less(text, r.Example) {
			most, r.Example = n, text
		}
	}
}

// Given returns the rate of anomalies among the trials with overlap.
func (r *Rate) Given() stats.Interval {
	return stats.Proportion(r.Both, r.Overlaps, stats.Confidence)
}
