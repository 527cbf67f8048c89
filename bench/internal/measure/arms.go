package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
)

// Arms starts forks that consist of several processes, one for each arm of a
// comparison: two revisions of one program, for example. A request goes to the
// process of its case's variant. So a pair of programs is measured as a pair of
// variants is: in the same rounds, in random order.
type Arms struct {
	Variants []string
	Starters []Starter // by index of Variants
	Random   *rand.Rand
}

// Start starts one process an arm, in random order: the first to be started may
// get the better memory.
func (a *Arms) Start(ctx context.Context, procs int) (Fork, error) {
	f := &armsFork{arms: a, forks: make([]Fork, len(a.Starters))}
	for _, i := range a.Random.Perm(len(a.Starters)) {
		var err error
		if f.forks[i], err = a.Starters[i].Start(ctx, procs); err != nil {
			f.Close()
			return nil, fmt.Errorf("arm %s: %w", a.Variants[i], err)
		}
	}
	return f, nil
}

type armsFork struct {
	arms  *Arms
	forks []Fork
}

// Trial implements Fork.
func (f *armsFork) Trial(ctx context.Context, r Request) (Answer, error) {
	for i, v := range f.arms.Variants {
		if v == r.Case.Variant {
			return f.forks[i].Trial(ctx, r)
		}
	}
	return Answer{}, fmt.Errorf("no arm is called %s", r.Case.Variant)
}

func (f *armsFork) Close() {
	for _, fork := range f.forks {
		if fork != nil {
			fork.Close()
		}
	}
}
