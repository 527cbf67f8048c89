package beside

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/record"
)

const goodLine = `{"python":"3.11.7","implementation":"CPython","gil":null,"program":"a","way":"lock","workers":2,"seconds":0.5,"total":-3,"expected":5,"ok":false}`

// badOutputs are what no program of ours prints, and what is said of it.
var badOutputs = []struct{ text, want string }{
	{"\n", `a.py, line 1 of its output: it is not the JSON that was agreed on: ""`},
	{goodLine + "\nx", `a.py, line 2 of its output: it is not the JSON`},
	{goodLine + goodLine, "line 1 of its output: it is not the JSON"},
	{strings.Replace(goodLine, `"a"`, `"b"`, 1), `line 1 of its output: it is of the program "b"`},
	{strings.Replace(goodLine, `"ok"`, `"okay"`, 1), "it is not the JSON"},
	{strings.Replace(goodLine, `"ok":false`, `"ok":true`, 1), `"lock" says ok true with a total of -3, expected 5`},
	{strings.Replace(goodLine, `0.5`, `0`, 1), `the seconds of "lock" are missing, zero`},
	{strings.Replace(goodLine, `0.5`, `-1`, 1), `the seconds of "lock"`},
	{strings.Replace(goodLine, `0.5`, `1e300`, 1), `the seconds of "lock"`},
	{strings.Replace(goodLine, `0.5`, `null`, 1), `the seconds of "lock"`},
	{strings.Replace(goodLine, `0.5`, `NaN`, 1), "it is not the JSON"},
	{strings.Replace(goodLine, `-3`, `null`, 1), `the totals of "lock"`},
	{strings.Replace(goodLine, `-3`, `9007199254740994`, 1), `the totals of "lock"`},
	{strings.Replace(goodLine, `-3`, `-9007199254740994`, 1), `the totals of "lock"`},
	{strings.Replace(goodLine, `"expected":5`, `"expected":0`, 1), `the totals of "lock"`},
	{strings.Replace(goodLine, `"expected":5`, `"expected":99007199254740994`, 1), `the totals of "lock"`},
	{"[" + strings.Repeat(" ", mostLine) + "]", "it has 4098 bytes, the limit is 4096"},
	{`{"way":"` + strings.Repeat("\\u0000", 600), "it is not the JSON"},
}

func TestParseTrials(t *testing.T) {
	for _, tt := range badOutputs {
		_, err := parseTrials("a.py", []byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.80q: error %v, want %s", tt.text, err, tt.want)
		}
	}
	trials, err := parseTrials("a.py", []byte(goodLine+"\n"+goodLine))
	want := trial{"lock", 2, 500 * time.Millisecond, -3, 5}
	if err != nil || len(trials) != 2 || trials[0] != want || trials[1] != want {
		t.Errorf("trials %+v, error %v", trials, err)
	}
	if trials, err := parseTrials("a.py", nil); len(trials) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v", trials, err)
	}
	tiny, err := parseTrials("a.py", []byte(strings.Replace(goodLine, "0.5", "1e-12", 1)))
	if err != nil || tiny[0].elapsed != 1 {
		t.Errorf("less than a nanosecond: %v, error %v", tiny, err)
	}
}

// Whatever a program prints, it is an error of one line, or trials that a run
// file takes.
func FuzzParseTrials(f *testing.F) {
	for _, bad := range badOutputs {
		f.Add([]byte(bad.text))
	}
	f.Add([]byte(goodLine + "\n" + goodLine + "\n"))
	f.Fuzz(func(t *testing.T, output []byte) {
		trials, err := parseTrials("a.py", output)
		if err != nil {
			if text := err.Error(); !strings.HasPrefix(text, "a.py, line ") || strings.Contains(text, "\n") || len(text) > 400 {
				t.Errorf("error %q", text)
			}
			return
		}
		var lines strings.Builder
		for _, tr := range trials {
			if tr.elapsed < 1 || tr.elapsed > record.MaxElapsed || tr.expected < 1 {
				t.Errorf("trial %+v", tr)
			}
			way, _ := json.Marshal(tr.way)
			fmt.Fprintf(&lines, `{"program":"a","way":%s,"workers":%d,"seconds":%.9f,"total":%d,"expected":%d,"ok":%v}`+"\n",
				way, tr.workers, tr.elapsed.Seconds(), tr.total, tr.expected, tr.total == tr.expected)
		}
		again, err := parseTrials("a.py", []byte(lines.String()))
		if err != nil {
			if strings.Contains(err.Error(), "bytes, the limit is") {
				return // escapes are longer
			}
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		for i := range trials {
			// Seconds are not written with all digits.
			if d := trials[i].elapsed - again[i].elapsed; d > time.Microsecond || d < -time.Microsecond {
				t.Errorf("trial %d took %v, and then %v", i, trials[i].elapsed, again[i].elapsed)
			}
			again[i].elapsed = trials[i].elapsed
			if trials[i] != again[i] {
				t.Errorf("trial %d: %+v, and then %+v", i, trials[i], again[i])
			}
		}
	})
}

// Whatever an interpreter says of itself, it is an error or names of one line.
func FuzzParseHello(f *testing.F) {
	f.Add([]byte(`{"python":"3.11.7","implementation":"CPython","gil":true,"executable":"/usr/bin/python3"}` + "\n"))
	f.Add([]byte(`{"python":"","implementation":"CPython"}`))
	f.Add([]byte(`{"python":"3\n4","implementation":"CPython"}`))
	f.Add([]byte("Python was not found; run without arguments to install from the Microsoft Store"))
	f.Fuzz(func(t *testing.T, output []byte) {
		i, err := parseHello(output)
		if err == nil && (record.OneLine(i.Version) != i.Version || record.OneLine(i.Implementation) != i.Implementation || i.Version == "") {
			t.Errorf("%+v", i)
		}
	})
}
