package stats

import (
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
	p  float64
	df int
}

// mostQuantiles bounds what is kept: simulations may ask for any number.
const mostQuantiles = 10_000

// TQuantile returns the p-quantile of Student's t distribution with df degrees
// of freedom.
func TQuantile(p float64, df int) float64 {
	key := quantileKey{p, df}
	quantiles.RLock()
	q, ok := quantiles.known[key]
	quantiles.RUnlock()
	if ok {
		return q
	}
	q = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(p)
	quantiles.Lock()
	defer quantiles.Unlock()
	if len(quantiles.known) >= mostQuantiles {
		clear(quantiles.known)
	}
	quantiles.known[key] = q
	return q
}
