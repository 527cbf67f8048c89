// Package demo defines demonstrations of concurrency bugs: code that is wrong
// as people write it, and the ways of putting it right.
//
// A [Demo] is one bug. Its first [Way], Racy, is the code with the bug; Fixes
// are right; Wrong are repairs that people try and that do not work. What is
// to be expected of it stands beside the code: whether it is a data race or a
// bug that the race detector cannot see, whether it can show on this machine,
// and what the detector, go vet and the runtime say.
//
//	func lostUpdate(s demo.Setup) demo.Trial {
//		count := 0
//		return demo.Trial{
//			Body: func(int) {
//				for range s.N {
//					count++ // race
//				}
//			},
//			Check: func() string { return demo.Expected("updates", s.N*s.Workers, count) },
//		}
//	}
//
// A comment that begins with the word race marks the lines that conflict.
// Whoever finds the race, be it the detector or the reader, must find it on one
// of these lines; a test can hold the two together.
//
// The code with the bug runs in child processes only, since a race can end a
// process in every way there is: call [Serve] first in main, and in TestMain.
// How a trial is provoked is its [Level], and every rate belongs to one. From
// Written to Aligned the code that races is the same, to the instruction; only
// Yielding is other code, which shows what is possible and never how often.
//
// The package needs the standard library alone, and carries its own source in
// [Sources], so that a program can build it again, with the race detector, far
// from the repository.
package demo
