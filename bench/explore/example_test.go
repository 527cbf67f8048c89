package explore_test

import (
	"context"
	"fmt"

	"github.com/interleave-go/interleave/bench/explore"
)

// accounts is a transfer between two bank accounts that reads a balance and
// writes it back. Two transfers at once lose money, or make some.
func accounts(t *explore.T) string {
	ann := explore.NewInt(t, "ann", 100)
	bob := explore.NewInt(t, "bob", 100)
	transfer := func(from, to *explore.Int, amount int) func(*explore.Thread) {
		return func(th *explore.Thread) {
			balance := from.Load(th)
			from.Store(th, balance-amount)
			to.Add(th, amount)
		}
	}
	t.Go("rent", transfer(ann, bob, 50))
	t.Go("food", transfer(ann, bob, 20))
	t.Wait()
	if ann.Value()+bob.Value() != 200 {
		t.Errorf("there were 200 in the bank")
	}
	return fmt.Sprintf("%d and %d", ann.Value(), bob.Value())
}

// Check is all that a test needs:
//
//	func TestTransfer(t *testing.T) {
//		if err := explore.Check(t.Context(), accounts, explore.Config{}); err != nil {
//			t.Error(err)
//		}
//	}
func ExampleCheck() {
	err := explore.Check(context.Background(), accounts, explore.Config{})
	fmt.Println(err)
	// Output:
	// explore: outcome "50 and 170" is wrong: there were 200 in the bank
	// schedule ABBBAA: 6 steps, 1 pre-emption
	// A rent, B food
	// step  thread  does                    ann  bob  line
	// 1     A       load ann = 100          100  100  example_test.go:17
	// 2     B       load ann = 100          100  100  example_test.go:17
	// 3     B       store ann = 80          80   100  example_test.go:18
	// 4     B       add to bob (+20) = 120  80   120  example_test.go:19
	// 5     A       store ann = 50 *        50   120  example_test.go:18
	// 6     A       add to bob (+50) = 170  50   170  example_test.go:19
	// * step 5 stores what it made from the read in step 1: step 3 is lost
	// outcome: 50 and 170 (wrong: there were 200 in the bank)
	//
	// explore: outcome "80 and 170" is wrong: there were 200 in the bank
	// schedule BAAABB: 6 steps, 1 pre-emption
	// A rent, B food
	// step  thread  does                    ann  bob  line
	// 1     B       load ann = 100          100  100  example_test.go:17
	// 2     A       load ann = 100          100  100  example_test.go:17
	// 3     A       store ann = 50          50   100  example_test.go:18
	// 4     A       add to bob (+50) = 150  50   150  example_test.go:19
	// 5     B       store ann = 80 *        80   150  example_test.go:18
	// 6     B       add to bob (+20) = 170  80   170  example_test.go:19
	// * step 5 stores what it made from the read in step 1: step 3 is lost
	// outcome: 80 and 170 (wrong: there were 200 in the bank)
}

// Run says all that can come of a body, and how many schedules lead there.
func ExampleRun() {
	result, err := explore.Run(context.Background(), accounts, explore.Config{Strategy: explore.Exhaustive})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(result)
	// Output:
	// 3 outcomes, and no other: all 20 schedules
	// outcome           schedules  pre-emptions  schedule
	// 30 and 170        8          0             AAABBB
	// 50 and 170 wrong  6          1             ABBBAA
	// 80 and 170 wrong  6          1             BAAABB
}

// The schedule in the log of a failed test is all that it takes to see the
// failure again. If the code has changed since, it may not fit any more.
func ExampleReplay() {
	schedule, err := explore.ParseSchedule("ABBAAB")
	if err != nil {
		fmt.Println(err)
		return
	}
	trace, err := explore.Replay(accounts, schedule)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trace.Outcome)
	for _, s := range trace.Steps {
		if s.Overwrites() {
			fmt.Printf("%s does not know what %s wrote\n", trace.Threads[s.Thread], trace.Threads[trace.Steps[s.Lost[0]].Thread])
		}
	}

	_, err = explore.Replay(accounts, "ABBBBA")
	fmt.Println(err)
	// Output:
	// 50 and 170
	// rent does not know what food wrote
	// explore: the schedule does not fit at step 5 (after "ABBB"): thread B (food) has come to its end; there are steps left of A (rent)
}
