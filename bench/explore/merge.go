package explore

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"reflect"
	"strconv"
)

// A merge remembers for each state how many schedules lead on from it to each
// outcome. The search asks at every new node, and does not go on where the
// answer is known.
type merge struct {
	states map[fingerprint]tally
	path   []visit // one for each node of the search
	total  tally   // of what the search is through with
	buffer []byte
	bytes  int64 // estimated memory of the map
}

// A fingerprint is a state: what the explorer sees of it, and the rest as the
// body declares it.
type fingerprint struct {
	seen string
	rest any
}

// A tally is a number of schedules for each outcome, by its number. Numbers
// that would be too large stay at the largest.
type tally []uint64

// A visit is a state whose tally is being counted.
type visit struct {
	state fingerprint
	tally tally
}

// perState is about what a state takes in memory beside its text and tally:
// the entry of the map, and a fingerprint of some words.
const perState = 160

var errNoFingerprint = errors.New("explore: to merge states, the body must call T.Fingerprint: without the live locals of its threads, different states would be taken for equal")

// known looks up the state that the search has come to. If it is an old one,
// what is known of it counts for the state before.
func (m *merge) known(t *T, s *search) bool {
	state := m.fingerprint(t)
	if s.bound >= 0 {
		return m.cheaper(t, state)
	}
	if tally, ok := m.states[state]; ok {
		m.current().add(tally)
		return true
	}
	m.path = append(m.path, visit{state: state})
	return false
}

// cheaper reports whether a bounded search was in this state before, with the
// same thread going and no more pre-emptions spent: then whatever can be
// reached from here was reached from there.
func (m *merge) cheaper(t *T, state fingerprint) bool {
	last := byte(none + 256)
	if p := len(t.schedule); p > 0 {
		last = t.schedule[p-1]
	}
	state.seen += string(rune(last))
	if spent, ok := m.states[state]; ok && spent[0] <= uint64(t.switches) {
		return true
	}
	m.remember(state, tally{uint64(t.switches)})
	return false
}

func (m *merge) remember(state fingerprint, t tally) {
	if _, old := m.states[state]; !old {
		m.bytes += perState + int64(len(state.seen)) + 8*int64(len(t))
	}
	m.states[state] = t
}

// leave is called when everything that follows from the last state of the path
// is counted.
func (m *merge) leave() {
	if len(m.path) == 0 {
		return // a bounded search counts nothing
	}
	last := m.path[len(m.path)-1]
	m.path = m.path[:len(m.path)-1]
	m.remember(last.state, last.tally)
	m.current().add(last.tally)
}

// current returns the tally of the last state of the path, or the total.
func (m *merge) current() *tally {
	if n := len(m.path); n > 0 {
		return &m.path[n-1].tally
	}
	return &m.total
}

// fingerprint returns the state between two steps. How many steps a thread has
// taken and what it does next says where in its function it is, as long as the
// body declares the locals. Its number does not say which function that is, if
// threads start threads: these get their numbers in the order of starting.
func (m *merge) fingerprint(t *T) fingerprint {
	if t.locals == nil {
		t.fail(errNoFingerprint)
	}
	b := append(m.buffer[:0], t.wrong...)
	b = strconv.AppendInt(append(b, 0), int64(t.now), 10)
	for _, th := range t.threads {
		b = append(append(b, ';'), th.origin...)
		b = strconv.AppendInt(append(b, ' '), int64(th.steps), 10)
		if th.done {
			continue
		}
		b = append(append(b, ' '), th.pending.verb...)
		if o := th.pending.obj; o != nil {
			b = strconv.AppendInt(append(b, ' '), int64(o.index), 10)
		}
		if _, sleeps := th.pending.wait.(*sleeper); sleeps {
			b = strconv.AppendInt(append(b, ' '), int64(th.wake), 10)
		}
	}
	for _, o := range t.objects {
		if b = append(b, ';'); o.state != nil {
			b = o.state.append(b)
		}
	}
	m.buffer = b
	rest := t.locals()
	if v := reflect.ValueOf(rest); v.IsValid() && (!v.Comparable() || !plain(v.Type())) {
		t.fail(fmt.Errorf("explore: the fingerprint is a %T: want a number, a string, or an array or struct of them", rest))
	}
	return fingerprint{string(b), rest}
}

// add adds the counts of another tally.
func (t *tally) add(other tally) {
	for i, n := range other {
		t.count(i, n)
	}
}

// count adds schedules of one outcome.
func (t *tally) count(outcome int, schedules uint64) {
	for len(*t) <= outcome {
		*t = append(*t, 0)
	}
	(*t)[outcome] = addUp((*t)[outcome], schedules)
}

// addUp adds two numbers of schedules. What would be too large stays at the
// largest.
func addUp(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}
