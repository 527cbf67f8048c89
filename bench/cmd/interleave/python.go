package main

import (
	"fmt"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/runner"
	"github.com/interleave-go/interleave/scenarios"
	"github.com/interleave-go/interleave/scripts/python"
)

// What a trial in Python does of the jobs that are timed by the piece: enough
// to take some hundredths of a second.
const (
	pythonAdditions = 200_000
	pythonItems     = 500
)

// besidePython has the programs in Python do the jobs of our scenarios.
func besidePython() runner.Beside {
	return runner.Beside{
		Language: "Python", Command: "python3", Variable: "PYTHON", Least: "3.8",
		Files: python.Files, Hello: "interpreter.py",
		// Whatever the user has set up for Python stays out of it, and no file
		// is left behind.
		Args:  []string{"-E", "-s", "-B"},
		Jobs:  []runner.BesideJob{pythonSleep(), pythonCounter(), pythonPoolmap(), pythonDownload()},
		Serve: servePython,
	}
}

func pythonSleep() runner.BesideJob {
	ours := func(variant string) bench.Case { return bench.Case{Scenario: "sleep", Variant: variant, Workers: 2} }
	return runner.BesideJob{
		Name: "sleep", Program: "sleep.py", Units: 1, PerOp: 1,
		Args: []string{fmt.Sprintf("--steps=%d", scenarios.SleepSteps), fmt.Sprintf("--pause=%d", scenarios.SleepStep.Milliseconds())},
		Ways: []runner.BesideWay{
			{Name: "sequential", Workers: 2, Title: "sleep: 2 tasks in turn", Case: ours("sequential")},
			{Name: "threads", Workers: 2, Title: "sleep: 2 threads", Case: ours("goroutines")},
		},
	}
}

func pythonCounter() runner.BesideJob {
	job := runner.BesideJob{
		Name: "counter", Program: "counter.py", Unit: "increment", Units: pythonAdditions, PerOp: 1,
		Args: []string{fmt.Sprintf("--n=%d", pythonAdditions)},
		Ways: []runner.BesideWay{{
			Name: "sequential", Workers: 1, Title: "counter: 1 thread", Case: bench.Case{Scenario: "counter", Variant: "sequential", Workers: 1},
		}},
	}
	for _, workers := range []int{2, 8} {
		job.Ways = append(job.Ways,
			runner.BesideWay{
				Name: "lock", Workers: workers, Title: fmt.Sprintf("counter: %d with a lock", workers),
				Case: bench.Case{Scenario: "counter", Variant: "mutex", Workers: workers},
			},
			runner.BesideWay{
				Name: "nolock", Workers: workers, Title: fmt.Sprintf("counter: %d threads", workers), Racy: true,
				Case: bench.Case{Scenario: "counter", Variant: "unsynchronised", Workers: workers},
			})
	}
	return job
}

func pythonPoolmap() runner.BesideJob {
	ours := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "poolmap", Params: "grain=1us", Variant: variant, Workers: workers}
	}
	return runner.BesideJob{
		Name: "poolmap", Program: "poolmap.py", Unit: "item", Units: pythonItems, PerOp: scenarios.PoolmapItems,
		Args: []string{fmt.Sprintf("--items=%d", pythonItems), fmt.Sprintf("--rounds=%d", scenarios.PoolmapRounds)},
		Ways: []runner.BesideWay{
			{Name: "sequential", Workers: 1, Title: "poolmap: a loop", Case: ours("sequential", 1)},
			{Name: "pool", Workers: 2, Title: "poolmap: a pool of 2", Case: ours("pool", 2)},
		},
	}
}

func pythonDownload() runner.BesideJob {
	ours := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "download", Params: "net=latency", Variant: variant, Workers: workers}
	}
	job := runner.BesideJob{
		Name: "download", Program: "download.py", Served: true, Units: 1, PerOp: 1,
		Args: []string{fmt.Sprintf("--images=%d", scenarios.DownloadCount)},
		Ways: []runner.BesideWay{{
			Name: "sequential", Workers: 1, Title: "download: a loop", Case: ours("sequential", 1),
			Note: "urllib opens a connection for each image, where Go keeps those it has",
		}},
	}
	for _, workers := range []int{3, 6, 30} {
		job.Ways = append(job.Ways, runner.BesideWay{
			Name: "pool", Workers: workers, Title: fmt.Sprintf("download: a pool of %d", workers), Case: ours("parallel", workers),
		})
	}
	return job
}

// servePython starts the server of the download scenario for Python.
func servePython() (args []string, stop func() error, err error) {
	url, sum, stop, err := scenarios.ServeDownload()
	return []string{"--sha256=" + sum, url}, stop, err
}
