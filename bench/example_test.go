package bench_test

import (
	"fmt"
	"time"

	"github.com/interleave-go/interleave/bench"
)

func ExampleCheck() {
	unfinished := Sum
	unfinished.Versus = "vectorised"
	fmt.Println(bench.Check([]bench.Scenario{unfinished}))
	// Output: scenario "sum": its Versus names the variant "vectorised", which it does not have
}

func ExampleParseCase() {
	c, err := bench.ParseCase("BenchmarkDownload/net=latency/variant=parallel/workers=3-2")
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(c.Scenario, c.Variant, c.Workers, "workers, GOMAXPROCS", c.Procs)
	fmt.Println("net is", c.Param("net"))
	// Output:
	// download parallel 3 workers, GOMAXPROCS 2
	// net is latency
}

func ExampleTeam() {
	team := bench.NewTeam(bench.Setup{Workers: 3})
	done := make([]int, 3)
	team.Run(func(w int) { done[w] = team.Share(10, w) })
	fmt.Println(done)
	// Output: [4 3 3]
}

func ExampleTimeline() {
	now := time.Duration(0)
	timeline := bench.NewTimeline(func() time.Duration { return now })
	end := timeline.Span(0, bench.Wait, "reply")
	now = 20 * time.Millisecond
	end()
	for _, s := range timeline.Spans() {
		fmt.Printf("worker %d: %s for %s, from %v to %v\n", s.Worker, s.Kind, s.Label, s.Start, s.End)
	}
	// Output: worker 0: wait for reply, from 0s to 20ms
}
