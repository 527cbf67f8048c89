package provoke_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/scenarios/races"
)

// What a catalogue carries with it is enough to build it and to ask go vet,
// without the network, and go vet finds exactly what is declared: in the code
// with the bug, and in nothing else.
func TestVetFindsWhatIsDeclared(t *testing.T) {
	if !provoke.GoThere() {
		t.Skip("there is no go command")
	}
	c := races.All()
	sources, err := provoke.Unpack([]demo.Catalogue{c})
	if err != nil {
		t.Fatal(err)
	}
	defer sources.Close()
	findings, err := sources.Vet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	left := slices.Clone(findings)
	for i := range c.Demos {
		d := &c.Demos[i]
		code, err := provoke.Code(c.Sources, &d.Racy)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		left = slices.DeleteFunc(left, func(f provoke.Finding) bool {
			own := f.Analyzer == d.Expect.Vet && f.File == path.Base(code.File)
			found = found || own
			return own
		})
		if d.Expect.Vet != "" && !found {
			t.Errorf("%s: go vet is declared to object with %s, and does not", d.Name, d.Expect.Vet)
		}
	}
	for _, f := range left {
		t.Errorf("go vet objects, and nobody has declared it: %+v", f)
	}
	if entries, _ := os.ReadDir(sources.Dir); len(entries) == 0 {
		t.Error("nothing was unpacked")
	}
}

// The program with the detector runs from a directory that knows nothing of
// the repository.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program")
	}
	if why := provoke.Detector(t.Context()); why != "" {
		t.Skip(why)
	}
	c := races.All()
	sources, err := provoke.Unpack([]demo.Catalogue{c})
	if err != nil {
		t.Fatal(err)
	}
	defer sources.Close()
	built, err := sources.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Demos {
		d := &c.Demos[i]
		if d.Name != races.LostUpdate.Name && d.Name != races.AtomicLoadStore.Name {
			continue
		}
		got, err := built.Detect(t.Context(), d, &d.Racy, provoke.Racy, 2)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[demo.Often]int{demo.Always: 2, demo.Never: 0}[d.Expect.Detector]; got.Reported != want {
			t.Errorf("%s: the detector reported in %d of 2 runs, want %d", d.Name, got.Reported, want)
		}
		for _, r := range got.Races {
			if f := r.Accesses[0].Headline(provoke.Skip); !strings.HasPrefix(f.File, c.Package+"/") || strings.Contains(f.File, "@") {
				t.Errorf("the detector points at %s", f.File)
			}
		}
	}
	if entries, _ := fs.Glob(os.DirFS(sources.Dir), "log-*"); len(entries) > 0 {
		t.Errorf("logs are left behind: %v", entries)
	}
}

// The catalogue can be built from what it carries alone.
func TestCatalogueImports(t *testing.T) {
	c := races.All()
	for _, sources := range []fs.FS{c.Sources, demo.Sources} {
		err := fs.WalkDir(sources, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(sources, name)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
			if err != nil {
				return err
			}
			for _, spec := range file.Imports {
				p, _ := strconv.Unquote(spec.Path.Value)
				first, _, _ := strings.Cut(p, "/")
				if strings.Contains(first, ".") && p != "github.com/interleave-go/interleave/bench/demo" && !strings.HasPrefix(p, c.Package+"/") {
					t.Errorf("%s imports %s, and can import the standard library and package demo only", name, p)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What is in the way is said in a sentence that holds the remedy.
func TestDetectorIsMissing(t *testing.T) {
	if !provoke.GoThere() {
		t.Skip("there is no go command")
	}
	if why := provoke.Detector(t.Context()); why != "" {
		t.Skip(why)
	}
	t.Setenv("CC", "no-such-compiler")
	if why := provoke.Detector(t.Context()); !strings.Contains(why, "install gcc or clang") {
		t.Errorf("without a compiler: %q", why)
	}
	t.Setenv("CC", "")
	t.Setenv("CGO_ENABLED", "0")
	if why := provoke.Detector(t.Context()); !strings.Contains(why, "unset it") {
		t.Errorf("with CGO_ENABLED=0: %q", why)
	}
	t.Setenv("PATH", t.TempDir())
	if why := provoke.Detector(t.Context()); !strings.Contains(why, "no go command") {
		t.Errorf("without go: %q", why)
	}
}

func TestUnpackNowhere(t *testing.T) {
	t.Setenv("TMPDIR", path.Join(t.TempDir(), "none"))
	if os.TempDir() != os.Getenv("TMPDIR") {
		t.Skip("this system finds its temporary directory otherwise")
	}
	if _, err := provoke.Unpack(nil); err == nil || !strings.Contains(err.Error(), "set TMPDIR") {
		t.Errorf("error %v", err)
	}
}
