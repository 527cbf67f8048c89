package provoke

import "testing"

// A child of racy code that falls silent hangs; one of a fix could not do its job.
func TestSilent(t *testing.T) {
	for _, wrong := range []bool{true, false} {
		r := &Rate{examples: make(map[string]int)}
		made := r.add(&Outcome{Hello: true, End: End{Kind: Silent}}, wrong)
		if hung := made == 1 && r.Hangs == 1 && r.Anomalies == 1 && len(r.Ends) == 0; hung != wrong {
			t.Errorf("of code that is wrong (%v): %d trials, %d hangs, ends %v", wrong, made, r.Hangs, r.Ends)
		}
		if !wrong && (made != 0 || len(r.Ends) != 1) {
			t.Errorf("of a fix: %d trials, ends %v", made, r.Ends)
		}
	}
	r := &Rate{examples: make(map[string]int)}
	if made := r.add(&Outcome{End: End{Kind: Silent}}, true); made != 0 || len(r.Ends) != 1 {
		t.Errorf("one that never began: %d trials, ends %v", made, r.Ends)
	}
}
