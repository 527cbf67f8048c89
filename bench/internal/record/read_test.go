package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file cut anywhere gives what is whole of it, or one line that says what
// to do.
func TestReadCut(t *testing.T) {
	data, want := sampleFile(t)
	last := -1
	for n := range data {
		run, err := Read("run.txt", bytes.NewReader(data[:n]))
		switch {
		case err != nil:
			checkMessage(t, err)
			if !strings.Contains(err.Error(), "measure again with interleave run") {
				t.Errorf("cut at byte %d: %v", n, err)
			}
			if last >= 0 {
				t.Errorf("cut at byte %d: %v, but shorter files can be read", n, err)
			}
		case !run.Partial:
			t.Errorf("cut at byte %d: not marked as partial", n)
		case len(run.Measurements) < last:
			t.Errorf("cut at byte %d: %d measurements, fewer than in a shorter file", n, len(run.Measurements))
		default:
			last = len(run.Measurements)
		}
	}
	if last != len(want.Measurements) {
		t.Errorf("the longest cut has %d measurements, want %d", last, len(want.Measurements))
	}
	if run, err := Read("run.txt", bytes.NewReader(data)); err != nil || run.Partial {
		t.Errorf("the whole file is partial, or an error: %v", err)
	}
}

// checkMessage checks that an error is one line that names the file.
func checkMessage(t *testing.T, err error) {
	t.Helper()
	if text := err.Error(); !strings.HasPrefix(text, "run.txt:") || strings.ContainsAny(text, "\n\r\x00") {
		t.Errorf("the error is not one line that names the file: %q", text)
	}
}

func claimLine(name string) string {
	return fmt.Sprintf("#il {\"claim\":{\"name\":%q,\"text\":\"x\",\"rules\":null}}\n", name)
}

// head is the top of a file that bad lines follow; line 6 is the first.
const head = `#il {"run":{"format":1,"id":"A"}}
goos: linux
cpus: 2
#il {"scenario":{"name":"counter","worker":"goroutine","lesson":{}}}
#il {"variant":{"scenario":"counter","name":"mutex","workers":[1]}}
`

// trialOf returns a trial event and a benchmark line.
func trialOf(fork, round int, values string) string {
	return fmt.Sprintf("#il {\"trial\":{\"fork\":%d,\"round\":%d,\"order\":1}}\nBenchmarkCounter/variant=mutex/workers=1 %s\n", fork, round, values)
}

// ended closes a file.
func ended(text string, count int) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%s#il {\"end\":{\"count\":%d,\"sha256\":%q}}\n", text, count, hex.EncodeToString(sum[:]))
}

const (
	again  = "measure again with interleave run"
	broken = ": the file is damaged, " + again
	mutex1 = "BenchmarkCounter/variant=mutex/workers=1"
)

// badFiles are files that Read refuses, and what it says of them.
var badFiles = []struct{ name, text, want string }{
	{"empty", "", "run.txt: the run file is empty: " + again},
	{"NUL", head + "a\x00b\n", "run.txt:6: this is binary data: name a run file, or measure one with interleave run"},
	{"NUL at the end", head + "\x00", "run.txt:6: this is binary data: name a run file, or measure one with interleave run"},
	{"not UTF-8", head + "\xff\xfe\n", "run.txt:6: this is binary data: name a run file, or measure one with interleave run"},
	{"half a rune in a line", head + "\xc2\n", "run.txt:6: this is binary data: name a run file, or measure one with interleave run"},
	{"a program", "\x7fELF\x02\x01\x01\x00", "run.txt:1: this is binary data: name a run file, or measure one with interleave run"},
	{"text", "Hello.\n", "run.txt:1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run"},
	{"text without newline", "Hello.", "run.txt:1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run"},
	{"blank", "\n", "run.txt:1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run"},
	{"JSON", `{"run":{"format":1}}`, "run.txt:1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run"},
	{"half a first line", `#il {"run":{"fo`, "run.txt: the run ended before its first measurement: " + again},
	{"no trial", head, "run.txt: the run ended before its first measurement: " + again},
	{"no header", "#il {\"warning\":{\"text\":\"x\"}}\n", "run.txt:1: the first line should say which run this is" + broken},
	{"other format", "#il {\"run\":{\"format\":2,\"id\":\"A\"}}\n", "run.txt:1: the file has format 2, this program reads format 1: use the program that wrote it, or measure again"},
	{"no format", "#il {\"run\":{}}\n", "run.txt:1: the file has format 0, this program reads format 1: use the program that wrote it, or measure again"},

	{"a claim with a path for a name", head + claimLine("../x"), `run.txt:6: a claim cannot be read: it is called "../x": give it a Name of lower case letters, digits and hyphens, at most 40` + broken},
	{"a claim twice", head + claimLine("a") + claimLine("a"), `run.txt:7: the claim "a" stands here a second time: two runs were joined, separate them`},
	{"a claim made afterwards", head + trialOf(1, 1, "1 1 ns/op") + claimLine("a"), `run.txt:8: the claim "a" stands below the first trial, and must be fixed before` + broken},
	{"NaN", head + trialOf(1, 1, "1 NaN ns/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"infinite", head + trialOf(1, 1, "1 +Inf ns/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"negative", head + trialOf(1, 1, "1 -1 ns/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"zero", head + trialOf(1, 1, "1 0 ns/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"less than a nanosecond", head + trialOf(1, 1, "1 0.4 ns/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"beyond all clocks", head + trialOf(1, 1, "1 1e300 ns/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"no time", head + trialOf(1, 1, "1 3 B/op"), "run.txt:7: the time of " + mutex1 + " is missing, not a number, zero, negative or beyond 576h0m0s" + broken},
	{"two times", head + trialOf(1, 1, "1 3 ns/op 3 ns/op"), "run.txt:7: " + mutex1 + ` has two values of "ns/op"` + broken},
	{"metric NaN", head + trialOf(1, 1, "1 3 ns/op NaN B/op"), "run.txt:7: " + mutex1 + `: the metric "B/op" is NaN: leave it out when there is no number` + broken},
	{"no operations", head + trialOf(1, 1, "0 5 ns/op"), "run.txt:7: " + mutex1 + " has 0 operations: a trial has at least one" + broken},
	{"negative operations", head + trialOf(1, 1, "-3 5 ns/op"), "run.txt:7: " + mutex1 + " has -3 operations: a trial has at least one" + broken},
	{"operations no number", head + trialOf(1, 1, "1e3 5 ns/op"), "run.txt:7: parsing iteration count: invalid syntax" + broken},
	{"value no number", head + trialOf(1, 1, "1 5x ns/op"), "run.txt:7: parsing measurement: invalid syntax" + broken},
	{"value without unit", head + trialOf(1, 1, "1 5"), "run.txt:7: missing units" + broken},

	{"setting changed", head + trialOf(1, 1, "1 5 ns/op") + "cpus: 4\n" + trialOf(1, 2, "1 5 ns/op"), `run.txt:8: "cpus" is "4" from here on and was "2" above: the same case under different settings cannot be compared, give each run a file of its own`},
	{"setting deleted", head + trialOf(1, 1, "1 5 ns/op") + "cpus:\n", `run.txt:8: "cpus" is "" from here on and was "2" above: the same case under different settings cannot be compared, give each run a file of its own`},
	{"setting added", head + trialOf(1, 1, "1 5 ns/op") + "gogc: off\n", `run.txt:8: "gogc" is "off" from here on, below the first trial: the same case under different settings cannot be compared, give each run a file of its own`},
	{"other operations", head + trialOf(1, 1, "100 5 ns/op") + trialOf(1, 2, "200 5 ns/op"), "run.txt:9: " + mutex1 + " has 200 operations here and 100 above: the same case under different settings cannot be compared, measure again"},
	{"same round twice", head + trialOf(1, 1, "1 5 ns/op") + trialOf(1, 1, "1 6 ns/op"), "run.txt:9: " + mutex1 + " stands here and on line 7 for the same fork and round: two runs were joined, separate them"},
	{"second header", head + trialOf(1, 1, "1 5 ns/op") + head, "run.txt:8: a second run begins here: give each run a file of its own"},
	{"second run without header", head + trialOf(1, 1, "1 5 ns/op") + head[strings.Index(head, "goos"):], `run.txt:10: scenario "counter" is described a second time: two runs were joined, separate them`},
	{"second variant", head + strings.SplitAfter(head, "\n")[4], `run.txt:6: variant "mutex" of scenario "counter" is described a second time: two runs were joined, separate them`},
	{"run behind the end", ended(head+trialOf(1, 1, "1 5 ns/op"), 1) + head, "run.txt:9: there is more behind the end of the run on line 8: two files were joined, separate them"},
	{"trial behind the end", ended(head+trialOf(1, 1, "1 5 ns/op"), 1) + "\nBenchmarkX 1 1 ns/op\n", "run.txt:10: there is more behind the end of the run on line 8: two files were joined, separate them"},
	{"half a line behind the end", ended(head+trialOf(1, 1, "1 5 ns/op"), 1) + "#il", "run.txt:9: there is more behind the end of the run on line 8: two files were joined, separate them"},

	{"trial line missing", head + "BenchmarkCounter/variant=mutex/workers=1 1 5 ns/op\n", "run.txt:6: the #il line that says fork and round is missing above " + mutex1 + broken},
	{"trial line empty", head + "#il {\"trial\":{}}\n", "run.txt:6: fork, round and order of a trial count from 1" + broken},
	{"unknown scenario", head + "#il {\"trial\":{\"fork\":1,\"round\":1,\"order\":1}}\nBenchmarkSleep/variant=mutex/workers=1 1 5 ns/op\n", "run.txt:7: BenchmarkSleep/variant=mutex/workers=1 is not among the scenarios that the file describes" + broken},
	{"unknown variant", head + "#il {\"trial\":{\"fork\":1,\"round\":1,\"order\":1}}\nBenchmarkCounter/variant=cas/workers=1 1 5 ns/op\n", "run.txt:7: BenchmarkCounter/variant=cas/workers=1 is not among the scenarios that the file describes" + broken},
	{"variant of nothing", head + "#il {\"variant\":{\"scenario\":\"sleep\",\"name\":\"x\",\"workers\":[1]}}\n", `run.txt:6: variant "x" belongs to a scenario "sleep" that is not described above it` + broken},
	{"other benchmark", head + "BenchmarkCounter-2 100 12.5 ns/op\n", `run.txt:6: benchmark name "BenchmarkCounter-2" is not of the form BenchmarkScenario/param=value/variant=name/workers=n-procs: variant or workers is missing` + broken},
	{"fork 0", head + "#il {\"fork\":{\"scenario\":\"counter\",\"procs\":1}}\n", "run.txt:6: " + badFork + broken},
	{"stolen from nothing", head + "#il {\"fork\":{\"scenario\":\"counter\",\"procs\":1,\"fork\":1,\"processor\":5,\"stolen\":6}}\n", "run.txt:6: " + badFork + broken},
	{"stolen less than nothing", head + "#il {\"fork\":{\"fork\":1,\"stolen\":-6}}\n", "run.txt:6: " + badFork + broken},
	{"load below 0", head + "#il {\"fork\":{\"fork\":1,\"load\":-1}}\n", "run.txt:6: " + badFork + broken},
	{"damaged JSON", head + "#il {\"warning\":{\"text\":\"x\"}\n", "run.txt:6: this #il line is not valid JSON (unexpected end of JSON input)" + broken},
	{"JSON of another type", head + "#il {\"warning\":3}\n", "run.txt:6: this #il line is not valid JSON (json: cannot unmarshal number into Go struct field Event.warning of type record.Warning)" + broken},
	{"changed byte", strings.Replace(ended(head+trialOf(1, 1, "1 5 ns/op"), 1), " 5 ns", " 6 ns", 1), "run.txt:8: the hash of the file does not fit its content: it was changed or damaged since it was written, " + again},
	{"wrong count", ended(head+trialOf(1, 1, "1 5 ns/op"), 2), "run.txt:8: the file says that it has 2 measurements and has 1" + broken},

	{"long first line", strings.Repeat("x", 64<<10) + "\n", "run.txt:1: the line is 65536 bytes long, the limit is 65535: this is no run file, or a damaged one: " + again},
	{"long line", head + strings.Repeat("x", 64<<10) + "\n", "run.txt:6: the line is 65536 bytes long, the limit is 65535: this is no run file, or a damaged one: " + again},
	{"long line without newline", head + strings.Repeat("x", 1<<20), "run.txt:6: the line is 1048576 bytes long, the limit is 65535: this is no run file, or a damaged one: " + again},
}

const badFork = "forks count from 1, no time or load is negative, and no more time is stolen than there was"

func TestReadBad(t *testing.T) {
	for _, tt := range badFiles {
		t.Run(tt.name, func(t *testing.T) {
			run, err := Read("run.txt", strings.NewReader(tt.text))
			if err == nil {
				t.Fatalf("no error, but %d measurements", len(run.Measurements))
			}
			if err.Error() != tt.want {
				t.Errorf("the error differs\n got %s\nwant %s", err, tt.want)
			}
			checkMessage(t, err)
		})
	}
}

// Files that look odd and are good.
func TestReadGood(t *testing.T) {
	one := trialOf(1, 1, "1 5 ns/op")
	for _, tt := range []struct {
		name, text string
		partial    bool
	}{
		{"complete", ended(head+one, 1), false},
		{"blank lines behind the end", ended(head+one, 1) + "\n \n", false},
		{"partial", head + one, true},
		{"half a rune at the end", head + one + "#il \xc2", true},
		{"the longest line", head + strings.Repeat("x", MaxLine) + "\n" + one, true},
		{"other text", head + "Unit ns/op better=lower\nPASS\nhttp://x:1\n" + one, true},
		{"a setting said again", head + one + "cpus: 2\n", true},
		{"a key deleted that was never there", head + one + "gogc:\n", true},
		{"an event of a later version", head + "#il {\"look\":{\"forks\":6}}\n" + one, true},
		{"line ends of Windows", strings.ReplaceAll(head+one, "\n", "\r\n"), true},
	} {
		run, err := Read("run.txt", strings.NewReader(tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if run.Partial != tt.partial || len(run.Measurements) != 1 || run.Measurements[0].Elapsed != 5 || run.Setting("cpus") != "2" {
			t.Errorf("%s: %+v", tt.name, run)
		}
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		dir:                       dir + ": this is a directory: name the run file in it",
		filepath.Join(dir, "no"):  filepath.Join(dir, "no") + ": there is no such run file: measure one with interleave run",
		filepath.Join(dir, "bad"): filepath.Join(dir, "bad") + ":1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run",
	} {
		if err := os.WriteFile(filepath.Join(dir, "bad"), []byte("bad\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFile(name); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A reader that fails is no empty file.
func TestReadError(t *testing.T) {
	if _, err := Read("run.txt", failing{}); err == nil || err.Error() != "run.txt: no room" {
		t.Errorf("error %v", err)
	}
}
