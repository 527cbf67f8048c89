package record

import "slices"

// A forkKey is whose fork it is.
type forkKey struct {
	scenario, params string
	procs            int
	racy             bool
	fork             int
}

func (f *Fork) key() forkKey { return forkKey{f.Scenario, f.Params, f.Procs, f.Racy, f.Fork} }

func (m *Measurement) forkKey() forkKey {
	return forkKey{m.Case.Scenario, m.Case.Params, m.Case.Procs, m.Racy, m.Fork}
}

// leaveOut takes the trials of void forks out of the run.
func (r *Run) leaveOut() {
	if len(r.Measurements) == 0 {
		return
	}
	void := make(map[forkKey]bool)
	for i := range r.Forks {
		if f := &r.Forks[i]; f.Void != "" {
			void[f.key()] = true
		}
	}
	if len(void) > 0 {
		r.Measurements = slices.DeleteFunc(r.Measurements, func(m Measurement) bool { return void[m.forkKey()] })
	}
}

// Steal returns the part of processor time that the host gave to others while
// the forks of a scenario measured at one set of parameters and one
// GOMAXPROCS: those of its racy variants, which are never ranked, apart, and
// without void ones. known is false where the machine does not tell, or nothing
// was recorded.
func (r *Run) Steal(scenario, params string, procs int) (part float64, known bool) {
	part, _, known = r.stolen(func(f *Fork) bool {
		return f.Scenario == scenario && f.Params == params && f.Procs == procs && !f.Racy
	})
	return part, known
}

// Stolen returns the part of processor time that the host gave to others while
// the run measured, and the part in the fork that suffered most. Void forks do
// not count.
func (r *Run) Stolen() (part, worst float64, known bool) {
	return r.stolen(func(*Fork) bool { return true })
}

func (r *Run) stolen(of func(*Fork) bool) (part, worst float64, known bool) {
	var stolen, processor float64
	for i := range r.Forks {
		f := &r.Forks[i]
		if f.Void != "" || f.Processor <= 0 || !of(f) {
			continue
		}
		stolen, processor = stolen+float64(f.Stolen), processor+float64(f.Processor)
		worst = max(worst, float64(f.Stolen)/float64(f.Processor))
	}
	if processor <= 0 {
		return 0, 0, false
	}
	return stolen / processor, worst, true
}
