package calibrate

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// The arms of a comparison. They are the same code: a slower one performs more
// operations than it reports.
const (
	oldArm = "old"
	newArm = "new"
)

// A work is something to measure that has a kind of noise of its own.
type work struct {
	name    string
	doc     string
	workers int
	trial   func(bench.Setup) *bench.Trial
}

// works are kinds that behave differently. As scenarios: one that computes, one
// that allocates, so that the collector runs beside it and a trial must be long
// enough for some of its cycles, and one whose goroutines fight for a lock.
var works = []work{
	{"cpu", "sort 100 numbers", 1, sortTrial},
	{"alloc", "encode a small struct with a map as JSON", 1, jsonTrial},
	{"lock", "2 goroutines lock and unlock one mutex", 2, lockTrial},

	// What interleave diff compares: Go benchmarks, in processes of their own.
	{name: "diff/sort", doc: "sort 500 numbers"},
	{name: "diff/json", doc: "encode a small struct with a map as JSON"},
	{name: "diff/tree", doc: "build a tree of pointers"},
	{name: "diff/builder", doc: "join strings"},
	{name: "diff/stopped", doc: "reverse 5000 numbers, made anew with the timer stopped"},
	{name: "diff/parallel", doc: "add numbers in a goroutine a core"},
	{name: "diff/mutex", doc: "lock and unlock one mutex in a goroutine a core"},
	{name: "diff/http", doc: "ask a server on this machine"},
}

// prefix begins the names of the scenarios here, so that they do not meet those
// of a user.
const prefix = "calibrate_"

// Scenarios returns what a measuring process must know to be calibrated.
func Scenarios() []bench.Scenario {
	var all []bench.Scenario
	for i := range works {
		if works[i].benchmark() == "" {
			all = append(all, works[i].scenario())
		}
	}
	return append(all, burn())
}

// scenario makes a work a scenario of two arms that are the same code.
func (w *work) scenario() bench.Scenario {
	arm := func(name string) bench.Variant {
		return bench.Variant{Name: name, Doc: w.doc, Headline: true, New: func(_ context.Context, s bench.Setup) (*bench.Trial, error) {
			return w.trial(s), nil
		}}
	}
	return bench.Scenario{
		Name: prefix + w.name, Doc: "Calibration: " + w.doc + ".", Unit: "operation",
		Workers: []int{w.workers}, Variants: []bench.Variant{arm(oldArm), arm(newArm)},
	}
}

// cases returns the two cases of a work.
func (w *work) cases(procs int) (old, new bench.Case) {
	old = bench.Case{Scenario: prefix + w.name, Variant: oldArm, Workers: w.workers, Procs: procs}
	new = old
	new.Variant = newArm
	return old, new
}

func sortTrial(s bench.Setup) *bench.Trial {
	rng := rand.New(rand.NewPCG(7, 7))
	from, numbers := make([]int, 100), make([]int, 100)
	for i := range from {
		from[i] = rng.Int()
	}
	return &bench.Trial{
		Run: func(context.Context) error {
			for range s.N {
				copy(numbers, from)
				slices.Sort(numbers)
			}
			return nil
		},
		Verify: func() error {
			if !slices.IsSorted(numbers) {
				return errors.New("the numbers are not sorted")
			}
			return nil
		},
	}
}

func jsonTrial(s bench.Setup) *bench.Trial {
	record := struct {
		Name string
		Tags map[string]int
	}{"interleave", map[string]int{"one": 1, "two": 2, "three": 3}}
	var last []byte
	return &bench.Trial{
		Run: func(context.Context) (err error) {
			for range s.N {
				if last, err = json.Marshal(record); err != nil {
					return err
				}
			}
			return nil
		},
		Verify: func() error {
			if !json.Valid(last) {
				return errors.New("the result is not JSON")
			}
			return nil
		},
	}
}

func lockTrial(s bench.Setup) *bench.Trial {
	var mu sync.Mutex
	count := 0
	team := bench.NewTeam(s)
	return &bench.Trial{
		Run: func(context.Context) error {
			team.Run(func(worker int) {
				for range team.Share(s.N, worker) {
					mu.Lock()
					count++
					mu.Unlock()
				}
			})
			return nil
		},
		Verify: func() error {
			if count != s.N {
				return errors.New("the count is wrong")
			}
			return nil
		},
		Metrics: func() map[string]float64 { return map[string]float64{"overlap": team.Overlap()} },
	}
}

// burn is the neighbour that keeps a core busy, in a process of its own, until
// that is killed, and never for longer than longestBurn.
func burn() bench.Scenario {
	return bench.Scenario{
		Name: prefix + "burn", Doc: "Calibration: a neighbour that keeps one core busy.", Unit: "neighbour", Fixed: 1,
		Variants: []bench.Variant{{Name: "busy", Doc: "compute", New: func(context.Context, bench.Setup) (*bench.Trial, error) {
			sink := uint64(1)
			return &bench.Trial{
				Run: func(ctx context.Context) error {
					for end := time.Now().Add(longestBurn); time.Now().Before(end) && ctx.Err() == nil; {
						for range 1 << 16 {
							sink = sink*6364136223846793005 + 1
						}
					}
					return nil
				},
				Verify: func() error { return nil },
			}, nil
		}}},
	}
}

const longestBurn = 10 * time.Minute
