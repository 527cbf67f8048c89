package hunt

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The number of runs is that of the chance that makes what was seen likeliest,
// here found by brute force.
func TestRunsFor(t *testing.T) {
	for _, ta := range []tally{
		{seen: [2]int{1, 0}, of: [2]int{1, 0}, runs: [2]int{1, 0}},
		{seen: [2]int{10, 0}, of: [2]int{10, 0}, runs: [2]int{10, 0}},
		{seen: [2]int{0, 3}, of: [2]int{5, 9}, runs: [2]int{5, 900}},
		{seen: [2]int{1, 0}, of: [2]int{3, 13}, runs: [2]int{3, 700}},
		{seen: [2]int{3, 4}, of: [2]int{3, 4}, runs: [2]int{3, 1200}},
		{seen: [2]int{0, 1}, of: [2]int{20, 60}, runs: [2]int{20, 60000}},
	} {
		best, most := 0.0, 0.0
		for i := 1; i < 300_000; i++ {
			p := float64(i) / 300_000
			l := math.Sqrt(1 - p)
			for k := range ta.of {
				miss := math.Pow(1-p, float64(ta.runs[k])/math.Max(1, float64(ta.of[k])))
				l *= math.Pow(1-miss, float64(ta.seen[k])) * math.Pow(miss, float64(ta.of[k]-ta.seen[k]))
			}
			if l > most {
				best, most = p, l
			}
		}
		want := math.Log(0.05) / math.Log(1-best)
		if got := float64(ta.runsFor()); math.Abs(got-want) > 1+0.03*want {
			t.Errorf("%+v: %v runs, want %.1f", ta, got, want)
		}
	}
}

// enterN enters n processes, of which the first k show a sighting.
func enterN(l *ledger, j *job, w Way, n, k int, s sighting) {
	for i := range n {
		l.ran(j, w, &Outcome{Watched: w.Watch})
		if i < k {
			l.process([]shown{{s, placeOf(j, w), w.Seed}})
		}
	}
}

func filled() (*ledger, []*pkg) {
	p := shop("TestMap", "TestStock", "TestClean")
	p2 := &pkg{ImportPath: "example.com/shop/cart", tests: []string{"TestAdd"}, again: map[string]struct{}{"TestAdd": {}}}
	l := newLedger("")
	alone, stock, clean, group := aJob(p, false, "TestMap"), aJob(p, false, "TestStock"), aJob(p, false, "TestClean"), aJob(p, true, p.tests...)
	add := aJob(p2, false, "TestAdd")
	inRace := Setting{Race: true, Procs: 2}
	core := Setting{Race: true, Procs: 2, Core: true}
	together := Setting{Race: true, Procs: 2, Group: true}
	mapRace := sighting{kind: Race, key: "a b", tests: []string{"TestMap"}, title: "write and read", lines: []string{"read at shop.go:13 in shop.(*Cart).Add", "write at shop.go:15 in shop.(*Cart).Len"}}
	enterN(l, alone, Way{Setting: inRace, Count: 1}, 10, 0, mapRace)
	enterN(l, alone, Way{Setting: inRace, Count: 200}, 10, 3, mapRace)
	enterN(l, alone, Way{Setting: core, Count: 200}, 10, 2, mapRace)
	enterN(l, alone, Way{Setting: Setting{Procs: 2}, Count: 500}, 10, 0, mapRace)
	enterN(l, group, Way{Setting: together, Count: 50, Seed: 7}, 5, 1, mapRace)
	deadlock := sighting{kind: Deadlock, key: "x", tests: []string{"TestStock"}, title: "all goroutines are asleep", lines: []string{"sync.Mutex.Lock at stock.go:20 in shop.Sell.func1", "sync.Mutex.Lock at stock.go:29 in shop.Sell.func2"}}
	enterN(l, stock, Way{Setting: Setting{Procs: 1}, Count: 1}, 4, 0, deadlock)
	enterN(l, stock, Way{Setting: Setting{Procs: 2, Core: true}, Count: 100}, 40, 1, deadlock)
	enterN(l, clean, Way{Setting: inRace, Count: 1, Watch: true}, 8, 0, deadlock)
	leak := sighting{kind: Leak, key: "l", title: "goroutine left behind", lines: []string{"chan send at shop.go:40 in shop.Watch.func1"}}
	enterN(l, group, Way{Setting: together, Count: 1, Seed: 9, Watch: true}, 3, 3, leak)
	enterN(l, add, Way{Setting: Setting{Procs: 2}, Count: 1}, 12, 3, sighting{kind: Failure, key: "TestAdd", tests: []string{"TestAdd"}, title: "cart_test.go:8: got 1, want 2"})
	return l, []*pkg{p, p2}
}

// What the terminal shows.
func TestText(t *testing.T) {
	l, packages := filled()
	h := &hunter{ledger: l, packages: packages, detector: true, Options: Options{Seed: 42}, notes: []string{
		"without tests: example.com/shop/none", "leaks: not looked for in example.com/shop/cart, its TestMain does not call m.Run itself",
	}, elapsed: 30 * time.Second}
	r, err := h.result(false)
	if err != nil {
		t.Fatal(err)
	}
	r.Procs, r.OneCore = []int{1, 2, 8}, true
	var out bytes.Buffer
	if err := r.Text(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, "text.golden", out.Bytes())
	for i, line := range bytes.Split(out.Bytes(), []byte("\n")) {
		if !bytes.HasPrefix(line, []byte("  repeat: ")) && len([]rune(string(line))) > 80 {
			t.Errorf("line %d has more than 80 columns: %s", i+1, line)
		}
	}

	nothing := &Result{Packages: []string{"example.com/shop"}, Elapsed: time.Second, Processes: 1, Procs: []int{1}, Seed: 1, Interrupted: true,
		Notes: []string{"race detector: not run, cgo is off: set CGO_ENABLED=1"},
		Tests: []Test{{Package: "example.com/shop", Name: "TestWithAVeryLongNameThatDoesNotFitIntoTheColumn", Runs: 1, Processes: 1}}}
	out.Reset()
	if err := nothing.Text(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, "nothing.golden", out.Bytes())

	left := &Result{Findings: r.Findings[:1], Tests: []Test{{Name: "TestLeak", Runs: 60, Processes: 60, Showed: map[Kind]int{Leak: 3}}}}
	out.Reset()
	if err := left.Text(&out); err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(said, "once 3 of a test alone have left goroutines, no more are.") {
		t.Errorf("3 leaks in 60 processes are not explained:\n%s", out.String())
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

func TestQuoted(t *testing.T) {
	for arg, want := range map[string]string{
		"./...": "./...", "^TestA$": "'^TestA$'", "a,b": "a,b", "it's": `'it'\''s'`, "a b": "'a b'",
	} {
		if got := quoted(arg); got != want {
			t.Errorf("%s: %s, want %s", arg, got, want)
		}
	}
}
