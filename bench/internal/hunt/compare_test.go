package hunt

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
)

var compare = flag.Duration("compare", 0, "compare hunt with go test -race -count for this time each")

// TestCompare measures what is claimed of hunt: that it finds, in a given time,
// at least what go test -race -count finds in that, in a module whose faults
// show seldom. Its figures depend on the machine, so it asserts nothing, and
// runs only when asked for:
//
//	go test ./bench/internal/hunt -run TestCompare -compare 30s -v
//
// Both have their tests built before. Go test is given one call for each
// package, at the same time, as it would run them; a call that a panic or a
// hang ends before its time is started again.
func TestCompare(t *testing.T) {
	if *compare == 0 {
		t.Skip("measures; run with -compare 30s")
	}
	dir := filepath.Join("testdata", "seldom")
	for n := range 3 {
		r, err := Run(t.Context(), Options{Packages: []string{"./..."}, Dir: dir, For: *compare, Seed: uint64(n)})
		if err != nil {
			t.Fatal(err)
		}
		var ours []string
		for _, f := range r.Findings {
			if f.Kind == Race {
				ours = append(ours, f.key)
			}
		}
		theirs := goTestFinds(t, dir, *compare)
		t.Logf("round %d: data races: hunt %d in %d processes, go test -race -count %d", n+1, len(ours), r.Processes, len(theirs))
		for _, key := range unique(append(ours, theirs...)) {
			t.Logf("  hunt %5t, go test %5t: %s", slices.Contains(ours, key), slices.Contains(theirs, key), key)
		}
		for _, f := range r.Findings {
			if f.Kind != Race {
				t.Logf("  hunt found a %s in %v", f.Kind, f.Tests)
			}
		}
	}
}

// goTestFinds runs go test -race -count on both packages for so long, and
// returns what it showed, in the words of hunt.
func goTestFinds(t *testing.T, dir string, d time.Duration) []string {
	base, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	env, err := toolchain{dir: dir}.environment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := classifier{goroot: env.GOROOT, base: base}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	found := make(chan []string, 2)
	for _, name := range []string{"quiet", "loud"} {
		p := shop()
		p.ImportPath = "example.com/seldom/" + name
		go func() {
			var all []string
			for ctx.Err() == nil {
				cmd := exec.CommandContext(ctx, "go", "test", "-race", "-count=100000", "-timeout=10s", "./"+name)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
				child.DieWithParent(cmd)
				cmd.Cancel = func() error { child.Kill(cmd); return nil }
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				onOwnThread(cmd.Run)
				for _, s := range c.sightings(&job{pkg: p, group: true}, &Outcome{Output: out.String()}) {
					if s.kind == Race {
						all = append(all, s.key)
					}
				}
			}
			found <- all
		}()
	}
	return unique(slices.Concat(<-found, <-found))
}
