package python_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-go/interleave/scripts/python"
)

// find looks for a Python that can run the programs. What is called python3 may
// be a script that looks for one each time.
var find = sync.OnceValues(func() (path string, why error) {
	out, err := exec.Command("python3", "-c", "import sys; assert sys.version_info >= (3, 8), sys.version; print(sys.executable)").Output()
	return strings.TrimSpace(string(out)), err
})

// run runs a program as interleave does, except that any warning is an error.
// It returns what was printed, and the exit code.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	path, err := find()
	if err != nil {
		t.Skipf("there is no python3 of version 3.8 or later: %v", err)
	}
	cmd := exec.Command(path, append([]string{"-W", "error", "-E", "-s", "-B"}, args...)...)
	var out, words strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &words
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), words.String(), cmd.ProcessState.ExitCode()
}

type trial struct {
	Python, Implementation, Program, Way string
	Workers                              int
	Seconds                              float64
	Total, Expected                      int
	OK                                   bool
	GIL                                  *bool
}

func trials(t *testing.T, output string) (all []trial) {
	t.Helper()
	for line := range strings.Lines(output) {
		var one trial
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, one)
	}
	return all
}

// Every program does its job in every way, at sizes that take no time, and
// prints lines for programs and for people.
func TestPrograms(t *testing.T) {
	site := httptest.NewServer(images(5, nil))
	defer site.Close()
	for _, tt := range []struct {
		program string
		args    []string
		ways    string
		total   int
	}{
		{"sleep", []string{"--steps=3", "--pause=1"}, "threads:2,sequential:2,threads:2", 6},
		{"sleep", []string{"--steps=26", "--pause=0"}, "threads:3,sequential:3", 78},
		{"counter", []string{"--n=1001"}, "lock:2,sequential:1,lock:8", 1001},
		{"poolmap", []string{"--items=7", "--rounds=2"}, "pool:2,sequential:1,pool:64", 7},
		{"download", []string{"--images=5", site.URL}, "pool:3,sequential:1,pool:30", 5},
	} {
		t.Run(tt.program, func(t *testing.T) {
			args := append([]string{tt.program + ".py", "--ways=" + tt.ways}, tt.args...)
			out, words, code := run(t, append(args, "--json")...)
			all := trials(t, out)
			if code != 0 || words != "" || len(all) != strings.Count(tt.ways, ",")+1 {
				t.Fatalf("exit code %d, %d trials, says %q", code, len(all), words)
			}
			var ways []string
			for _, one := range all {
				ways = append(ways, fmt.Sprintf("%s:%d", one.Way, one.Workers))
				if one.Program != tt.program || one.Total != tt.total || one.Expected != tt.total || !one.OK || one.Seconds <= 0 || one.Python == "" || one.Implementation == "" {
					t.Errorf("trial %+v", one)
				}
			}
			if got := strings.Join(ways, ","); got != tt.ways {
				t.Errorf("did %s", got)
			}
			out, words, code = run(t, args...)
			if code != 0 || words != "" || strings.Count(out, "\n") != len(all)+1 || !strings.Contains(out, fmt.Sprintf("%d of %d", tt.total, tt.total)) || strings.Contains(out, "WRONG") {
				t.Errorf("exit code %d, says %q, prints\n%s", code, words, out)
			}
		})
	}
}

// A total without a lock may be right or wrong: neither is a failure, and a
// right one is not called safe.
func TestCounterWithoutLock(t *testing.T) {
	out, words, code := run(t, "counter.py", "--ways=nolock:2", "--n=1000", "--json")
	all := trials(t, out)
	if code != 0 || words != "" || len(all) != 1 || all[0].Total > 1000 || all[0].OK != (all[0].Total == 1000) {
		t.Errorf("exit code %d, says %q, %+v", code, words, all)
	}
	out, _, code = run(t, "counter.py", "--ways=nolock:2", "--n=1")
	if code != 0 || !strings.Contains(out, "no loss seen this time, which does not make it safe") {
		t.Errorf("exit code %d, prints %s", code, out)
	}
}

// What the programs are told badly is said in a line, and nothing is done.
func TestUsage(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"sleep.py --ways=never", "there is no way 'never': choose from sequential, threads"},
		{"sleep.py --ways=threads:65", "65 is not from 1 to 64"},
		{"sleep.py --ways=threads:", "the following"},
		{"counter.py --n=x", "invalid number value: 'x'"},
		{"counter.py --n=10000001", "10000001 is not from 1 to 10000000"},
		{"poolmap.py --items=0", "0 is not from 1 to 100000"},
		{"download.py", "the following arguments are required: url"},
		{"download.py file:///etc/", "file:///etc/ does not begin with http://"},
	} {
		out, words, code := run(t, strings.Fields(tt.args)...)
		if strings.HasSuffix(tt.args, ":") {
			if code != 0 {
				t.Errorf("%s: exit code %d: one worker is meant", tt.args, code)
			}
			continue
		}
		if code != 2 || out != "" || !strings.Contains(words, tt.want) {
			t.Errorf("%s: exit code %d, says %s, want %s", tt.args, code, words, tt.want)
		}
	}
}

// images serves so many of them, each as its own path; spoil may answer first.
func images(n int, spoil func(http.ResponseWriter, *http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if spoil != nil && spoil(w, r) {
			return
		}
		for i := range n {
			if r.URL.Path == fmt.Sprintf("/image/%02d.png", i) {
				fmt.Fprint(w, strings.Repeat(r.URL.Path, 5000))
				return
			}
		}
		if r.URL.Path != "/" {
			http.NotFound(w, r)
		}
	})
}

// A download that is not whole, or not what was announced, is no success.
func TestDownloadFails(t *testing.T) {
	elsewhere := httptest.NewServer(images(3, nil))
	defer elsewhere.Close()
	for name, tt := range map[string]struct {
		spoil func(http.ResponseWriter, *http.Request) bool
		args  []string
		want  string // on standard error; "" for a wrong result
	}{
		"missing": {nil, []string{"--images=4"}, "HTTP Error 404"},
		"sum":     {nil, []string{"--images=3", "--sha256=00"}, ""},
		"short": {func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/image/01.png" {
				w.Header().Set("Content-Length", "9")
				fmt.Fprint(w, "short")
				return true
			}
			return false
		}, []string{"--images=3"}, "Error"},
		"large": {func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/image/01.png" {
				fmt.Fprint(w, strings.Repeat("x", 1<<20+1))
				return true
			}
			return false
		}, []string{"--images=3"}, "got 1048577 bytes"},
		"redirected": {func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/image/01.png" {
				http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusFound)
				return true
			}
			return false
		}, []string{"--images=3"}, "HTTP Error 302"},
	} {
		t.Run(name, func(t *testing.T) {
			site := httptest.NewServer(images(3, tt.spoil))
			defer site.Close()
			for _, way := range []string{"sequential:1", "pool:3"} {
				out, words, code := run(t, append([]string{"download.py", "--json", "--ways=" + way, site.URL}, tt.args...)...)
				if tt.want == "" {
					if all := trials(t, out); code != 1 || len(all) != 1 || all[0].OK || all[0].Total != 0 {
						t.Errorf("%s: exit code %d, %s", way, code, out)
					}
				} else if code != 1 || out != "" || !strings.Contains(words, tt.want) {
					t.Errorf("%s: exit code %d, prints %s, says %s", way, code, out, words)
				}
			}
		})
	}
}

// The programs compile, in the grammar of Python 3.8 as well, and import what
// comes with Python alone.
func TestSources(t *testing.T) {
	const check = `
import ast, sys
known = {"trial", "interpreter"} | set("argparse concurrent faulthandler hashlib http json os platform shutil sys tempfile threading time urllib".split())
for name in sys.argv[1:]:
    with open(name) as file:
        text = file.read()
    compile(text, name, "exec")
    for node in ast.walk(ast.parse(text, name, feature_version=(3, 8))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
        for module in names:
            assert module.split(".")[0] in known, "%s imports %s" % (name, module)
`
	names, err := fs.Glob(python.Files, "*.py")
	if err != nil || len(names) < 7 {
		t.Fatalf("the programs are %v, error %v", names, err)
	}
	if out, words, code := run(t, append([]string{"-c", check}, names...)...); code != 0 || out != "" {
		t.Errorf("exit code %d: %s%s", code, out, words)
	}
}

// The first program to be run says which Python it is.
func TestInterpreter(t *testing.T) {
	out, words, code := run(t, "interpreter.py")
	var said struct{ Python, Implementation, Executable string }
	if err := json.Unmarshal([]byte(out), &said); err != nil || code != 0 || words != "" || said.Python == "" || said.Implementation == "" || said.Executable == "" {
		t.Errorf("exit code %d, error %v, says %s, prints %s", code, err, words, out)
	}
}
