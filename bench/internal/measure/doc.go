// Package measure runs trials and passes on what they took, as they are made.
//
// The parent plans and the children measure. A child is a fresh process of the
// same program, called a fork, since memory layout and scheduling luck differ
// from process to process and only fresh ones average over them. Within a fork
// the parent asks for one trial after the other, in rounds that visit every
// case once in random order, so that slow drift meets all cases alike. Parent
// and child never work at the same time: the parent sleeps while a trial runs
// and records its result before it asks for the next, so that it takes no time
// from the cores that are being measured.
//
// The order of work is: [Select] the cases, [NewPlan] what the budget allows,
// and [Plan.Run] it: for every block of cases that are compared with each
// other a pilot, whose times are not data, and then the forks.
//
// The package does not know statistics: [Config].Done, if given, tells it
// which cases have been measured enough.
package measure
