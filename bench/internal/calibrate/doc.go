// Package calibrate finds out, on the machine at hand, how often verdicts are
// wrong and what they find: it compares things that are known to be equal, or
// known to differ by so much, again and again, through the same engine that
// check and diff measure with, and counts what it says.
//
// Beside each verdict, in the same time, stands what the usual protocol would
// have said: ten samples of one process, then ten of the other, and a U test
// at 5 %.
//
// An experiment has cells (what is asked, of which work, under which load) and
// makes trials of the least filled cell until the time is over. Every trial is
// written to a file as it is made, so that a calibration of an hour can be made
// in slices, by the same binary.
package calibrate
