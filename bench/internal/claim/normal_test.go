package claim

import "math/rand/v2"

// newNormal returns a source of normal numbers, always the same.
func newNormal(seed uint64) func() float64 {
	return rand.New(rand.NewPCG(seed, 1)).NormFloat64
}
