package explore

import (
	"fmt"
	"strings"
)

// Replay runs a body under one schedule, and returns what happened step by
// step. If the schedule does not fit the body, as when the body has changed
// since, the error is a *ReplayError.
func Replay(body Body, schedule Schedule) (*Trace, error) {
	for i := range schedule {
		if schedule.thread(i) < 0 {
			return nil, fmt.Errorf("explore: step %d of the schedule is %q, which is not the letter of a thread; use ParseSchedule for text", i+1, schedule[i])
		}
	}
	t := &T{most: mostSteps, trace: new(Trace)}
	defer t.pool.close()
	var left string   // how the run left the road
	var next Schedule // who could have gone on where the road ended
	t.choose = func(t *T, enabled uint64) int {
		if left = off(t, schedule, enabled); left != "" {
			for i := range t.threads {
				if len(t.schedule) == len(schedule) && enabled>>i&1 == 1 {
					next += Schedule(letters[i])
				}
			}
			return none
		}
		return schedule.thread(len(t.schedule))
	}
	outcome := t.run(body)
	if t.end == faulty {
		return nil, t.fault
	}
	t.trace.end(t, outcome)
	if left == "" && len(t.schedule) < len(schedule) {
		left = fmt.Sprintf("the run is over after %s: %s", count(uint64(len(t.schedule)), "step"), ended(t))
	}
	if left != "" {
		return nil, &ReplayError{Step: len(t.schedule) + 1, Reason: left, Schedule: schedule, Next: next, Trace: t.trace}
	}
	return t.trace, nil
}

// A ReplayError says where a schedule does not fit a body.
type ReplayError struct {
	Step     int // the first that does not fit, counted from 1
	Reason   string
	Schedule Schedule
	Next     Schedule // the threads that can go on, where the schedule ends too early
	Trace    *Trace   // the steps up to there
}

// Error gives the step, with the schedule up to it.
func (e *ReplayError) Error() string {
	road := e.Schedule[:min(e.Step-1, len(e.Schedule))]
	return fmt.Sprintf("explore: the schedule does not fit at step %d (after %q): %s", e.Step, road.String(), e.Reason)
}

// off says how the next step of a schedule leaves the road, "" if it does not.
func off(t *T, schedule Schedule, enabled uint64) string {
	step := len(t.schedule)
	if step == len(schedule) {
		return "the schedule ends, but there are steps left of " + names(t, enabled)
	}
	i := schedule.thread(step)
	switch letter := schedule[step]; {
	case i >= len(t.threads):
		return fmt.Sprintf("there is no thread %c; the last is %s", letter, title(t, len(t.threads)-1))
	case t.threads[i].done:
		return fmt.Sprintf("thread %s has come to its end; there are steps left of %s", title(t, i), names(t, enabled))
	case enabled>>i&1 == 0:
		return fmt.Sprintf("thread %s %s", title(t, i), t.threads[i].pending.wait.blocked(t.threads[i]))
	}
	return ""
}

// names lists threads that can go on.
func names(t *T, enabled uint64) string {
	var list []string
	for i := range t.threads {
		if enabled>>i&1 == 1 {
			list = append(list, title(t, i))
		}
	}
	return strings.Join(list, " and ")
}

// title is the letter of a thread and, if that is another, its name.
func title(t *T, i int) string {
	letter := letters[i : i+1]
	if name := t.threads[i].name; name != letter {
		return fmt.Sprintf("%s (%s)", letter, name)
	}
	return letter
}

// ended says how a run came to its end.
func ended(t *T) string {
	if t.end == finished {
		return "every thread has come to its end"
	}
	return t.reason
}
