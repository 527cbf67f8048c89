package gate

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

// good is an old file that nothing is wrong with.
func good() string {
	return goTest("example.com/codec").bench("Encode-2", 10, 100, "").bench("Decode-2", 10, 200, "").end()
}

const brokenRun = `#il {"run":{"format":1,"id":"x"}}
goos: linux
#il {"scenario":{"name":"sleep","worker":"task","lesson":{"Variant":"","Workers":0,"Slower":false,"Text":""}}}
#il {"variant":{"scenario":"sleep","name":"sequential","workers":[2]}}
#il {"trial":{"fork":1,"round":1,"order":1}}
BenchmarkSleep/variant=sequential/workers=2 1 1000 ns/op
`

// Files that are no evidence. None of them may let a check end well.
func TestBadFiles(t *testing.T) {
	part := func(mutate func(text string) string) string { return mutate(good()) }
	replace := func(old, new string) string {
		return part(func(text string) string {
			if !strings.Contains(text, old) {
				t.Fatalf("there is no %q in\n%s", old, text)
			}
			return strings.Replace(text, old, new, 1)
		})
	}
	encode := func() *written { return goTest("example.com/codec").bench("Encode-2", 10, 100, "") }
	for _, tt := range []struct {
		name, new string
		code      int
		message   string
	}{
		{"empty", "", 2, "the file is empty"},
		{"blank", "\n\n", 2, "the file is empty"},
		{"other text", "name,time\nEncode,12\n", 2, "no benchmark in it"},
		{"JSON", `{"Action":"output","Output":"BenchmarkEncode"}` + "\n", 2, "leave out -json"},
		{"UTF-16", "\xff\xfeB\x00e\x00n\x00", 2, "new.txt:1: .*UTF-16"},
		{"a line without end", good() + "x" + strings.Repeat("y", 70_000) + "\n", 2, `new.txt:\d+: the line is 70001 bytes`},
		{"only a head", "goos: linux\npkg: x\nPASS\n", 2, "no benchmark in it"},

		{"a benchmark removed", encode().end(), 2, "old.txt has it and new.txt does not: it was removed"},
		{"a benchmark renamed", encode().bench("Unpack-2", 10, 200, "").end(), 2, "removed, renamed"},
		{"another GOMAXPROCS", strings.ReplaceAll(good(), "code-2", "code-4"), 2, "no name there ends in -2"},
		{"another package", strings.ReplaceAll(good(), "pkg: example.com/codec", "pkg: example.com/moved"), 2, `there it is of package "example.com/moved"`},
		{"a unit missing", part(func(text string) string { return strings.ReplaceAll(text, "ns/op", "MB/s") }), 2, "has it in ns/op, and new.txt does not"},
		{"mixed units", encode().bench("Decode-2", 5, 200, "").values("Decode-2", "MB/s", 1, 2, 3).end(), 2, "it has ns/op in 5 of 8 results"},
		{"a unit twice", encode().line("BenchmarkDecode-2 10 5 ns/op 6 ns/op").end(), 2, "two values of ns/op"},

		{"a benchmark that failed", encode().line("BenchmarkDecode-2  \t--- FAIL: BenchmarkDecode-2\n    x_test.go:9: wrong\nFAIL\nexit status 1").end(), 2, "the benchmark failed"},
		{"a benchmark that failed later", strings.Replace(good(), "PASS", "--- FAIL: BenchmarkDecode-2\nFAIL", 1), 2, `did not end well \(--- FAIL: BenchmarkDecode-2\)`},
		{"a panic", encode().line("panic: runtime error: index out of range [recovered]\n\ngoroutine 7 [running]:\nexit status 2\nFAIL\texample.com/codec\t0.1s").String(), 2, `did not end well \(panic: runtime error`},
		{"a crash of the runtime", encode().line("fatal error: concurrent map writes").String(), 2, "fatal error: concurrent map writes"},
		{"killed", encode().line("signal: killed\nFAIL\texample.com/codec\t0.1s").String(), 2, "signal: killed"},
		{"killed together with go test", encode().bench("Decode-2", 3, 200, "").String(), 2, "neither PASS nor ok stands at the end"},
		{"cut off in a line", strings.TrimRight(encode().values("Decode-2", "ns/op", 200, 201, 202, 20).String(), "\n"), 2, "the last line has no end"},
		{"cut off in a number", strings.TrimSuffix(encode().String(), " ns/op\n"), 2, "no result stands here"},
		{"a benchmark that skipped itself", encode().line("--- SKIP: BenchmarkDecode-2\n    x_test.go:3: no network").end(), 2, "it skipped itself, as line 15 says"},
		{"text in mid-line", encode().line("BenchmarkDecode-2  \thello from the benchmark\n 1000\t 200 ns/op").end(), 2, "new.txt:15: no result stands here"},
		{"text in mid-line of one of many", replace("BenchmarkDecode-2  \t 1000", "BenchmarkDecode-2  \tdebug 1000"), 2, "in the middle of its line"},
		{"a race was found", encode().line("WARNING: DATA RACE").bench("Decode-2", 10, 200, "").end(), 2, "found a data race"},
		{"a race build", "race: true\n" + good(), 2, "race: true"},
		{"two machines", good() + strings.Replace(good(), "AMD EPYC", "Intel", 1), 2, `"cpu" is "Intel" here and was "AMD EPYC"`},

		{"not a number", encode().values("Decode-2", "ns/op", 200, 201).line("BenchmarkDecode-2 10 NaN ns/op").end(), 2, "new.txt:17: NaN ns/op is not a number"},
		{"infinite", encode().line("BenchmarkDecode-2 10 +Inf ns/op").end(), 2, "is not a number"},
		{"a time of zero", encode().values("Decode-2", "ns/op", 0, 0, 0, 0).end(), 2, "0 ns/op is zero or negative"},
		{"a negative time", encode().values("Decode-2", "ns/op", 200, -1, 200, 201).end(), 2, "-1 ns/op is zero or negative"},
		{"no iterations", encode().line("BenchmarkDecode-2 0 200 ns/op").end(), 2, "0 iterations"},
		{"contradicting units", "Unit ns/op better=lower\nUnit ns/op better=higher\n" + good(), 2, "already set"},

		{"an interrupted run", brokenRun, 2, "the run was interrupted"},
		{"a run of another format", strings.Replace(brokenRun, `"format":1`, `"format":9`, 1), 2, "format 9"},
		{"a run in the place of benchmarks", strings.Replace(brokenRun, "1000 ns/op", "NaN ns/op", 1), 2, "not a number"},

		{"slower", goTest("example.com/codec").bench("Encode-2", 10, 150, "").bench("Decode-2", 10, 200, "").end(), 1, "is beyond the bound"},
		{"one sample", goTest("example.com/codec").bench("Encode-2", 1, 100, "").bench("Decode-2", 1, 200, "").end(), 3, "too few samples: 10 and 1"},
		{"another processor", strings.Replace(good(), "AMD EPYC", "Intel", 1), 3, "different machines"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, text := checkedFile(t, good(), tt.new)
			if code != tt.code || !matches(tt.message, text) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, tt.code, tt.message, text)
			}
			if code, _ := checkedFile(t, tt.new, good()); code == 0 {
				// As the old file it is no better, unless what is wrong is that
				// it has less, or that it is slower.
				switch tt.name {
				case "a benchmark removed", "a benchmark that skipped itself", "slower":
				default:
					t.Error("as the old file it passes")
				}
			}
		})
	}
}

// checkedFile compares two files as the command does, and returns the exit code
// and everything that is said.
func checkedFile(t *testing.T, old, new string) (code int, text string) {
	t.Helper()
	var files [2]*BenchFile
	for i, content := range []string{old, new} {
		f, err := parseBenchFile([]string{"old.txt", "new.txt"}[i], []byte(content))
		if err != nil {
			if strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("the error has several lines: %v", err)
			}
			return exitFailed, err.Error()
		}
		files[i] = f
	}
	r := (&Comparison{Old: files[0], New: files[1], Tolerance: 0.05, Drift: 0.1, Level: 0.01}).Report()
	var b strings.Builder
	b.WriteString(r.Answer() + "\n")
	for _, result := range r.Results {
		b.WriteString(result.Rule + ": " + result.Reason + "\n")
	}
	return r.ExitCode(false), b.String()
}

// What is wrong with a benchmark again and again is told once.
func TestToldOnce(t *testing.T) {
	text := goTest("p").line("BenchmarkA-2 10 NaN ns/op").line("BenchmarkA-2 10 NaN ns/op").line("BenchmarkB-2 10 NaN ns/op").line("BenchmarkA-2 10 NaN ns/op").end()
	f, err := parseBenchFile("new.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, result := range f.Report().Results {
		reasons = append(reasons, result.Reason)
	}
	if len(reasons) != 2 || !strings.HasSuffix(reasons[0], "; 2 more lines of it no better") || strings.Contains(reasons[1], "more line") {
		t.Errorf("%q", reasons)
	}
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	file := onDisk(t, good())
	if f, err := ReadBenchFile(file); err != nil || len(f.benchmarks) != 2 {
		t.Fatalf("a good file: %v, %+v", err, f)
	}
	for name, want := range map[string]string{
		dir:                                   "this is a directory",
		filepath.Join(dir, "no.txt"):          "there is no such file",
		filepath.Join(file, "below-a-file"):   "below-a-file: cannot be read",
		filepath.Join(dir, "no", "where.txt"): "there is no such file",
	} {
		if _, err := ReadBenchFile(name); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// Zero variance decides nothing, on either side.
func TestNoVariance(t *testing.T) {
	text := goTest("p").values("A", "ns/op", 5, 5, 5, 5, 5).end()
	if code, said := checkedFile(t, text, text); code != exitUndecided || !strings.Contains(said, "exactly the same") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
}

func FuzzBenchFile(f *testing.F) {
	f.Add([]byte(good()))
	f.Add([]byte(brokenRun))
	f.Add([]byte("Unit x better=higher\nBenchmarkA 1 0 x\n--- SKIP: BenchmarkB\nBenchmarkC --- FAIL\nPASS\n"))
	f.Add([]byte("BenchmarkA-2 1 NaN ns/op 5 MB/s\nBenchmarkA-2\n\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := parseBenchFile("x.txt", data)
		if err != nil {
			return
		}
		same, _ := parseBenchFile("x.txt", data)
		r := (&Comparison{Old: file, New: same, Tolerance: 0.05, Drift: 0.1, Level: 0.01}).Report()
		for _, result := range r.Results {
			if result.Outcome == Fail && !strings.Contains(string(data), "#il") {
				t.Errorf("a file against itself fails: %+v", result)
			}
		}
		var b strings.Builder
		if err := r.Text(&b); err != nil {
			t.Error(err)
		}
	})
}
