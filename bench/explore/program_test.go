package explore_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/explore"
)

// A program is made at random: for each thread a list of instructions over two
// variables, one lock and one channel.
type program [][]instruction

type instruction struct {
	code string
	x    int // which variable
}

func randomProgram(r *rand.Rand) program {
	codes := strings.Fields("load load load store store store add swap swap step sleep spawn lock lock unlock send send receive close")
	p := make(program, 2+r.IntN(2))
	for i := range p {
		for range 2 + r.IntN(3) - len(p)/3 {
			p[i] = append(p[i], instruction{codes[r.IntN(len(codes))], r.IntN(2)})
		}
	}
	return p
}

// body runs the program. What it returns holds all that a thread has seen, so
// that a lost schedule is likely to be a lost outcome.
func (p program) body(t *explore.T) string {
	vars := []*explore.Int{explore.NewInt(t, "x", 0), explore.NewInt(t, "y", 0)}
	mu, c := explore.NewMutex(t, "mu"), explore.NewChan[int](t, "c", 1)
	plain := 0
	last, saw := make([]int, len(p)), make([]string, len(p))
	child := make(map[string]int) // what children have loaded
	for i, list := range p {
		t.Go(fmt.Sprint(i), func(th *explore.Thread) {
			last[i] = i + 1
			for k, in := range list {
				v := vars[in.x]
				switch in.code {
				case "load":
					last[i] = v.Load(th)
				case "store":
					v.Store(th, 10*last[i]+i)
				case "add":
					last[i] = v.Add(th, 1)
				case "swap":
					v.CompareAndSwap(th, last[i], 7)
				case "lock":
					mu.Lock(th)
				case "unlock":
					mu.Unlock(th)
				case "send":
					c.Send(th, last[i])
				case "receive":
					last[i], _ = c.Receive(th)
				case "close":
					c.Close(th)
				case "step":
					th.Step("step", func() { plain = 2*plain + i + vars[0].Value() })
				case "sleep":
					th.Sleep(1)
				case "spawn":
					th.Go("child of "+fmt.Sprint(i), func(th *explore.Thread) {
						name := fmt.Sprint(i, k)
						child[name] = v.Load(th)
						vars[1-in.x].Store(th, 3*child[name]+1)
					})
				}
				saw[i] += fmt.Sprint(" ", last[i])
			}
		})
	}
	t.Fingerprint(func() any { return fmt.Sprint(plain, last, saw, child) })
	t.Wait()
	return fmt.Sprintf("x=%d y=%d plain=%d saw%q", vars[0].Value(), vars[1].Value(), plain, saw)
}

// TestRandomPrograms holds the strategies to one another: pruned and bounded
// search find the outcomes that running every schedule finds, and no others;
// merged states count the same schedules; and the fewest pre-emptions are those of the best of all schedules.
func TestRandomPrograms(t *testing.T) {
	programs := 400
	if testing.Short() {
		programs = 30
	}
	r := rand.New(rand.NewPCG(1, 2))
	wrong, dies, spared := 0, 0, 0
	for i := range programs {
		p := randomProgram(r)
		if i == 0 {
			// Children get their numbers in the order in which they are started,
			// so a number does not say whose child it is.
			p = program{{{"swap", 1}, {"spawn", 1}}, {{"swap", 1}, {"spawn", 1}}, {{"spawn", 1}, {"add", 1}}}
		}
		all := mustRun(t, p.body, explore.Config{Strategy: explore.Exhaustive, FirstWitness: true})
		if !all.Exhaustive {
			t.Fatalf("%v: %s", p, all.Summary())
		}
		pruned := mustRun(t, p.body, explore.Config{})
		bounded := mustRun(t, p.body, explore.Config{Strategy: explore.Bounded})
		merged := mustRun(t, p.body, explore.Config{Strategy: explore.Merged})
		if got, want := counts(merged), counts(all); !maps.Equal(got, want) {
			t.Fatalf("%v: merged search counts %v, want %v", p, got, want)
		}
		if got, want := texts(pruned), texts(all); !slices.Equal(got, want) {
			t.Fatalf("%v: pruned search finds %d outcomes, all schedules give %d:\n%s\n%s", p, len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got, want := texts(bounded), texts(all); !slices.Equal(got, want) || bounded.Schedules != all.Schedules || !bounded.Exhaustive {
			t.Fatalf("%v: bounded search finds %d outcomes in %d schedules, want %d in %d", p, len(got), bounded.Schedules, len(want), all.Schedules)
		}
		for k, o := range pruned.Outcomes {
			if b, m := bounded.Outcomes[k], merged.Outcomes[k]; o.Preemptions != m.Preemptions || o.Preemptions != b.Preemptions || !o.Fewest || !b.Fewest || all.Outcomes[k].Preemptions < b.Preemptions {
				t.Fatalf("%v: outcome %s: %d and %d pre-emptions, a schedule with %d", p, o.Text, o.Preemptions, b.Preemptions, all.Outcomes[k].Preemptions)
			}
			replays(t, p.body, o)
		}
		if len(all.Outcomes) > 1 {
			wrong++
		}
		if all.Outcomes[len(all.Outcomes)-1].Dies {
			dies++
		}
		if pruned.Schedules < all.Schedules {
			spared++
		}
	}
	// Otherwise the programs are too tame to show anything.
	if wrong < programs/3 || dies < programs/4 || spared < programs/2 {
		t.Errorf("of %d programs %d had several outcomes, %d a deadlock or a panic, %d schedules to leave out", programs, wrong, dies, spared)
	}
}

func texts(r *explore.Result) []string {
	var list []string
	for _, o := range r.Outcomes {
		list = append(list, o.Text)
	}
	return list
}

// replays requires that the witness of an outcome leads to it.
func replays(t *testing.T, body explore.Body, o explore.Outcome) {
	t.Helper()
	trace, err := explore.Replay(body, o.Witness)
	if err != nil {
		t.Fatalf("outcome %q: %v", o.Text, err)
	}
	if trace.Outcome != o.Text || trace.Wrong != o.Wrong || trace.Dies != o.Dies || trace.Preemptions != o.Preemptions || trace.Schedule != o.Witness {
		t.Fatalf("schedule %v: outcome %q with %d pre-emptions, want %q with %d", o.Witness, trace.Outcome, trace.Preemptions, o.Text, o.Preemptions)
	}
}
