// Package provoke makes races happen and says how often they did.
//
// A race is decided by whether two threads really run at the same time, not by
// luck: two processes of the same program differ more than any two trials in
// one. So the rate of anomalies is counted over several fresh processes,
// beside the rate of overlap, and its interval takes the process as the unit.
// A rate belongs to its level (see package demo), and where nothing can show,
// there is a reason instead of a rate.
//
// The code with the bug runs in child processes only. A child may crash, hang,
// print megabytes, start processes of its own or ignore signals: each is a way
// for a race to end, and [Program.Run] returns what it was. Only a crash that
// the runtime has explained, and a hang during which the process was alive,
// count as anomalies; a child that ends itself says nothing about the race.
//
// The detector runs in a program of its own, which [Build] makes of the sources
// that the demonstrations carry with them, far from the repository and without
// the network. What it says is taken from the reports and never from the exit
// code, which is no verdict.
package provoke
