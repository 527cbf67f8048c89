package gate

import (
	"context"

	"github.com/interleave-go/interleave/bench"
)

// A Detector runs trials of a case under the race detector. When found is true
// it goes on for longer, until there is a report.
type Detector func(ctx context.Context, c bench.Case, found bool) (Detection, error)

// A Detection is what the race detector said about a case.
type Detection struct {
	Reports int // 0 says that none was made, not that there is no race
	Trials  int
	Missing string // why there is no race detector here, "" if there is
	Failed  string // why the case could not be run, "" if it could
	Wrong   bool   // it failed since its result was wrong
}

// races answers the questions about races.
func (c *Check) races(ctx context.Context, open []*pending) error {
	seen := make(map[bench.Case]Detection)
	for _, p := range open {
		if p.Kind != Race {
			continue
		}
		d, known := seen[p.Case]
		if !known {
			var err error
			if d, err = c.Detect(ctx, p.Case, p.Found); err != nil {
				return err
			}
			seen[p.Case] = d
		}
		p.detected(d)
	}
	return nil
}

// detected answers a question from what the detector said.
func (p *pending) detected(d Detection) {
	trials := some(d.Trials, "trial")
	switch {
	case d.Missing != "":
		p.Outcome, p.Reason = Undecided, "there is no race detector here: "+d.Missing
		if !p.Question.Rule.Needs.Cgo {
			p.Reason += "; a rule with needs: {cgo: true} is skipped where there is no C compiler"
		}
		return
	case d.Failed != "" && d.Wrong:
		p.Outcome, p.Reason = Fail, d.Failed
		return
	case d.Failed != "":
		p.Outcome, p.Reason = Broken, "under the race detector: "+d.Failed
		return
	}
	p.exactly(float64(d.Reports), noun(d.Reports, "report")+" in "+trials, 1)
	switch {
	case p.Found == (d.Reports > 0):
		p.Outcome = Pass
	case p.Found:
		p.Outcome, p.Reason = Fail, "the race detector reported nothing in "+trials
	default:
		p.Outcome, p.Reason = Fail, "the race detector reports a data race: see it with go test -race"
	}
}
