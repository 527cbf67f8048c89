// Package verdict is the plan by which everything here comes from measurements
// to verdicts: which of many comparisons is decided, what the next process
// should measure, and how often all of that may be wrong. It knows subjects,
// each with one estimate a fork, and no benchmark, clock or file.
//
// There are errors of two kinds, and each has a rate of its own. An alarm fails
// somebody's build: the chance that a run has any false one is at most
// [Plan.Level], whatever the number of subjects. "Same" is a statement about one
// subject: the chance that it is made where the change is as large as the
// tolerance is at most [Plan.Same] for each.
//
// Alarms are raised in two steps. A screen at a generous level names suspects;
// then only fresh forks count, made after that, and each suspect is confirmed at
// the level divided by their number. What the screen did by chance the fresh
// forks do not know about, so that the level holds however the screen came to
// its suspects. The caller links the programs of a suspect anew, with functions
// in another order, for each fresh fork: what an order does to the speed is no
// part of a change, and so forks of one order are one estimate.
//
// All looks are at t statistics. Their variances are moderated: what the
// variances of the other subjects of a group have in common stands beside that
// of few forks (package stats, Moderate). Confirmation does the same among the
// suspects alone, since other orders bring a variance that nobody else has.
package verdict
