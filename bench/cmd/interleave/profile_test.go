package main_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Go's own tools read what -profile writes, and find Run marked in it.
func TestProfileCanBeRead(t *testing.T) {
	for _, tt := range []struct{ kind, pattern, file, tool, want string }{
		{"cpu", "counter/=sequential", "profile-counter-sequential-w1-p1.cpu.pprof", "pprof -raw", "phase:[run]"},
		{"mutex", "counter/=mutex/workers=2$", "profile-counter-mutex-w2-p1.mutex.pprof", "pprof -raw", "contentions/count"},
		{"block", "sleep/gor/workers=2$", "profile-sleep-goroutines-w2-p1.block.pprof", "pprof -raw", "sync.(*WaitGroup).Wait"},
		{"trace", "sleep/gor/workers=2$", "profile-sleep-goroutines-w2-p1.trace", "trace -d=parsed", `RegionBegin`},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			dir := t.TempDir()
			run := exec.Command(filepath.Join(binDir, "interleave"), "run", "-profile", tt.kind, "-for", "300ms", "-cpu", "1", "-o", dir, tt.pattern)
			if out, err := run.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			args := append(append([]string{"tool"}, strings.Fields(tt.tool)...), filepath.Join(dir, tt.file))
			out, err := exec.Command("go", args...).CombinedOutput()
			if err != nil {
				t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
			}
			if !strings.Contains(string(out), tt.want) {
				t.Errorf("go %s does not print %q, but\n%.2000s", strings.Join(args, " "), tt.want, out)
			}
		})
	}
}
