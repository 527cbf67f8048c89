package measure

import "time"

// A state is how far a block is.
type state struct {
	forks          int           // that are done
	replaced       int           // that were lost, and made again
	spent, planned time.Duration // by all of them: what they took, and what the plan said
	open           bool          // its share of the budget ended it, and more could decide more
}

// blocks measures all blocks, and goes on with those that are open as long as
// something of the budget is left: blocks before them were given their share of
// it without need.
func (r *runner) blocks() error {
	for i := range r.plan.Blocks {
		if err := r.block(i); err != nil {
			return err
		}
	}
	r.spare = true
	for used := true; used; {
		var err error
		if used, err = r.again(); err != nil {
			return err
		}
	}
	for i := range r.states {
		if !r.states[i].open {
			continue
		}
		if err := r.missing(&r.plan.Blocks[i]); err != nil {
			return err
		}
		if err := r.end(i); err != nil {
			return err
		}
	}
	return nil
}

// again shares out what the budget has left among the blocks that are open, and
// reports whether one of them had a use for it.
func (r *runner) again() (used bool, err error) {
	open := time.Duration(0)
	for i := range r.states {
		if r.states[i].open {
			open++
		}
	}
	for i := range r.states {
		s := &r.states[i]
		if !s.open {
			continue
		}
		share := (r.plan.Budget - r.passed()) / open
		if open--; share <= 0 {
			return false, nil
		}
		before := s.forks
		r.until = r.passed() + share
		if err := r.forks(i, share); err != nil {
			return false, err
		}
		if used = used || s.forks > before; s.open {
			continue
		}
		if err := r.end(i); err != nil {
			return false, err
		}
	}
	return used, nil
}
