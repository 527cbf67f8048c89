// Package beside runs the same jobs in another language, so that a report can
// set the two beside each other.
//
// The programs are not measured from outside: each is a process that takes the
// time of its ways of doing a job itself, as our scenarios do, and says so in
// lines of JSON. As with our own measurements the process is the unit of
// statistics: in every round each job gets a fresh one, the jobs come in random
// order, and so do the ways of each within its process. A way is compared with
// the first way of its job in the same process.
//
// Whatever goes wrong with a job ends that job and leaves the others: what is
// measured here is no more than an addition to a run. That there is no
// interpreter is nothing wrong.
package beside

import (
	"fmt"
	"io/fs"

	"github.com/interleave-go/interleave/bench"
)

// A Set is what there is to run in another language. The zero value is nothing.
type Set struct {
	Language string   // "Python"
	Command  string   // of the interpreter, to be looked up: "python3"
	Variable string   // the environment variable that names another one: "PYTHON"
	Least    string   // the oldest version that understands the programs: "3.8"
	Files    fs.FS    // the programs, all in one folder
	Hello    string   // the program that describes its interpreter
	Args     []string // that go before the name of a program
	Jobs     []Job

	// Serve, if not nil, starts what some jobs need, and returns the arguments
	// that tell them about it. It is called once, before the first round.
	Serve func() (args []string, stop func() error, err error)
}

// A Job is one piece of work, done by one program in some ways.
type Job struct {
	Name    string   // what the program calls itself: "counter"
	Program string   // its file: "counter.py"
	Args    []string // that make the job the same as ours
	Served  bool     // it needs what Serve starts
	Unit    string   // what times are given for: "increment"; "" for the whole job
	Units   int      // in a trial of this program
	PerOp   int      // in an operation of our cases
	Ways    []Way    // the first is the one that the others are compared with
}

// A Way is one way of doing a job.
type Way struct {
	Name    string // as the program knows it: "lock"
	Workers int
	Title   string     // in tables, with the job: "counter: 2 with a lock"; at most 22 characters
	Case    bench.Case // of ours to stand beside; Procs is filled in
	Racy    bool       // its total may be wrong, which is what it shows
	Note    string     // what differs from our case, a sentence
}

// Check returns what is wrong with a set, which is a mistake of its author.
func (s *Set) Check() error {
	if len(s.Jobs) == 0 {
		return nil
	}
	if _, err := fs.Stat(s.Files, s.Hello); err != nil {
		return fmt.Errorf("the greeting: %w", err)
	}
	for _, j := range s.Jobs {
		if j.Units < 1 || j.PerOp < 1 || len(j.Ways) == 0 || j.Ways[0].Racy {
			return fmt.Errorf("job %q: it needs units, and a first way that is right", j.Name)
		}
		if _, err := fs.Stat(s.Files, j.Program); err != nil {
			return fmt.Errorf("job %q: %w", j.Name, err)
		}
		if j.Served && s.Serve == nil {
			return fmt.Errorf("job %q: nothing serves it", j.Name)
		}
	}
	return nil
}

// Of returns the set with those jobs only that stand beside one of the
// scenarios.
func (s Set) Of(scenario func(name string) bool) Set {
	var jobs []Job
	for _, j := range s.Jobs {
		if scenario(j.Ways[0].Case.Scenario) {
			jobs = append(jobs, j)
		}
	}
	s.Jobs = jobs
	return s
}
