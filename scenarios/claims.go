package scenarios

import (
	"slices"

	"github.com/interleave-go/interleave/bench"
)

// Claims returns what is said in classrooms about threads, as sentences of ours
// with rules. The bounds were fixed before they were measured for the record,
// and stand where they do for the reasons given beside them, so that no ruling
// hangs on a hair: a claim that says "the time of one" is given the twentieth
// part that starting, timers and a busy machine take.
func Claims() []bench.Claim {
	return slices.Concat(claimsOfWaiting(), claimsOfSharing(), claimsOfCores())
}

// few is the part of a bound by which a time may miss what arithmetic says.
const few = 0.05

// at is a case at the default parameters and on all cores.
func at(scenario, variant string, workers int) bench.Case {
	return bench.Case{Scenario: scenario, Variant: variant, Workers: workers}
}

// with returns the case with other parameters, and on one core the case there.
func with(params string, c bench.Case) bench.Case { c.Params = params; return c }
func onOne(c bench.Case) bench.Case               { c.Procs = 1; return c }

func speedup(c bench.Case) bench.Quantity { return bench.Quantity{Of: bench.Speedup, Case: c} }
func timeOver(c, over bench.Case) bench.Quantity {
	return bench.Quantity{Of: bench.Time, Case: c, Over: over}
}

func claimsOfWaiting() []bench.Claim {
	return []bench.Claim{
		{
			Name: "waiting", Text: "two tasks that wait take the time of one",
			Rules: []bench.Rule{{
				Label: "2 tasks, speedup", Quantity: speedup(at("sleep", "goroutines", 2)),
				Is: bench.AtLeast, Bound: 2, Tolerance: few,
				Yes: "two tasks that wait are %s times as fast together as one after the other",
				No:  "two tasks that wait are only %s times as fast together as one after the other",
			}},
		},
		{
			Name: "downloads", Text: "three downloads on three workers take a third of the time",
			Rules: []bench.Rule{{
				Label: "3 connections, speedup", Quantity: speedup(at("download", "parallel", 3)),
				Is: bench.AtLeast, Bound: 3, Tolerance: few,
				Yes: "over 3 connections the images arrive %s times as fast as over one",
				No:  "over 3 connections the images arrive only %s times as fast as over one",
			}},
		},
		{
			// A tenth is what anybody would call no difference, and three times
			// what the intervals of a run allow.
			Name: "cores", Text: "the speedup of parallel downloads depends on the number of cores", Cores: 2,
			Rules: []bench.Rule{
				{
					Label:    "answers wait: all cores/one",
					Quantity: bench.Quantity{Of: bench.Speedup, Case: at("download", "parallel", 3), Over: onOne(at("download", "parallel", 3))},
					Is:       bench.AtLeast, Bound: 1.1,
					Yes: "while answers wait, 3 connections gain %s times as much on all cores as on one",
					No:  "while answers wait, 3 connections gain no more on all cores than on one (%s times as much)",
				},
				{
					// Two cores could give 2; 1.5 is nearer to that than to 1.
					Label:    "computing: all cores/one",
					Quantity: bench.Quantity{Of: bench.Speedup, Case: at("poolmap", "chunked", 2), Over: onOne(at("poolmap", "chunked", 2))},
					Is:       bench.AtLeast, Bound: 1.5, Beside: true,
					Yes: "computing by two workers gains %s times as much",
					No:  "computing by two workers gains only %s times as much",
				},
				{
					Label:    "shared bandwidth: speedup",
					Quantity: speedup(with("net=shared", at("download", "parallel", 3))),
					Is:       bench.AtMost, Bound: 1.1, Beside: true,
					Yes: "where the connections share a bandwidth they gain nothing (%s)",
					No:  "where the connections share a bandwidth they still gain (%s)",
				},
			},
		},
		{
			// The plateau of work that computes is at the cores; the twentieth is
			// for luck. What waits must be beyond it, by any amount.
			Name: "kinds", Text: "concurrency helps waiting work more than computing work",
			Rules: []bench.Rule{
				beyond("64 sleeping tasks", at("sleep", "goroutines", 64)),
				beyond("30 downloads", at("download", "parallel", 30)),
				{
					Label:    "8 computing workers, per core",
					Quantity: bench.Quantity{Of: bench.Speedup, Case: at("poolmap", "chunked", 8), PerCore: true},
					Is:       bench.AtMost, Bound: 1, Tolerance: few,
					Yes: "8 computing workers gain %s times as much as there are cores, and no more",
					No:  "8 computing workers gain %s times as much as there are cores",
				},
			},
		},
		{
			// Half of the wait is a delay that anybody would notice; a timer
			// alone is late by a tenth of a millisecond.
			Name: "harmony", Text: "a computing task and a waiting one share a process without harm",
			Rules: []bench.Rule{
				late("a core left free", at("blend", "core-free", 1), false),
				late("all cores computing", at("blend", "all-cores", 1), false),
				late("one core for both", onOne(at("blend", "all-cores", 1)), false),
				late("nobody computing", at("blend", "alone", 1), true),
				worst("all cores computing, at worst", at("blend", "all-cores", 1)),
			},
		},
	}
}

// beyond is the rule that work gains more than there are cores.
func beyond(label string, c bench.Case) bench.Rule {
	return bench.Rule{
		Label: label + ", per core", Quantity: bench.Quantity{Of: bench.Speedup, Case: c, PerCore: true},
		Is: bench.AtLeast, Bound: 1,
		Yes: label + " gain %s times as much as there are cores",
		No:  label + " gain only %s times as much as there are cores",
	}
}

// late is the rule that a task that waits 2 ms goes on within another.
func late(label string, c bench.Case, beside bool) bench.Rule {
	return bench.Rule{
		Label: label, Quantity: bench.Quantity{Of: bench.Metric, Unit: "late-ns", Case: c},
		Is: bench.AtMost, Bound: float64(blendWait / 2), Beside: beside,
		Yes: "with " + label + " a wait of 2 ms is %s late",
		No:  "with " + label + " a wait of 2 ms is %s late",
	}
}

func worst(label string, c bench.Case) bench.Rule {
	r := late(label, c, true)
	r.Quantity.Unit = "worst-ns"
	r.Yes, r.No = "at worst %s late", "at worst %s late"
	return r
}
