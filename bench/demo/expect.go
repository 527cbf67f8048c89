package demo

import "slices"

// A Kind says whether a bug is a data race.
type Kind int

const (
	// DataRace means that two goroutines access the same memory at the same
	// time, one of them writing, without synchronisation. The detector can
	// see it.
	DataRace Kind = iota

	// LogicBug means that every access is synchronised and the result is
	// wrong all the same: no detector of data races can see it.
	LogicBug
)

func (k Kind) String() string {
	if k == LogicBug {
		return "logic bug"
	}
	return "data race"
}

// Often is how often something is to be expected.
type Often int

const (
	Always Often = iota // in every run in which the code ran
	Never
	Sometimes
)

func (o Often) String() string {
	return [...]string{"always", "never", "sometimes"}[o]
}

// An Expectation is what must come true of a demonstration. Tests hold the code
// to it.
type Expectation struct {
	Kind     Kind
	Detector Often  // reports of the race detector
	Vet      string // the analyser of go vet that objects; empty for none
	Runtime  string // part of what the runtime says when it ends the program; empty for nothing

	// Hangs means that the anomaly is a trial that never ends, and Leaks that
	// it is a goroutine that stays.
	Hangs, Leaks bool

	// HiddenOn are the architectures (as in GOARCH) on which no anomaly can
	// show, and Hidden the reason. "*" is every one.
	HiddenOn []string
	Hidden   string

	// OneCore means that the anomaly needs no second core.
	OneCore bool
}

// Here reports whether an anomaly can show on an architecture with so many
// cores in use (the least of the processors and GOMAXPROCS), and if not, why.
func (e *Expectation) Here(arch string, cores int) (visible bool, why string) {
	switch {
	case slices.Contains(e.HiddenOn, arch) || slices.Contains(e.HiddenOn, "*"):
		return false, e.Hidden
	case cores < 2 && !e.OneCore:
		return false, "one core: goroutines take turns of 10 ms, and never meet"
	}
	return true, ""
}
