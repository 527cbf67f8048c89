// Package revision compares the benchmarks of two revisions of a Go module, of
// anybody's, without touching its sources.
//
// Both revisions are written out beside each other (gitrepo, workspace), built
// once into test binaries that serve their benchmarks (testbin, served), and
// measured in pairs: a fork is a fresh process of each binary, started in
// random order, that are asked in turn for short slices of the same number of
// iterations. The engine is the one of package measure: a benchmark is to it a
// scenario with the variants old and new, and in the first forks a third one,
// control, which is another process of the old binary. What control differs
// from old by is the noise of this run.
//
// The order of work is [Prepare] (repository to binaries), [Trees.Find]
// (binaries to pairs of benchmarks), [Comparison.Measure] (pairs to
// measurements) and [Pair.Judge] (measurements to verdicts).
package revision
