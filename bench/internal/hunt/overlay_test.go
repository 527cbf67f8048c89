package hunt

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// In a TestMain, only the calls of m.Run change, and no line moves.
func TestTestMain(t *testing.T) {
	for _, c := range []struct{ source, name, want, why string }{
		{"package a\n\nfunc TestX(t *testing.T) {}\n", "a", "", ""},
		{"package a_test\n\nfunc TestMain(m *testing.M) {\n\tos.Exit(m.Run())\n}\n", "a_test", "os.Exit(interleaveHuntRun(m))", ""},
		{"package a\n\nfunc TestMain(tests *testing.M) {\n\tcode := tests.\n\t\tRun() // all\n\tos.Exit(code)\n}\n", "a", "code := interleaveHuntRun(\ntests) // all", ""},
		{"package a\n\nfunc TestMain(m *testing.M) { if x { os.Exit(m.Run()) }; os.Exit(m.Run()) }\n", "a", "if x { os.Exit(interleaveHuntRun(m)) }; os.Exit(interleaveHuntRun(m))", ""},
		{"package a\n\nfunc TestMain(m *testing.M) { goleak.VerifyTestMain(m) }\n", "", "", "its TestMain does not call m.Run itself"},
		{"package a\n\nfunc TestMain(m *testing.M) { run := m.Run; os.Exit(run()) }\n", "", "", "its TestMain does not call m.Run itself"},
		{"package a\n\nfunc TestMain(m *testing.M) { setup(m); os.Exit(m.Run()) }\n", "", "", "its TestMain does not call m.Run itself"},
		{"package a\n\nfunc (s suite) TestMain(m *testing.M) { os.Exit(m.Run()) }\n", "a", "", ""},
	} {
		dir := t.TempDir()
		p := shop()
		p.Name, p.Dir, p.TestGoFiles = "a", dir, []string{"a_test.go"}
		if err := os.WriteFile(filepath.Join(dir, "a_test.go"), []byte(c.source), 0o600); err != nil {
			t.Fatal(err)
		}
		name, main, why, err := testMain(p)
		if err != nil || why != c.why || why == "" && name != c.name || (main != nil) != (c.want != "") {
			t.Errorf("%s: %q, %v, %q, %v", c.source, name, main, why, err)
			continue
		}
		if main == nil {
			continue
		}
		text := string(main.text)
		if !strings.Contains(text, c.want) || strings.Count(text, "\n") != strings.Count(c.source, "\n") {
			t.Errorf("%s\nbecame\n%s", c.source, text)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "", text, 0); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
