package provoke_test

import (
	"os"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/scenarios/races"
)

// The test binary is its own child. Under go test -race it is a program with
// the race detector, too.
func TestMain(m *testing.M) {
	provoke.Serve(slices.Concat(races.All().Demos, faults))
	os.Exit(m.Run())
}

func self(t *testing.T) provoke.Program {
	t.Helper()
	p, err := provoke.Self()
	if err != nil {
		t.Fatal(err)
	}
	// With the detector every child would sleep for a second at its end.
	p.Env = []string{"GORACE=atexit_sleep_ms=0"}
	return p
}
