// Package gate decides whether a program is still as fast, as lean and as
// correct as its budgets say, and says so in the forms that people and
// continuous integration read.
//
// A budgets file holds rules. [ReadBudgets] reads it and [Budgets.Resolve]
// finds the cases that each rule is about; an error names the line. What a rule
// asks is either exact, such as allocations and lost updates, or a question to
// an interval: it passes when the interval meets the bound, fails when it misses
// it wholly, and is undecided otherwise. Undecided is an answer of its own. It
// is said in the first line of every report and never counted as a pass.
//
// Only facts that travel between machines make good budgets: how much faster
// waiting work gets by overlapping, exact counts, and little else. Rules about
// computing compare cases that were measured in the same processes, or are
// skipped where the machine is another.
//
// The result of everything is a [Report]. Its first line is the answer, the
// second says what to do. The same report is written for a terminal, as
// Markdown, as annotations of GitHub, as JUnit XML and as JSON.
package gate
