package chart

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// A figurer is any of the five kinds of chart.
type figurer interface{ Figure() (*Figure, error) }

// counterTimes is a shared counter in twelve ways: ns per increment with 1, 2,
// 4 and 8 goroutines on two cores.
var counterTimes = []struct {
	name string
	ns   [4]float64
}{
	{"local sum, merge once", [4]float64{0.31, 0.31, 0.35, 0.35}},
	{"sharded, padded 128 B", [4]float64{5.63, 2.85, 2.85, 2.86}},
	{"xsync.Counter", [4]float64{11.8, 6.1, 6.0, 6.0}},
	{"sharded, unpadded", [4]float64{5.64, 10.5, 9.7, 8.8}},
	{"atomic.Add", [4]float64{5.64, 10.9, 11.2, 11.4}},
	{"CAS loop", [4]float64{5.69, 12.6, 13.5, 12.9}},
	{"Mutex", [4]float64{11.7, 15.8, 41.7, 43.7}},
	{"Mutex with defer", [4]float64{13.7, 23.2, 44.1, 49}},
	{"RWMutex.Lock", [4]float64{23.9, 26.9, 57, 112}},
	{"channel owner, buffer 1024", [4]float64{47, 44, 43, 38}},
	{"channel owner, unbuffered", [4]float64{143, 137, 143, 572}},
	{"channel as a lock", [4]float64{61, 130, 190, 205}},
}

func nanoseconds(v float64) string { return shortest(v) + " ns" }

func sampleDots() Dots {
	d := Dots{
		Title:    "Only counters that share nothing get faster with a second core",
		Subtitle: "Shared counter, ns per increment; dot = median, line = 95 % interval, n = 10; 2-core AMD EPYC, Go 1.26",
		Series:   []string{"1 worker", "2 workers", "4 workers", "8 workers"},
		Log:      true, Format: nanoseconds, XLabel: "time per increment",
	}
	for i, c := range counterTimes {
		row := Row{Label: c.name}
		for k, ns := range c.ns {
			w := 0.03 + 0.04*float64((i+k)%5)
			p := Point{X: ns, Lo: ns * (1 - w), Hi: ns * (1 + 1.5*w)}
			if k == 1 {
				p.Label = nanoseconds(ns)
			}
			p.Open = i == 9 && k == 3
			if p.Missing = i == 11 && k == 2; p.Missing {
				p.Label = "not run"
			}
			row.Points = append(row.Points, p)
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

func sampleSpeedups() Dots {
	d := Dots{
		Title:    "Chunks over an atomic index come within 1 % of two cores",
		Subtitle: "1 µs of work per item, speedup over the sequential loop with 2 workers; n = 20",
		XLabel:   "speedup", Reference: 1, ReferenceLabel: "as fast as sequential",
		Format: func(v float64) string { return shortest(v) + "×" },
	}
	for i, r := range []struct {
		name string
		x    float64
	}{{"atomic index, chunked", 1.98}, {"chunks over a channel", 1.87}, {"conc iter.Mapper", 1.66}, {"fixed pool, buffer 256", 1.14}, {"fixed pool, unbuffered", 0.8}, {"goroutine per item", 0.67}, {"errgroup.SetLimit(2)", 0.62}, {"pond v2", 0.51}} {
		w := 0.02 + 0.01*float64(i%4)
		d.Rows = append(d.Rows, Row{r.name, []Point{{X: r.x, Lo: r.x - w, Hi: r.x + w, Label: fmt.Sprintf("%.2f ±%.2f", r.x, w)}}})
	}
	return d
}

func sampleLines() Lines {
	l := Lines{
		Title:    "More workers than cores gain nothing",
		Subtitle: "Pool map of 1000 items of 100 µs; median and 95 % interval, n = 20; 2-core AMD EPYC, Go 1.26",
		XLabel:   "workers", YLabel: "speedup over the sequential loop",
		Ticks: []float64{1, 2, 3, 4, 8, 16}, IdealFrom: 1, Mark: 2, MarkLabel: "2 cores",
		Format: func(v float64) string { return shortest(v) + "×" },
	}
	for i, s := range []struct {
		name string
		y    []float64
	}{
		{"atomic index, chunked", []float64{1.0, 1.98, 1.99, 1.99, 1.98, 1.97}},
		{"fixed pool, buffer 256", []float64{0.99, 1.94, 1.96, 1.97, 1.97, 1.96}},
		{"errgroup.SetLimit", []float64{0.97, 1.90, 1.93, 1.94, 1.93, 1.93}},
		{"static split", []float64{1.0, 1.87, 1.9, 1.92, 1.92, 1.93}},
		{"goroutine per item", []float64{0.95, 1.90, 1.90, 1.89, 1.90, 1.90}},
		{"fixed pool, unbuffered", []float64{0.93, 1.47, 1.99, 2.0, 1.98, 1.97}},
	} {
		line := Line{Name: s.name}
		for k, y := range s.y {
			w := 0.01 + 0.01*float64((i+k)%4)
			line.Points = append(line.Points, XY{l.Ticks[k], y, y - w, y + w})
		}
		l.Series = append(l.Series, line)
	}
	return l
}

func sampleManyLines() Lines {
	l := Lines{
		Title:    "A shared counter gets slower with every goroutine, a padded one does not",
		Subtitle: "ns per increment; median, n = 10",
		XLabel:   "goroutines", YLabel: "time per increment", LogY: true, Mark: 2, MarkLabel: "2 cores", Format: nanoseconds,
	}
	for _, c := range counterTimes {
		line := Line{Name: c.name}
		for k, ns := range c.ns {
			line.Points = append(line.Points, XY{float64(int(1) << k), ns, ns * 0.95, ns * 1.06})
		}
		l.Series = append(l.Series, line)
	}
	return l
}

func sampleTimeline() Timeline {
	t := Timeline{
		Title:    "Two tasks that wait take half the time when they wait together",
		Subtitle: "Two tasks of five steps of 10 ms each, one run of each kind",
		XLabel:   "ms", Unit: 0.001,
	}
	var one []Span
	var two, a, b []Span
	for i := range 5 {
		step := "step " + strconv.Itoa(i+1)
		at := 0.01026 * float64(i)
		one = append(one, Span{at, at + 0.01026, "task A", step})
		two = append(two, Span{at + 0.0513, at + 0.0513 + 0.01026, "task B", step})
		a = append(a, Span{at, at + 0.01026, "task A", step})
		b = append(b, Span{at + 0.0002, at + 0.01046, "task B", step})
	}
	a = append(a, Span{0.0513, 0.0513, "done", "done"})
	b = append(b, Span{0.0515, 0.0515, "done", "done after 51.5 ms"})
	t.Groups = []Group{
		{"sequential", []Lane{{"main", append(append(one, two...), Span{0.1026, 0.1026, "done", "done"})}}},
		{"goroutines", []Lane{{"worker 1", a}, {"worker 2", b}}},
	}
	return t
}

func sampleStrips() Strips {
	s := Strips{
		Title:    "Contended counters are bimodal: either truly parallel, or one after the other",
		Subtitle: "Two goroutines, ns per increment, every sample of 20",
		XLabel:   "time per increment", Log: true, Format: nanoseconds,
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	for i, c := range counterTimes[:8] {
		r := Strip{Label: c.name}
		for range 20 {
			v := c.ns[1] * (1 + 0.05*rnd.NormFloat64())
			if i > 2 && rnd.Float64() < 0.4 {
				v *= 0.55
			}
			r.Samples = append(r.Samples, v)
		}
		s.Rows = append(s.Rows, r)
	}
	return s
}

func sampleSchedule() Schedule {
	s := Schedule{
		Title:    "Three additions by each of two goroutines can end with 2",
		Subtitle: "schedule ABBBBAABAAAB, 4 pre-emptions, which is the fewest; n is a plain variable",
		Lanes:    []string{"A", "B"},
		Kinds:    []string{"stale read", "lost write", "overwrites it"},
		Arrows:   []Arrow{{0, 2}, {0, 4}, {7, 8}, {7, 10}},
		State:    []StateRow{{Name: "n", Start: "0"}},
	}
	for i, n := range []int{0, 0, 1, 1, 2, 1, 1, 1, 2, 2, 3, 2} {
		step := Step{Lane: int("ABBBBAABAAAB"[i] - 'A'), Label: "load", Detail: fmt.Sprint("n = ", n)}
		if i > 0 && fmt.Sprint(n) != s.State[0].Values[i-1] {
			step.Label = "store"
		}
		switch i {
		case 0, 7:
			step.Kind = s.Kinds[0]
		case 2, 4, 8, 10:
			step.Kind = s.Kinds[1]
		case 5, 11:
			step.Kind = s.Kinds[2]
		}
		s.Steps = append(s.Steps, step)
		s.State[0].Values = append(s.State[0].Values, fmt.Sprint(n))
	}
	return s
}

func sampleBands() Schedule {
	s := Schedule{
		Title:  "Three threads and a lock",
		Lanes:  []string{"first customer", "second customer", "third customer"},
		State:  []StateRow{{Name: "balance", Start: "100"}, {Name: "lock"}},
		Arrows: []Arrow{{0, 2}, {5, 4}, {6, 10}},
	}
	for i := range 15 {
		s.Steps = append(s.Steps, Step{Lane: i % 3, Label: "load balance", Detail: fmt.Sprint("= ", 100-i), Kind: []string{"", "", "stale read"}[i%3]})
		s.State[0].Values = append(s.State[0].Values, fmt.Sprint(100-i/2))
		s.State[1].Values = append(s.State[1].Values, s.Lanes[i%3])
	}
	return s
}
