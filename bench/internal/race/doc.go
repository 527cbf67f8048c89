// Package race reads what the race detector and the runtime say about a
// program.
//
// The detector writes a block of text for each race: the two accesses that
// conflict, each with the goroutine and the stack, and where the goroutines
// were started. The runtime says what it noticed itself, a deadlock, a map
// written by two goroutines, a panic, and prints the stacks of goroutines. Both
// are text for people, mixed with whatever else the program prints: a block
// may begin in the middle of a line, have lines of others between its own, or
// stop half way because the process was killed. Parse, Verdicts and Traces
// take out of such a text what is there, never fail, and mark what is cut off.
//
// An exit code is no verdict: the detector's 66 replaces only a 0, go test
// makes 1 of it, and a process that could not write its report exits with 66,
// too. What counts is a report.
//
// A report leads the reader to two lines of source. The stacks begin where the
// access happened, often in the runtime or in the library (a map, a channel, a
// buffer), so the lines are those of the first frame that is the reader's own:
// see Skip. The same two lines, in either order, are the same race: see
// Report.Key.
package race
