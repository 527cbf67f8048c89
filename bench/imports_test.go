package bench_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/interleave-go/interleave/"

// allowed says which packages each package of ours may import, beside the
// standard library: imports point towards bench, stats and chart are leaves,
// each foreign library stands behind one package, and nobody below bench knows
// the scenarios but the commands. A package that is not listed fails the test,
// so that a new one gets its place here when it is made.
var allowed = map[string][]string{
	"bench":                     {},
	"bench/benchtest":           {"bench"},
	"bench/demo":                {},
	"bench/internal/provoke":    {"bench", "bench/demo", "bench/internal/child", "bench/internal/race", "bench/internal/stats", "bench/internal/tempdir", "go.uber.org/goleak"},
	"bench/runner":              {"bench", "bench/demo", "bench/explore", "bench/internal/beside", "bench/internal/calibrate", "bench/internal/changes", "bench/internal/filelock", "bench/internal/gate", "bench/internal/hunt", "bench/internal/judge", "bench/internal/measure", "bench/internal/outcomes", "bench/internal/page", "bench/internal/provoke", "bench/internal/record", "bench/internal/report", "bench/internal/revision", "bench/internal/stats", "bench/internal/table", "bench/internal/tempdir", "github.com/agnivade/levenshtein", "github.com/urfave/cli/v3", "github.com/schollz/progressbar/v3", "golang.org/x/term"},
	"bench/cmd/interleave":      {"bench", "bench/demo", "bench/runner", "scenarios", "scenarios/races", "scenarios/races/schedules", "scripts/python"},
	"bench/cmd/cost":            {"bench", "bench/runner", "bench/internal/measure", "bench/internal/record", "bench/internal/stats", "scenarios"},
	"bench/internal/child":      {"golang.org/x/sys/unix"},
	"bench/internal/verdict":    {"bench/internal/stats", "gonum.org/v1/gonum/mathext"},
	"bench/internal/measure":    {"bench", "bench/internal/child", "bench/internal/record", "bench/internal/tempdir", "github.com/shirou/gopsutil/v4/cpu", "github.com/shirou/gopsutil/v4/load", "github.com/shirou/gopsutil/v4/host"},
	"bench/internal/record":     {"bench", "golang.org/x/perf/benchfmt"},
	"bench/internal/stats":      {"github.com/montanaflynn/stats", "gonum.org/v1/gonum/stat/distuv", "gonum.org/v1/gonum/mathext"},
	"bench/internal/claim":      {"bench", "bench/internal/record", "bench/internal/stats"},
	"bench/internal/judge":      {"bench", "bench/internal/measure", "bench/internal/record", "bench/internal/stats", "bench/internal/verdict"},
	"bench/internal/table":      {"github.com/olekukonko/tablewriter"},
	"bench/internal/gate":       {"bench", "bench/internal/judge", "bench/internal/measure", "bench/internal/record", "bench/internal/report", "bench/internal/stats", "bench/internal/table", "bench/internal/units", "bench/internal/verdict", "github.com/goccy/go-yaml", "golang.org/x/perf/benchfmt", "golang.org/x/perf/benchunit"},
	"bench/internal/calibrate":  {"bench", "bench/internal/chart", "bench/internal/judge", "bench/internal/measure", "bench/internal/record", "bench/internal/revision", "bench/internal/stats", "bench/internal/table", "bench/internal/tempdir", "bench/internal/verdict", "golang.org/x/perf/benchmath"},
	"bench/internal/report":     {"bench", "bench/demo", "bench/internal/claim", "bench/internal/provoke", "bench/internal/race", "bench/internal/record", "bench/internal/stats", "bench/internal/chart", "bench/internal/table", "golang.org/x/perf/benchunit"},
	"bench/internal/page":       {"bench/internal/record", "bench/internal/report", "bench/internal/table"},
	"bench/explore":             {},
	"bench/internal/outcomes":   {"bench/explore", "bench/internal/chart"},
	"bench/internal/chart":      {"gonum.org/v1/plot", "golang.org/x/image/font"},
	"bench/internal/hunt":       {"bench/internal/child", "bench/internal/race", "bench/internal/stats", "bench/internal/tempdir"},
	"bench/internal/race":       {},
	"bench/internal/scripttest": {"github.com/rogpeppe/go-internal/testscript"},
	"scenarios":                 {"bench", "scenarios/origin", "golang.org/x/sync/errgroup", "github.com/puzpuzpuz/xsync/v4", "github.com/sourcegraph/conc", "github.com/alitto/pond/v2", "github.com/panjf2000/ants/v2", "github.com/samber/lo"},
	"scenarios/origin":          {},
	"scenarios/races":           {"bench/demo", "scenarios/races/flagged"},
	"scenarios/races/flagged":   {"bench/demo"},
	"scenarios/races/schedules": {"bench/explore"},

	"bench/internal/changes":            {"bench/internal/chart", "bench/internal/record", "bench/internal/revision", "bench/internal/stats", "bench/internal/table", "bench/internal/verdict"},
	"bench/internal/filelock":           {},
	"bench/internal/tempdir":            {"bench/internal/filelock"},
	"bench/internal/units":              {},
	"bench/internal/revision":           {"bench/internal/child", "bench/internal/measure", "bench/internal/record", "bench/internal/stats", "bench/internal/units", "bench/internal/verdict", "golang.org/x/sync/errgroup", "bench/internal/revision/gitrepo", "bench/internal/revision/served", "bench/internal/revision/testbin", "bench/internal/revision/workspace"},
	"bench/internal/revision/gitrepo":   {},
	"bench/internal/revision/served":    {"bench/internal/child"},
	"bench/internal/revision/testbin":   {"bench/internal/revision/served"},
	"bench/internal/revision/workspace": {"bench/internal/filelock"},

	"bench/internal/page/browsertest": {},
	"bench/internal/beside":           {"bench", "bench/internal/child", "bench/internal/record", "bench/internal/tempdir"},
	"scripts/python":                  {},

	// A network for tests: no package may import it that is not one.
	"scenarios/internal/pipenet": {},
}

// onlyBenchtest may not be imported by any other package that is not a test:
// importing testing adds its flags to every program.
const onlyBenchtest = "testing"

type listedPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportDirections(t *testing.T) {
	for _, p := range goList(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s has no place in the map of allowed imports", name)
			continue
		}
		for _, path := range p.Imports {
			own, ours := strings.CutPrefix(path, module)
			switch {
			case ours && !slices.Contains(may, own):
				t.Errorf("%s must not import %s", name, own)
			case path == onlyBenchtest && name != "bench/benchtest":
				t.Errorf("%s must not import %s", name, path)
			case !ours && foreign(path) && !slices.ContainsFunc(may, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") }):
				t.Errorf("%s must not import %s", name, path)
			}
		}
	}
}

// foreign reports whether an import path is outside the standard library.
func foreign(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

func goList(t *testing.T) []listedPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listedPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < len(allowed) {
		t.Fatalf("go list found %d packages, the map has %d: a package was removed or the list is not whole", len(packages), len(allowed))
	}
	return packages
}

// The page on the architecture names every package below bench.
func TestArchitectureNamesPackages(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range allowed {
		inside, ok := strings.CutPrefix(name, "bench/")
		if !ok || strings.HasPrefix(inside, "cmd/") {
			continue
		}
		if word := path.Base(inside); !regexp.MustCompile(`\b` + word + `\b`).Match(data) {
			t.Errorf("docs/architecture.md does not name %s", name)
		}
	}
}
