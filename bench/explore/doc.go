// Package explore finds out what a concurrent program could do, not only what
// it did today.
//
// A [Body] is a small program in Go whose threads mark each step in which they
// touch what they share. [Run] runs it under one schedule after another until
// it has seen every outcome that there is, and gives for each a [Schedule] that
// leads to it, with as few pre-emptions as possible. [Replay] runs that
// schedule again, on any machine, and shows each step. Two threads that each
// add one to a number by a load and a store:
//
//	func lostUpdate(t *explore.T) string {
//		n := explore.NewInt(t, "n", 0)
//		for _, name := range []string{"A", "B"} {
//			t.Go(name, func(th *explore.Thread) {
//				v := n.Load(th)
//				n.Store(th, v+1)
//			})
//		}
//		t.Wait()
//		return strconv.Itoa(n.Value())
//	}
//
// have 6 schedules, of which 2 end with 2 and 4 with 1: "ABBA" is one of those.
// For a test, [Check] does it all, once the body says which outcomes are wrong:
//
//	if n.Value() != 2 {
//		t.Errorf("%d", n.Value())
//	}
//
// Threads share an [Int] or a [Var], and whatever else in the steps
// [Thread.Step], [Object.Read] and [Object.Write]. They wait for one another
// with [Mutex], [RWMutex], [Chan], [WaitGroup] and [Once], which work as those
// of Go do, and sleep in virtual time, in which steps take none: see
// [Thread.Sleep]. So a program and its repair are explored in the same way. A
// program that deadlocks or panics has that for its outcome.
//
// # What it does not cover
//
// It sees the marked steps only. What threads share and touch between steps it
// takes for local, and what a step does counts as done at once.
//
// Steps take effect in one order that all threads see: sequential consistency.
// A real processor and the compiler may do more where a program has a data
// race, such as a flag that is seen before the data that it stands for. That a
// body has no wrong outcome does not mean that the race is harmless.
//
// The race detector sees no race in a body. Threads are coroutines that hand
// over to one another, and handing over orders all that they do.
//
// It does not look into real locks, channels and goroutines. A body that
// blocks on one blocks the exploration.
//
// # How it works
//
// A thread is a coroutine of package iter, and a step is where it hands over.
// A Go program cannot be put back to an earlier state, so the body is run anew
// for every schedule (stateless model checking, Godefroid 1997), some hundred
// thousand times a second. What differs is the [Strategy]. Pruned leaves out
// schedules that differ from one it has run only in the order of independent
// steps, by sleep sets (Godefroid 1996): two steps are independent if they
// touch different objects, or only read. Sleep sets leave out transitions but
// no state, so no outcome, deadlock or panic is lost. Persistent sets and
// dynamic partial-order reduction (Flanagan and Godefroid 2005) would leave out
// states as well; where all threads fight over one object, as here, there are
// none to leave out. Bounded
// counts pre-emptions, which are turns taken from a thread that could go on
// (Musuvathi and Qadeer 2007). The witness of an outcome comes from such a
// search, which is why it is known to have the fewest.
//
// Memory does not grow with the number of schedules: the search keeps one node
// of 40 bytes for each step of the schedule it is at, and a witness for each
// outcome. Only Merged keeps states, bounded by Config.Memory.
package explore
