package record

import (
	"fmt"
	"time"
)

// A Peer is one thing about the same jobs in another language, which a run may
// end with. Exactly one field is set: the interpreter comes first, then each
// way of doing a job, then their trials.
type Peer struct {
	Interpreter *Interpreter `json:"interpreter,omitempty"`
	Way         *PeerWay     `json:"way,omitempty"`
	Trial       *PeerTrial   `json:"trial,omitempty"`
	Void        *PeerVoid    `json:"void,omitempty"`
}

// An Interpreter is what runs the programs of another language.
type Interpreter struct {
	Language       string `json:"language"`                 // "Python"
	Version        string `json:"version,omitempty"`        // "3.11.7"
	Implementation string `json:"implementation,omitempty"` // "CPython"

	// Lock says whether a global lock lets one thread at a time compute. It is
	// nil where that is not known.
	Lock *bool `json:"lock,omitempty"`

	Absent string `json:"absent,omitempty"` // why nothing was run, "" if it was
}

// A PeerKey names a way of doing a job.
type PeerKey struct {
	Job     string `json:"job"` // "counter"
	Way     string `json:"way"` // "lock"
	Workers int    `json:"workers"`
}

// A PeerWay is what a report must know of a way of doing a job in another
// language. The first way of a job is the one that the others are compared
// with.
type PeerWay struct {
	PeerKey
	Title string `json:"title"`           // "count: 2 threads, a lock"
	Unit  string `json:"unit,omitempty"`  // what is timed: "increment"; "" for the whole job
	Case  string `json:"case"`            // the benchmark name of the case of ours to stand beside
	PerOp int    `json:"per-op"`          // units in an operation of that case
	Racy  bool   `json:"racy,omitempty"`  // its total may be wrong, and its time is no speed
	Notes string `json:"notes,omitempty"` // what differs from our case, a sentence
}

// A PeerTrial is one way done once.
type PeerTrial struct {
	PeerKey
	Fork     int           `json:"fork"`  // from 1: the process of its job
	Order    int           `json:"order"` // from 1, within the process
	Units    int           `json:"units"`
	Elapsed  time.Duration `json:"elapsed"` // of all of them, by the clock of the other language
	Total    int64         `json:"total"`
	Expected int64         `json:"expected"`
}

// PerUnit returns the time of one unit in nanoseconds.
func (t *PeerTrial) PerUnit() float64 { return float64(t.Elapsed) / float64(t.Units) }

// A PeerVoid job has no speed in the other language, since a trial failed.
type PeerVoid struct {
	Job   string `json:"job"`
	Wrong bool   `json:"wrong,omitempty"` // the result was wrong; otherwise it could not be measured
	Why   string `json:"why"`
}

// Peers is all that a run has about another language.
type Peers struct {
	Interpreter *Interpreter // nil when there was nothing to be run
	Ways        []PeerWay
	Trials      []PeerTrial // those of void jobs, too
	Voids       []PeerVoid
}

func (p *Peers) add(e *Peer) {
	switch {
	case e.Interpreter != nil:
		p.Interpreter = e.Interpreter
	case e.Way != nil:
		p.Ways = append(p.Ways, *e.Way)
	case e.Trial != nil:
		p.Trials = append(p.Trials, *e.Trial)
	case e.Void != nil:
		p.Voids = append(p.Voids, *e.Void)
	}
}

// Void returns why a job has no speed, or nil.
func (p *Peers) Void(job string) *PeerVoid {
	for i := range p.Voids {
		if p.Voids[i].Job == job {
			return &p.Voids[i]
		}
	}
	return nil
}

func (p *Peers) way(key PeerKey) *PeerWay {
	for i := range p.Ways {
		if p.Ways[i].PeerKey == key {
			return &p.Ways[i]
		}
	}
	return nil
}

// refuse says what is wrong with an event that follows those that there are,
// or nothing.
func (p *Peers) refuse(e *Peer) string {
	switch {
	case e.Interpreter != nil:
		if p.Interpreter != nil {
			return "a second interpreter follows the first"
		}
		return ""
	case p.Interpreter == nil:
		return "the interpreter of another language is not described above"
	case e.Way != nil:
		return p.refuseWay(e.Way)
	case e.Trial != nil:
		return p.refuseTrial(e.Trial)
	}
	return ""
}

func (p *Peers) refuseWay(w *PeerWay) string {
	switch {
	case p.way(w.PeerKey) != nil:
		return fmt.Sprintf("the way %q of %q with %d workers is described a second time", w.Way, w.Job, w.Workers)
	case w.Workers < 1 || w.PerOp < 1:
		return fmt.Sprintf("the way %q of %q has at least one worker, and one unit in an operation", w.Way, w.Job)
	}
	return ""
}

func (p *Peers) refuseTrial(t *PeerTrial) string {
	switch {
	case p.way(t.PeerKey) == nil:
		return fmt.Sprintf("the way %q of %q with %d workers is not described above", t.Way, t.Job, t.Workers)
	case t.Fork < 1 || t.Order < 1 || t.Units < 1:
		return "process, order and units of a trial count from 1"
	case t.Elapsed < 1 || t.Elapsed > MaxElapsed:
		return fmt.Sprintf("the time of a trial is positive and at most %v", MaxElapsed)
	}
	return ""
}
