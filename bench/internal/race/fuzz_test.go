package race

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No text makes the parsers fail, hang or invent: there are no more reports
// than warnings, and every frame's position stands in the text.
func FuzzParse(f *testing.F) {
	for _, dir := range []string{"reports", "verdicts"} {
		files, _ := filepath.Glob(filepath.Join("testdata", dir, "*.txt"))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		reports := Parse(text)
		if warnings := strings.Count(text, "WARNING: "); len(reports) > warnings {
			t.Errorf("%d reports of %d warnings", len(reports), warnings)
		}
		for _, r := range reports {
			for _, a := range r.Accesses {
				for _, frame := range append(a.Stack, a.Created...) {
					if !strings.Contains(text, frame.Func) || !strings.Contains(text, frame.File) {
						t.Errorf("frame %v is not in the text", frame)
					}
				}
			}
			_ = r.Key(Machinery)
		}
		for _, v := range Verdicts(text) {
			if v.Kind == "" {
				t.Errorf("verdict %q has no kind", v.Message)
			}
			_ = v.Headline(Machinery)
		}
		Traces(text)
		Found(text)
		RacedTests(text)
	})
}
