package calibrate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench/internal/record"
)

func header() Header {
	return Header{Format: Format, Binary: "0123456789abcdef", Level: Level, Settings: []record.Setting{{Key: "cpu", Value: "a"}, {Key: "cpus", Value: "2"}}}
}

func outcome(n int) Outcome {
	return Outcome{Cell: Key{Alarms, Quiet, "cpu", 0, 0}, Protocol: Paired, Verdict: "unclear", Ratio: 1, Real: 1, Forks: n, Seconds: 1.5}
}

// A file goes on where it stopped, even if a process was killed while it wrote
// a line.
func TestResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calibration.txt")
	for n, cut := range []int{0, 0, 5, 200} {
		log, before, err := Open(path, header())
		if err != nil || len(before) != n {
			t.Fatalf("open %d: %d outcomes, %v", n, len(before), err)
		}
		if err := log.Take(outcome(n)); err != nil {
			t.Fatal(err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		if cut > 0 {
			whole, _ := os.ReadFile(path)
			line := []byte(`{"cell":{"part":"alarms","regime":"quiet","work":"cpu"` + strings.Repeat(" ", cut))
			if err := os.WriteFile(path, append(whole, line[:len(line)-cut/2]...), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := Read(path, f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Outcome{outcome(0), outcome(1), outcome(2), outcome(3)}, got.Outcomes); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// A file holds one binary on one machine.
func TestMixed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calibration.txt")
	log, _, err := Open(path, header())
	if err != nil {
		t.Fatal(err)
	}
	log.Close()
	before, _ := os.ReadFile(path)
	for name, change := range map[string]func(*Header){
		"another binary":  func(h *Header) { h.Binary = "ffff" },
		"another machine": func(h *Header) { h.Settings = []record.Setting{{Key: "cpu", Value: "b"}} },
	} {
		h := header()
		change(&h)
		if _, _, err := Open(path, h); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("a refused file was changed")
	}
}

func TestReadErrors(t *testing.T) {
	var whole bytes.Buffer
	write(&whole, header())
	first := whole.String()
	write(&whole, outcome(1))
	line := strings.TrimPrefix(whole.String(), first)
	for name, tt := range map[string]struct{ text, want string }{
		"empty":             {"", "x.txt is empty"},
		"cut in the header": {first[:10], "x.txt is empty or was cut off"},
		"no header":         {line, "x.txt:1: this is no calibration file"},
		"other text":        {"goos: linux\n", "x.txt:1: this is no calibration file"},
		"another format":    {strings.Replace(first, `"calibration":1`, `"calibration":7`, 1), "x.txt:1: the calibration has format 7"},
		"joined":            {first + line + first, "x.txt:3: a second header"},
		"an unknown field":  {first + `{"cells":1}` + "\n", "x.txt:2: not an outcome"},
		"an unknown work":   {first + strings.Replace(line, `"cpu"`, `"gpu"`, 1), "x.txt:2: not an outcome that this program makes"},
		"no time":           {first + strings.Replace(line, `"seconds":1.5`, `"seconds":0`, 1), "x.txt:2: not an outcome that"},
		"two values":        {first + strings.TrimSuffix(line, "\n") + " 1\n", "x.txt:2: not an outcome: more than one value"},
		"a long line":       {first + strings.Repeat("x", maxLine) + "\n", "x.txt:2: the line is longer"},
	} {
		if _, err := Read("x.txt", strings.NewReader(tt.text)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// Whatever a file holds, reading it ends with outcomes or an error, and what is
// written from it is read again.
func FuzzRead(f *testing.F) {
	var whole bytes.Buffer
	write(&whole, header())
	write(&whole, outcome(1))
	f.Add(whole.Bytes())
	f.Add(whole.Bytes()[:whole.Len()-3])
	f.Add([]byte(`{"calibration":1}` + "\n{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read("x", bytes.NewReader(data))
		if err != nil {
			return
		}
		var again bytes.Buffer
		write(&again, file.Header)
		for _, o := range file.Outcomes {
			write(&again, o)
		}
		back, err := Read("x", &again)
		if err != nil || len(back.Outcomes) != len(file.Outcomes) {
			t.Errorf("%d outcomes became %v (%v)", len(file.Outcomes), back, err)
		}
		Summarize(file.Outcomes)
	})
}
