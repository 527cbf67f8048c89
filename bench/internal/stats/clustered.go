package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Cluster is what was counted in one process: K of N.
type Cluster struct{ K, N int }

// Clustered returns the part of all trials that counted, and an interval that
// takes the clusters as the unit: trials of one process resemble each other, so
// they tell less than as many independent ones. It is the interval of Korn and
// Graubard (Survey Methodology 24, 1998): that of Clopper and Pearson, for as
// many trials as would give the variance that is seen between clusters, and
// widened for the few clusters that this is estimated from. Where all clusters
// agree at none or at all, no variance is seen, and the trials count as they
// are. N is the number of clusters.
func Clustered(clusters []Cluster, confidence float64) Interval {
	k, n := 0, 0
	for _, c := range clusters {
		k, n = k+c.K, n+c.N
	}
	if n == 0 {
		return Interval{}
	}
	tail := (1 - confidence) / 2
	part := float64(k) / float64(n)
	effective := float64(n)
	if m := float64(len(clusters)); k > 0 && k < n {
		if m < 2 {
			return Interval{Value: part, Lo: 0, Hi: 1, N: 1}
		}
		// The variance of a ratio of two sums over clusters.
		sum := 0.0
		for _, c := range clusters {
			d := float64(c.K) - part*float64(c.N)
			sum += d * d
		}
		variance := m / (m - 1) * sum / float64(n*n)
		if variance > 0 {
			widen := distuv.UnitNormal.Quantile(tail) / TQuantile(tail, len(clusters)-1)
			effective = min(effective, part*(1-part)/variance*widen*widen)
		}
	}
	yes, no := part*effective, (1-part)*effective
	i := Interval{Value: part, Lo: 0, Hi: 1, N: len(clusters)}
	if k > 0 {
		i.Lo = distuv.Beta{Alpha: yes, Beta: no + 1}.Quantile(tail)
	}
	if k < n {
		i.Hi = distuv.Beta{Alpha: yes + 1, Beta: no}.Quantile(1 - tail)
	}
	if math.IsNaN(i.Lo) || math.IsNaN(i.Hi) { // beyond what the quantile can do
		i.Lo, i.Hi = 0, 1
	}
	return i
}
