package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// quantiles are those of Student's t distribution that were asked for. Each
// takes some 10 µs to find, and a report of ten thousand cases asks for the
// same few thirty thousand times.
var quantiles = struct {
	sync.RWMutex
	known map[quantileKey]float64
}{known: make(map[quantileKey]float64)}

type quantileKey struct {
	p, df float64
}

// mostFreedom is where the distribution is as good as normal.
const mostFreedom = 1000

// mostQuantiles bounds what is kept: simulations may ask for any number.
const mostQuantiles = 10_000

// TQuantile returns the p-quantile of Student's t distribution with df degrees
// of freedom.
func TQuantile(p float64, df int) float64 { return TQuantileOf(p, float64(df)) }

// TQuantileOf is [TQuantile] for degrees of freedom that need not be a whole
// number. They are rounded down to a quarter, of which there are few to find.
func TQuantileOf(p, df float64) float64 {
	key := quantileKey{p, max(math.Floor(4*min(df, mostFreedom))/4, 0.25)}
	quantiles.RLock()
	q, ok := quantiles.known[key]
	quantiles.RUnlock()
	if ok {
		return q
	}
	q = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: key.df}.Quantile(p)
	quantiles.Lock()
	defer quantiles.Unlock()
	if len(quantiles.known) >= mostQuantiles {
		clear(quantiles.known)
	}
	quantiles.known[key] = q
	return q
}
