package scenarios

import (
	"fmt"

	"github.com/interleave-go/interleave/bench"
)

func claimsOfSharing() []bench.Claim {
	return []bench.Claim{
		{
			// A single lost update proves it; that none was seen proves nothing.
			Name: "updates", Text: "without a lock updates are lost, with one the total is exact", Cores: 2,
			Rules: []bench.Rule{
				{
					Label: "no lock, wrong totals", Quantity: bench.Quantity{Of: bench.Wrong, Case: at("counter", "unsynchronised", 2)}, Is: bench.Some,
					Yes: "without a lock %s ended with a wrong total", No: "without a lock %s ended with a wrong total",
				},
				exact("mutex, 2 goroutines, wrong", at("counter", "mutex", 2), "with a mutex %s did"),
				exact("mutex, 8 goroutines, wrong", at("counter", "mutex", 8), "with 8 goroutines %s did"),
			},
		},
		{
			// Which finishes first does not matter when each result is stored at
			// the index of its item.
			Name: "order", Text: "a pool of two returns results in the order of the input",
			Rules: []bench.Rule{exact("2 workers, out of order", at("poolmap", "pool", 2), "in %s a result of the pool was out of its place")},
		},
		{
			// Every step of the account takes its lock, and between two steps
			// the other withdrawal may come. All schedules are gone through, so
			// nothing here depends on the machine.
			Name: "safety", Text: "a lock makes a program safe",
			Rules: []bench.Rule{
				{
					Label: "each step locked, overdrawn", Quantity: bench.Quantity{Of: bench.Schedules, Pattern: "overdraft-locked", Way: "locked-steps"}, Is: bench.None,
					Yes: "%s of two withdrawals that lock each step overdraw the account",
					No:  "%s of two withdrawals that lock each step overdraw the account",
				},
				{
					Label: "lock held throughout, overdrawn", Quantity: bench.Quantity{Of: bench.Schedules, Pattern: "overdraft-locked", Way: "mutex"}, Is: bench.None, Beside: true,
					Yes: "with the lock held from the look to the payment it is %s",
					No:  "even with the lock held from the look to the payment it is %s",
				},
			},
		},
		{
			// No tolerance: cheaper is cheaper.
			Name: "atomics", Text: "atomics are cheaper than a mutex",
			Rules: []bench.Rule{atomics(1), atomics(2), atomics(8)},
		},
		{
			Name: "two-count", Text: "two threads with a lock count faster than one without", Cores: 2,
			Rules: []bench.Rule{
				{
					Label: "2 with a mutex, time/sequential", Quantity: timeOver(at("counter", "mutex", 2), at("counter", "sequential", 1)), Is: bench.AtMost, Bound: 1,
					Yes: "two goroutines with a mutex take %s times the time of one without",
					No:  "two goroutines with a mutex take %s times as long as one without",
				},
				{
					Label: "2 apart, time/sequential", Quantity: timeOver(at("counter", "local", 2), at("counter", "sequential", 1)), Is: bench.AtMost, Bound: 1, Beside: true,
					Yes: "two that count apart and add up at the end take %s of it",
					No:  "two that count apart and add up at the end take %s times as long",
				},
			},
		},
	}
}

func claimsOfCores() []bench.Claim {
	return []bench.Claim{
		{
			// Better is faster by a twentieth at least: who adds six workers
			// wants to see something for it.
			Name: "more-workers", Text: "more workers are always better",
			Rules: []bench.Rule{
				moreWorkers("download", "parallel", 30, 3, "30 connections", "3"),
				moreWorkers("poolmap", "chunked", 8, 2, "8 workers that compute", "2"),
				moreWorkers("counter", "mutex", 8, 1, "8 goroutines that share a counter", "1"),
			},
		},
		{
			// Fine is no more than a tenth slower than handing out chunks.
			Name: "goroutines", Text: "a goroutine for each item is fine",
			Rules: []bench.Rule{perItem("100us", "100 µs"), perItem("1us", "1 µs"), perItem("tiny", "1 ns")},
		},
		{
			// Half of the cores is what a program without threads can have of
			// two. Three quarters are nearer to both than to one. Tasks that
			// sleep gain, too: if the claim were right, by keeping cores busy.
			Name: "hardware", Text: "threads are faster because they use the hardware better", Cores: 2,
			Rules: []bench.Rule{
				busy("2 sleeping tasks", at("sleep", "goroutines", 2), bench.AtLeast, 0.75, false),
				busy("3 downloads", at("download", "parallel", 3), bench.AtLeast, 0.75, true),
				busy("2 workers in chunks", at("poolmap", "chunked", 2), bench.AtLeast, 0.75, false),
				busy("2 that share a mutex", at("counter", "mutex", 2), bench.AtLeast, 0.75, true),
				busy("1 that counts alone", at("counter", "sequential", 1), bench.AtMost, 0.55, true),
			},
		},
	}
}

// exact is the rule that no trial was wrong.
func exact(label string, c bench.Case, text string) bench.Rule {
	return bench.Rule{Label: label, Quantity: bench.Quantity{Of: bench.Wrong, Case: c}, Is: bench.None, Yes: text, No: text}
}

func atomics(workers int) bench.Rule {
	who := fmt.Sprintf("%d goroutines", workers)
	if workers == 1 {
		who = "1 goroutine"
	}
	text := "with " + who + " an atomic add takes %s times as long as a mutex"
	return bench.Rule{
		Label: who + ", time/mutex", Quantity: timeOver(at("counter", "atomic", workers), at("counter", "mutex", workers)),
		Is: bench.AtMost, Bound: 1, Yes: text, No: text,
	}
}

func moreWorkers(scenario, variant string, more, fewer int, who, others string) bench.Rule {
	text := who + " take %s times as long as " + others
	return bench.Rule{
		Label: fmt.Sprintf("%s, %d/%d workers, time", scenario, more, fewer), Quantity: timeOver(at(scenario, variant, more), at(scenario, variant, fewer)),
		Is: bench.AtMost, Bound: 1 / (1 + few), Yes: text, No: text,
	}
}

func perItem(grain, words string) bench.Rule {
	params := "grain=" + grain
	text := "with items of " + words + " it takes %s times as long as chunks"
	return bench.Rule{
		Label: "items of " + words + ", time/chunks", Quantity: timeOver(with(params, at("poolmap", "goroutine-per-item", 2)), with(params, at("poolmap", "chunked", 2))),
		Is: bench.AtMost, Bound: 1.1, Yes: text, No: text,
	}
}

func busy(who string, c bench.Case, is bench.Relation, part float64, beside bool) bench.Rule {
	text := who + " keep %s of the cores busy"
	if c.Workers == 1 {
		text = who + " keeps %s of the cores busy"
	}
	return bench.Rule{
		Label: who + ", cores busy", Quantity: bench.Quantity{Of: bench.Metric, Unit: "cpus", Case: c, PerCore: true},
		Is: is, Bound: part, Beside: beside, Yes: text, No: text,
	}
}
