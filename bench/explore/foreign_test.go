package explore_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestForeignModule has a module of somebody else's with a test of a few lines
// find a lost update, print how to get there, and replay it.
func TestForeignModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module, which a short run leaves out")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.sum": string(sums),
		"go.mod": fmt.Sprintf(`module example.org/bank

go 1.26.0

require github.com/interleave-go/interleave v0.0.0

replace github.com/interleave-go/interleave => %q
`, filepath.ToSlash(root)),
		"bank_test.go": `package bank

import (
	"strconv"
	"testing"

	"github.com/interleave-go/interleave/bench/explore"
)

func deposits(t *explore.T) string {
	balance := explore.NewInt(t, "balance", 0)
	for _, name := range []string{"A", "B"} {
		t.Go(name, func(th *explore.Thread) {
			b := balance.Load(th)
			balance.Store(th, b+10)
		})
	}
	t.Wait()
	if balance.Value() != 20 {
		t.Errorf("a deposit is lost")
	}
	return strconv.Itoa(balance.Value())
}

func TestDeposits(t *testing.T) {
	if err := explore.Check(t.Context(), deposits, explore.Config{}); err != nil {
		t.Error(err)
	}
}

func TestReplay(t *testing.T) {
	trace, err := explore.Replay(deposits, "ABBA")
	if err != nil {
		t.Fatal(err)
	}
	t.Log(trace.Outcome)
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "test", "-v", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("the test has found nothing:\n%s", out)
	}
	for _, want := range []string{
		"--- FAIL: TestDeposits",
		`explore: outcome "10" is wrong: a deposit is lost`,
		"schedule ABBA: 4 steps, 1 pre-emption",
		"bank_test.go:14",
		"step 4 stores what it made from the read in step 1: step 3 is lost",
		"--- PASS: TestReplay",
		"bank_test.go:36: 10",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the log does not have %q:\n%s", want, out)
		}
	}
}
