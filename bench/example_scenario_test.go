package bench_test

import (
	"context"
	"fmt"

	"github.com/interleave-go/interleave/bench"
)

// Sum adds up the numbers below setup.N, in two ways.
var Sum = bench.Scenario{
	Name: "sum", Doc: "add up numbers", Unit: "number",
	Workers: []int{1, 2},
	Variants: []bench.Variant{
		{Name: "sequential", Doc: "one goroutine", New: newSequentialSum, Workers: []int{1}},
		{Name: "parallel", Doc: "a part for each worker, joined at the end", New: newParallelSum},
	},
}

func newSequentialSum(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	var sum int
	return &bench.Trial{
		Run: func(context.Context) error {
			for i := range setup.N {
				sum += i
			}
			return nil
		},
		Verify: func() error { return checkSum(sum, setup.N) },
	}, nil
}

func newParallelSum(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	team := bench.NewTeam(setup)
	sums := make([]int, setup.Workers)
	return &bench.Trial{
		Run: func(context.Context) error {
			team.Run(func(w int) {
				for i := w; i < setup.N; i += setup.Workers {
					sums[w] += i
				}
			})
			for _, s := range sums[1:] {
				sums[0] += s
			}
			return nil
		},
		Verify: func() error { return checkSum(sums[0], setup.N) },
	}, nil
}

func checkSum(sum, n int) error {
	if want := n * (n - 1) / 2; sum != want {
		return fmt.Errorf("sum %d, want %d", sum, want)
	}
	return nil
}

// A scenario is a value. Drivers ask it for its cases, and take each through
// New, Run, Verify and Close; package benchtest does so under go test.
func ExampleScenario() {
	if err := bench.Check([]bench.Scenario{Sum}); err != nil {
		fmt.Println(err)
	}
	ctx := context.Background()
	for _, c := range Sum.Cases(Sum.DefaultParams(), 2) {
		trial, err := Sum.Variant(c.Variant).New(ctx, Sum.Setup(c, 1000))
		if err != nil {
			fmt.Println(err)
			continue
		}
		if err := trial.Run(ctx); err != nil {
			fmt.Println(err)
		}
		if err := trial.Verify(); err != nil {
			fmt.Println(err)
		}
		fmt.Println(c.Name())
	}
	// Output:
	// BenchmarkSum/variant=sequential/workers=1-2
	// BenchmarkSum/variant=parallel/workers=1-2
	// BenchmarkSum/variant=parallel/workers=2-2
}
