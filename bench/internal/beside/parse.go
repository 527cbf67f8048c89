package beside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// Bounds of what a program may print: a line for each way, and every line short.
const (
	mostOutput = 256 << 10
	mostLine   = 4 << 10
	mostCount  = 1 << 53 // beyond it numbers of JSON are not whole
)

// A line is what a program prints of one trial.
type line struct {
	Python         string   `json:"python"`
	Implementation string   `json:"implementation"`
	GIL            *bool    `json:"gil"`
	Program        string   `json:"program"`
	Way            string   `json:"way"`
	Workers        int      `json:"workers"`
	Seconds        *float64 `json:"seconds"`
	Total          *int64   `json:"total"`
	Expected       *int64   `json:"expected"`
	OK             bool     `json:"ok"`
}

// A trial is what came of doing a job in one way.
type trial struct {
	way             string
	workers         int
	elapsed         time.Duration
	total, expected int64
}

// parseTrials reads what a program printed, a trial on each line. The error
// names the program and the line.
func parseTrials(program string, output []byte) ([]trial, error) {
	var trials []trial
	for number := 1; len(output) > 0; number++ {
		text, rest, _ := bytes.Cut(output, []byte("\n"))
		output = rest
		t, err := parseTrial(program, text)
		if err != nil {
			return nil, fmt.Errorf("%s, line %d of its output: %w", program, number, err)
		}
		trials = append(trials, t)
	}
	return trials, nil
}

func parseTrial(program string, text []byte) (trial, error) {
	var l line
	if err := decode(text, &l); err != nil {
		return trial{}, err
	}
	switch {
	case l.Program+".py" != program:
		return trial{}, fmt.Errorf("it is of the program %.40q", l.Program)
	case l.Seconds == nil || !(*l.Seconds > 0 && *l.Seconds <= record.MaxElapsed.Seconds()):
		return trial{}, fmt.Errorf("the seconds of %.40q are missing, zero, negative or too many", l.Way)
	case l.Total == nil || l.Expected == nil || *l.Expected < 1 || *l.Expected > mostCount || *l.Total < -mostCount || *l.Total > mostCount:
		return trial{}, fmt.Errorf("the totals of %.40q are missing or out of bounds", l.Way)
	case l.OK != (*l.Total == *l.Expected):
		return trial{}, fmt.Errorf("%.40q says ok %v with a total of %d, expected %d", l.Way, l.OK, *l.Total, *l.Expected)
	}
	elapsed := time.Duration(math.Round(*l.Seconds * float64(time.Second)))
	return trial{l.Way, l.Workers, min(max(elapsed, 1), record.MaxElapsed), *l.Total, *l.Expected}, nil
}

// decode reads one line of JSON that has no field that we do not know.
func decode(text []byte, into any) error {
	if len(text) > mostLine {
		return fmt.Errorf("it has %d bytes, the limit is %d", len(text), mostLine)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || d.More() {
		return fmt.Errorf("it is not the JSON that was agreed on: %.60q", text)
	}
	return nil
}

// An interpreter is how to start programs, and what they say of it.
type interpreter struct {
	path string
	record.Interpreter
}

// parseHello reads what the program Hello printed.
func parseHello(output []byte) (interpreter, error) {
	var h struct {
		line
		Executable string `json:"executable"`
	}
	if err := decode(bytes.TrimSuffix(output, []byte("\n")), &h); err != nil {
		return interpreter{}, err
	}
	for _, text := range []string{h.Python, h.Implementation} {
		if text == "" || len(text) > 40 || strings.Join(strings.Fields(text), " ") != text {
			return interpreter{}, fmt.Errorf("%.40q is no version or implementation", text)
		}
	}
	return interpreter{h.Executable, record.Interpreter{Version: h.Python, Implementation: h.Implementation, Lock: h.GIL}}, nil
}
