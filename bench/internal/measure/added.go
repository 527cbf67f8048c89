package measure

import (
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// What is measured for claims alone is not compared with everything else: a few
// processes are enough, and it must not take the time of what a run is for.
const (
	addedEach  = 4200 * time.Millisecond // a block's at most
	addedPart  = 20                      // or this fraction of a budget that somebody names
	addedMost  = 12 * time.Second        // what all of them add to the default budget
	addedFew   = 4                       // expensive blocks get by with so many forks
	addedForks = 8
	addedRound = 3 // rounds at most
)

// A Wanted case is needed by a claim.
type Wanted struct {
	Case bench.Case
	For  string // the name of the claim
}

// Complete adds blocks for the wanted cases that are in none, each behind those
// of its scenario. A case of a scenario that is not among all is left out.
func Complete(blocks []Block, all []bench.Scenario, wanted []Wanted) []Block {
	blocks = slices.Clone(blocks)
	for _, w := range wanted {
		i := slices.IndexFunc(all, func(s bench.Scenario) bool { return s.Name == w.Case.Scenario })
		if i < 0 || all[i].Variant(w.Case.Variant) == nil {
			continue
		}
		blocks = complete(blocks, &all[i], w)
	}
	return blocks
}

func complete(blocks []Block, s *bench.Scenario, w Wanted) []Block {
	racy := s.Variant(w.Case.Variant).Racy
	behind := len(blocks)
	for i := range blocks {
		b := &blocks[i]
		if b.Scenario.Name == s.Name {
			behind = i + 1
		}
		has := slices.Contains(b.Cases, w.Case)
		if has && len(b.For) == 0 {
			return blocks // the run was asked for it
		}
		if len(b.For) > 0 && b.Scenario.Name == s.Name && b.Params == w.Case.Params && b.Procs == w.Case.Procs && b.Racy == racy {
			if !has {
				b.Cases = append(b.Cases, w.Case)
			}
			if !slices.Contains(b.For, w.For) {
				b.For = append(b.For, w.For)
			}
			return blocks
		}
	}
	return slices.Insert(blocks, behind, Block{
		Scenario: s, Params: w.Case.Params, Procs: w.Case.Procs, Racy: racy, Cases: []bench.Case{w.Case}, For: []string{w.For},
	})
}

// added reports whether the block is there for claims alone.
func (b *Block) added() bool { return len(b.For) > 0 }

// addedShare returns the time that a block of a claim may take of a budget; 0
// is no limit.
func (p *Plan) addedShare() time.Duration {
	switch {
	case p.Budget == 0:
		return 0
	case p.Options.Budget > 0:
		return min(addedEach, p.Budget/addedPart)
	}
	return addedEach
}

// addedTime returns the time that a block of a claim will need.
func (b *Planned) addedTime(share time.Duration, o Options) time.Duration {
	fitted := *b
	fitted.Cases = slices.Clone(b.Cases)
	fitted.Left = nil
	fitted.fit(share, o)
	return fitted.Time()
}
