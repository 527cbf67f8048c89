// Package hunt looks for races, deadlocks, panics, leaks and rare failures
// in the tests of any module, without touching its sources.
//
// A test that is run once shows one schedule. Hunt builds the tests of each
// package twice, with the race detector and without, and runs them again and
// again in fresh processes, each under other circumstances: GOMAXPROCS 1, 2
// and all, bound to one core (Linux; the kernel then interrupts a thread in the
// middle of what it does) or free, a test alone or all of a package together
// in random order, once or many times in the process. The detector finds what
// the schedule does not show; the build without it is faster, has another
// timing, and lets the runtime notice when all goroutines are asleep.
//
// The unit of all rates is the process: repetitions in one process share its
// luck. A finding says in how many of the processes that could have shown it,
// it showed, with an exact interval. That is the rate under hunt's mixture of
// circumstances, and the command beside it repeats the best of them.
//
// Time is dealt out evenly: always next is the test that has had the least.
// All tests of a package together get as much as they get alone. A test that
// has shown a fault three times alone gets an eighth from then on, and is left
// out when all run together, where it takes time from those that have not
// shown theirs. The same goes for a test that ends processes, by a panic or a
// hang, and so keeps those after it from running.
//
// One package never has two processes at once, as with go test: tests may share
// files or ports. Different packages do, up to the number of cores.
package hunt
