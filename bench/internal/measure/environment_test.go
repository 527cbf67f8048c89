package measure

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// What is found out about the machine fits into a run file as it is.
func TestEnvironment(t *testing.T) {
	t.Setenv("GOGC", "  50 ")
	t.Setenv("GODEBUG", "")
	settings, warnings := Environment("interleave run\n-for=5s", 42, 2)
	got := make(map[string]string)
	for _, s := range settings {
		if s.Key == "" || s.Key != strings.ToLower(s.Key) || strings.ContainsAny(s.Key, " \t\n:") {
			t.Errorf("key %q", s.Key)
		}
		if s.Value == "" || s.Value != record.OneLine(s.Value) {
			t.Errorf("%s is %q", s.Key, s.Value)
		}
		if got[s.Key] != "" {
			t.Errorf("%s stands twice", s.Key)
		}
		got[s.Key] = s.Value
	}
	for key, want := range map[string]string{
		"goos": runtime.GOOS, "goarch": runtime.GOARCH, "go": runtime.Version(),
		"command": "interleave run -for=5s", "seed": "42", "gogc": "50", "godebug": "",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
	if got["cpus"] == "" {
		t.Errorf("settings %v", got)
	}
	var file bytes.Buffer
	writer := record.NewWriter(&file)
	if err := writer.Write(record.Event{Settings: settings}); err != nil {
		t.Error(err)
	}
	for _, w := range warnings {
		if w.Text == "" || w.Remedy == "" || strings.Contains(w.String(), "\n") {
			t.Errorf("warning %q", w)
		}
	}
	if f := currentFacts(2); f.steal < 0 || f.steal > 1 || f.cpus != runtime.NumCPU() {
		t.Errorf("facts %+v", f)
	}
}
