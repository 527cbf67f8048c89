package served

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every place where the time of a benchmark begins, ends or is set to nothing
// has the processor time beside it.
func TestHooked(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("there is no go command")
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src", "testing", "benchmark.go"))
	if err != nil {
		t.Fatal(err)
	}
	source := string(data)
	got, err := Hooked(source)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"interleaveBegan = interleaveNow()\n":                     strings.Count(source, "b.start = highPrecisionTimeNow()\n"),
		"interleaveUsed += interleaveNow() - interleaveBegan\n":   strings.Count(source, "b.duration += highPrecisionTimeSince(b.start)\n"),
		"interleaveUsed = 0\n":                                    strings.Count(source, "b.duration = 0\n"),
		"interleaveParallel += int64(":                            1,
		"InterleaveHold(b); return }":                             1,
		"func interleaveLoops(b *B) bool { return b.loop.n > 0 }": 1,
	} {
		if n := strings.Count(got, text); n != want || n == 0 {
			t.Errorf("%q stands there %d times, want %d", text, n, want)
		}
	}
	for _, line := range []string{"func (b *B) launch() {", "b.duration = 0"} {
		if _, err := Hooked(strings.ReplaceAll(source, line, "other"+line)); !errors.Is(err, ErrNoHook) {
			t.Errorf("without %q: %v", line, err)
		}
	}
}

// Older versions write it otherwise.
func TestHookedOlder(t *testing.T) {
	const common = "func (b *B) launch() {\n}\nfunc (b *B) RunParallel(body func(*PB)) {\n}\nb.start = time.Now()\nb.duration += time.Since(b.start)\nb.duration = 0\n"
	for source, want := range map[string]string{common: "return false", common + "b.loopN = 0\n": "return b.loopN > 0"} {
		if got, err := Hooked(source); err != nil || !strings.Contains(got, want) {
			t.Errorf("%v:\n%s", err, got)
		}
	}
}
