package chart

import (
	"cmp"
	"slices"
)

// spread moves labels apart along one axis. It takes where they would like to
// be centred and returns where they go, in the order given: at least gap
// apart, within lo and hi, and together as little away from their wish (in the
// sum of squares) as that allows. If lo to hi is too short for all of them
// they are set evenly, closer than gap.
//
// Taking i times the gap from the i-th wish in order turns "at least gap
// apart" into "not decreasing", and the nearest such sequence is found by
// merging neighbours that are in the wrong order into blocks at their mean.
func spread(wish []float64, gap, lo, hi float64) []float64 {
	n := len(wish)
	if n == 0 {
		return nil
	}
	if n > 1 {
		gap = min(gap, (hi-lo)/float64(n-1))
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(wish[a], wish[b]) })

	type block struct {
		sum   float64
		count int
	}
	mean := func(b block) float64 { return b.sum / float64(b.count) }
	var blocks []block
	for i, at := range order {
		blocks = append(blocks, block{wish[at] - float64(i)*gap, 1})
		for k := len(blocks) - 1; k > 0 && mean(blocks[k-1]) >= mean(blocks[k]); k-- {
			blocks[k-1].sum += blocks[k].sum
			blocks[k-1].count += blocks[k].count
			blocks = blocks[:k]
		}
	}

	placed := make([]float64, n)
	i := 0
	for _, b := range blocks {
		at := min(max(mean(b), lo), hi-float64(n-1)*gap)
		for range b.count {
			placed[order[i]] = at + float64(i)*gap
			i++
		}
	}
	return placed
}
