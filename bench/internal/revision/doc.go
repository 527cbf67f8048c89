// Package revision compares the benchmarks of two revisions of a Go module, of
// anybody's, without touching its sources.
//
// Both revisions are written out beside each other (gitrepo, workspace), built
// once into test binaries that serve their benchmarks (testbin, served), and
// measured in pairs: a fork is a fresh process of each binary. Sizing finds out
// how many iterations a slice needs, and which [Design] suits the benchmark: both
// sides at once on one core, in turn on one core, or in turn on all of them. Each
// fork gives one estimate, and package verdict says what they decide, which pair
// gets the next fork, and which is a suspect: its forks are linked with functions
// in another order. At last each benchmark runs as go test runs it, since a
// verdict on another quantity is worth nothing.
//
// The order of work is [Prepare] (repository to binaries), [Trees.Find]
// (binaries to pairs of benchmarks), [Comparison.Measure] (pairs to slices and
// estimates) and [Comparison.Judge] (estimates to rows).
package revision
