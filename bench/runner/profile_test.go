package runner

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

func TestProfileName(t *testing.T) {
	for want, c := range map[string]bench.Case{
		"profile-counter-mutex-w2-p4.cpu.pprof":    {Scenario: "counter", Variant: "mutex", Workers: 2, Procs: 4},
		"profile-x-shared-1µs-a_b-w1-p1.cpu.pprof": {Scenario: "x", Params: "net=shared/item=1µs", Variant: "a:b", Workers: 1, Procs: 1},
		"profile-_x_-v-w1-p1.cpu.pprof":            {Scenario: "$x*", Variant: "v", Workers: 1, Procs: 1},
	} {
		if got := profileName(c, "cpu.pprof"); got != want {
			t.Errorf("%+v: %s, want %s", c, got, want)
		}
	}
}

func TestQuoted(t *testing.T) {
	for name, want := range map[string]string{
		"bin/interleave": "bin/interleave", `C:\go\x.exe`: `C:\go\x.exe`,
		"my files/x": "'my files/x'", "it's": `'it'\''s'`, "": "''", "$HOME/x": "'$HOME/x'",
	} {
		if got := quoted(name); got != want {
			t.Errorf("%q is quoted as %s, want %s", name, got, want)
		}
	}
}

// A file that could not be written whole is not written, and what stood there
// stays; an error of the file itself is found though the writer hid it.
func TestWriteBesideWith(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "below", "file")
	if err := writeBeside(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	bad := errors.New("no luck")
	for name, write := range map[string]func(io.Writer) error{
		"fails": func(w io.Writer) error { io.WriteString(w, "new"); return bad },
		"hides the error": func(w io.Writer) error {
			w.(*wary).w = failing{bad}
			io.WriteString(w, "new")
			w.(*wary).w = io.Discard
			io.WriteString(w, "more")
			return nil
		},
	} {
		if err := writeBesideWith(path, write); !errors.Is(err, bad) {
			t.Errorf("%s: error %v", name, err)
		}
		data, err := os.ReadFile(path)
		entries, _ := os.ReadDir(filepath.Dir(path))
		if string(data) != "old" || err != nil || len(entries) != 1 {
			t.Errorf("%s: the file holds %q (%v) in %v", name, data, err, entries)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
