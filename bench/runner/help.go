package runner

// The help of each command is written by hand: it fits a terminal of 24 lines
// and 80 columns, which a generated list of flags does not. A test compares it
// with the flags that there are.
const (
	runHelp = `usage: interleave run [flags] [PATTERN]

Measure, and write tables, charts, the page report.html and the run file.

  -workers 1,2,4     worker counts instead of the scenarios' own
  -cpu 1,2           GOMAXPROCS values (default: all cores)
  -param NAME=VALUE  a parameter's value instead of its default; may be repeated
  -for 90s           at most this time (default: 15s a scenario, 90s in all)
  -quick             headline variants only, in at most 15s
  -all               every case and parameter, however long it takes
  -n                 print the plan and measure nothing
  -tutorial          run the exercises of a class instead, printing as they go
  -python            end with the same in Python, 12s (default: full runs only)
  -o DIRECTORY       for the results (default: results/latest)
  -charts=false      draw no charts
  -json              write JSON instead of tables
advanced:
  -precision 5%      measure each case until half of its interval is that small
  -forks N           fresh processes for each scenario (default: 6 to 12)
  -count N           rounds in each process (default: 1 to 5, as time allows)
  -benchtime 50ms    length of a trial of a rate scenario (default: 5ms to 50ms)
  -seed N            of the order of trials (default: drawn, and recorded)
  -profile KIND      watch one case instead: cpu, mutex, block or trace
  -strict-environment  exit with 4 if the machine triggers a warning
`

	reportHelp = `usage: interleave report [flags] [RUN.txt | -]

Write tables, charts and the page again, from a run file (default:
results/latest/run.txt) or from go test -bench output. From standard input (-),
charts and the page need -o.

  -o DIRECTORY   for the results (default: the run file's)
  -charts=false  draw no charts
  -open          open the page in a browser
  -json          write JSON instead of tables
`

	huntHelp = `usage: interleave hunt [flags] [PACKAGES]

Look for races, deadlocks, panics, leaks and rare failures in the tests of any
module, without touching its sources: each test runs many times, in fresh
processes under varied circumstances, with the race detector and without.

  -for 30s      run tests for this time, after building them
  -run REGEXP   only tests that match, as go test -run
  -tags TAGS    build tags, as go test -tags
  -race off     do without the race detector (default: auto, if it can be built)
  -seed N       of orders and settings (default: drawn, and printed)
  -json         write JSON

Exit code 1: something was found. What repeats it is printed with it.
`

	raceHelp = `usage: interleave race [flags] [DEMO]

Provoke each race in child processes, ask the race detector, go vet and the
runtime about it, and measure what the right fixes cost. DEMO is a name, which
gives a page, or a regular expression on names.

  -quick           fewer trials, in at most 15s
  -count N         trials of the racy code at each level (default: 200)
  -n               list the demonstrations and run nothing
  -possible        list every possible outcome of DEMO, with a schedule
  -schedule STEPS  replay a schedule, such as -possible lists, and draw it
  -way NAME        of the ways of writing DEMO (default: for -schedule the racy
                   one, for -possible all)
  -detector=false  do not ask the race detector and go vet
  -prices=false    do not measure what the fixes cost
  -require         exit with 1 where no anomaly was seen
  -require-race    exit with 2 where the race detector cannot be built
  -o DIRECTORY     for the results (default: results/latest)
  -charts=false    draw no charts
  -json            write JSON instead of tables
`

	calibrateHelp = `usage: interleave calibrate [flags]

Find out how often verdicts are wrong on this machine, and what they find: equal
things are compared again and again, and things that are slower by a known part;
beside each stands what the usual protocol says in the same time.

  -quick         a first impression within a minute
  -for 10m       measure for at most this time; the same command goes on later
                 (default: until it is complete, some hours)
  -show          show what the file holds, and measure nothing
  -o FILE        to append the outcomes to (default:
                 results/latest/calibration.txt); tables and charts beside it
  -charts=false  draw no charts
  -work PATTERN  only works that match: cpu, alloc, lock, diff/, alarms/diff/
  -estimators    compare ways of estimating and lengths of trials instead
  -designs       compare the designs of diff instead
`

	diffHelp = `usage: interleave diff [flags] BASE [HEAD] [packages]

Compare the Go benchmarks of two git revisions of any module; exit with 1 when
one regressed. BASE may be merge-base:main; without HEAD it is the work tree.

  -bench PATTERN   of benchmarks, as for go test (default: all)
  -cpu 1,2         GOMAXPROCS values (default: all cores)
  -for 2m          find and measure for at most this time; building comes on top
  -tolerance 5%    ignore changes smaller than this; PATTERN=2% for some
  -budgets FILE    rules with a tolerance for benchmarks that match a pattern
  -on-unclear fail exit with 3 when one, or a metric, is unclear (default: pass)
  -strict          a benchmark or metric that one side lacks is an error
  -tags TAGS       build tags
  -o DIRECTORY     for run file, report, chart, JUnit (default: write no files)
  -json            write JSON instead of tables

advanced:
  -benchtime 5ms   length of a slice, or 100x (default: 4ms; more where needed)
  -level 1%        the chance of any false alarm in the whole comparison
  -layouts 12      confirm changes in so many orders of functions; 1: in one
  -apart           use other function orders for the head than for the base
  -control         measure the base against itself, too
  -seed N          of the order of slices (default: drawn, and recorded)
  -strict-environment  exit with 4 if the machine triggers a warning
`

	checkHelp = `usage: interleave check [flags]

Measure what the rules of a budgets file are about, and fail when one does not
hold. Exit codes: 0 all hold, or some are undecided; 1 one does not hold; 2 it
could not be measured; 3 nothing was decided, or not enough with
-on-unclear=fail.

  -budgets FILE      the rules (default: scripts/budgets.yaml)
  -for 90s           measure for at most this time; a failure is confirmed in
                     fresh processes, which may take half as long again
  -on-unclear warn   what an undecided rule does: warn or fail
  -explain           say each rule in words and what it selects
  -init              measure for a moment, write a budgets file to start with
  -update-reference  keep this run in results/reference/check, to compare with
  -selftest          show that the check can fail (a minute)
  -o DIRECTORY       for the run and the report (default: results/latest/check)
  -junit FILE        JUnit XML there as well
  -json              write JSON instead of text

measuring nothing, to check what go test -bench printed, or run files:
  -old FILE          compare with it; without, ask -budgets about benchmarks
  -new FILE          the new results
  -tolerance 5%      ignore changes for the worse that are smaller
`

	listHelp = `usage: interleave list [flags] [PATTERN]

List the scenarios, their variants and parameters.

  -cases             the benchmark name of every case instead
  -claims            the claims that a run puts to the test, and their rules
  -workers 1,2,4     worker counts instead of the scenarios' own
  -cpu 1,2           GOMAXPROCS values (default: all cores)
  -param NAME=VALUE  a parameter's value instead of its default; may be repeated
  -json              write JSON
`
)
