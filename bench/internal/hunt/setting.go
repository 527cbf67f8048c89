package hunt

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Setting is the circumstances of a process.
type Setting struct {
	Race  bool `json:"race"`
	Procs int  `json:"gomaxprocs"`
	Core  bool `json:"one_core,omitempty"` // bound to one core
	Group bool `json:"group,omitempty"`    // all tests of the package, shuffled
}

// String describes the setting in words.
func (s Setting) String() string {
	var words []string
	if s.Group {
		words = append(words, "all tests together")
	}
	if s.Race {
		words = append(words, "-race")
	}
	words = append(words, fmt.Sprintf("GOMAXPROCS=%d", s.Procs))
	if s.Core {
		words = append(words, "on one core")
	}
	return strings.Join(words, ", ")
}

// settings returns the circumstances to go through, again and again. Most of
// the processes with the detector have the usual ones, all cores and no
// binding: some races need two threads that really run at the same time, and
// others need anything but that. The detector sees what does not show, so that
// only a fifth or less goes without it, where the runtime notices deadlocks and
// a test takes a fraction of the time. On one core with GOMAXPROCS=1 nothing is
// different from GOMAXPROCS=1 alone.
func settings(procs []int, race, pin bool) []Setting {
	var with, without []Setting
	most := procs[len(procs)-1]
	for _, n := range procs {
		for _, core := range []bool{false, true} {
			if core && (n == 1 || !pin) {
				continue
			}
			without = append(without, Setting{Procs: n, Core: core})
			if n != most || core {
				with = append(with, Setting{Race: true, Procs: n, Core: core})
			}
		}
	}
	if !race {
		return without
	}
	for range 3 * max(1, len(with)) {
		with = append(with, Setting{Race: true, Procs: most})
	}
	// Of those without, the extremes: all cores, and threads that the kernel
	// interrupts anywhere.
	for _, s := range without {
		if s.Procs == most {
			with = append(with, s)
		}
	}
	return with
}

// procsList returns the values of GOMAXPROCS to try.
func procsList(cores int) []int {
	list := []int{1, 2, cores}
	slices.Sort(list)
	return slices.Compact(list)
}

// shuffled returns the settings in another order, with the detector first and
// all cores: what most people would run.
func shuffled(all []Setting, random *rand.Rand) []Setting {
	all = slices.Clone(all)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	usual := slices.MaxFunc(all, func(a, b Setting) int {
		rank := func(s Setting) int {
			r := 2 * s.Procs
			if s.Race {
				r += 1 << 20
			}
			if !s.Core {
				r++
			}
			return r
		}
		return cmp.Compare(rank(a), rank(b))
	})
	i := slices.Index(all, usual)
	all[0], all[i] = all[i], all[0]
	return all
}

// A Way is a setting with the numbers that make a process repeatable.
type Way struct {
	Setting
	Count int    `json:"count"`             // runs of each test in the process
	Seed  uint64 `json:"shuffle,omitempty"` // of the order of a group
	Watch bool   `json:"watch,omitempty"`   // look for leaks
}

// exactly is the expression for -run that matches these tests only.
func exactly(tests []string) string {
	if len(tests) == 1 {
		return "^" + tests[0] + "$"
	}
	return "^(" + strings.Join(tests, "|") + ")$"
}

// quoted is an argument as a shell wants it.
func quoted(arg string) string {
	if !strings.ContainsAny(arg, " \t\n'\"\\$`!*?[](){}<>|&;#~^") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
