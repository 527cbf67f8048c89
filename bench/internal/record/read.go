package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/interleave-go/interleave/bench"
)

// ReadFile reads a run file by name.
func ReadFile(name string) (*Run, error) {
	f, err := os.Open(name)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s: there is no such run file: measure one with interleave run", name)
		}
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: this is a directory: name the run file in it", name)
	}
	if err != nil || !info.Mode().IsRegular() {
		return Read(name, f) // a pipe has no size
	}
	// The file may grow meanwhile. What is there now is one state of it.
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parse(name, data)
}

// Read reads a run file. The name stands in error messages only. A file
// without its end gives what is there, marked as partial; a file that
// contradicts itself, or has times that cannot be, is an error with its line.
// What go test -bench printed is read, too.
func Read(name string, r io.Reader) (*Run, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parse(name, data)
}

func parse(name string, data []byte) (*Run, error) {
	if !bytes.HasPrefix(data, prefix) && isGoBench(data) {
		return readGoBench(name, data)
	}
	p := parser{name: name, run: &Run{}, trials: make([]trialLine, 0, bytes.Count(data, trialPrefix))}
	p.known = newCatalogue(p.run)
	// The two readings share nothing, so they take two cores.
	results := make(chan benchLines, 1)
	go func() { results <- readBenchLines(name, wholeLines(data)) }()
	err := p.lines(data)
	found := <-results
	if err != nil {
		return nil, err
	}
	if err := p.results(found); err != nil {
		return nil, err
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	return p.run, nil
}

// A parser reads a file twice: our own lines and the settings itself, and the
// benchmark lines through benchfmt. What belongs together is joined by line
// numbers.
type parser struct {
	name   string
	run    *Run
	known  catalogue
	trials []trialLine      // the trial events, in the order of lines
	seen   map[trialKey]int // → index in Run.Measurements; nil as long as they are in order
	count  int              // benchmark lines, those of void forks too
	end    *End
	ended  int // line of the end
}

// What is to be done about a file that no program of ours can have written.
const damaged = "the file is damaged, measure again with interleave run"

func (p *parser) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.name, line, fmt.Sprintf(format, args...))
}

func (p *parser) noRunFile() error {
	return p.fail(1, "this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run")
}

// lines goes through all lines and takes up ours.
func (p *parser) lines(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%s: the run file is empty: measure again with interleave run", p.name)
	}
	var before []byte // the lines above
	for number := 1; len(before) < len(data); number++ {
		text, _, terminated := bytes.Cut(data[len(before):], []byte("\n"))
		if len(text) > MaxLine {
			return p.fail(number, "the line is %d bytes long, the limit is %d: this is no run file, or a damaged one: measure again with interleave run", len(text), MaxLine)
		}
		sound := text
		if !terminated {
			sound = wholeRunes(text)
		}
		if !utf8.Valid(sound) || bytes.IndexByte(text, 0) >= 0 {
			return p.fail(number, "this is binary data: name a run file, or measure one with interleave run")
		}
		if number == 1 && !bytes.HasPrefix(text, prefix) && (terminated || !bytes.HasPrefix(prefix, text)) {
			return p.noRunFile()
		}
		if p.end != nil && len(bytes.TrimSpace(text)) > 0 {
			return p.fail(number, "there is more behind the end of the run on line %d: two files were joined, separate them", p.ended)
		}
		if !terminated {
			break // the writer was killed in the middle of this line
		}
		if err := p.line(number, text, before); err != nil {
			return err
		}
		before = data[:len(before)+len(text)+1]
	}
	return nil
}

// wholeLines returns data without a last line that has no end.
func wholeLines(data []byte) []byte { return data[:bytes.LastIndexByte(data, '\n')+1] }

// prefix begins the lines that are ours.
var prefix = []byte("#il ")

// wholeRunes returns text without a last character that is cut off.
func wholeRunes(text []byte) []byte {
	for i := len(text) - 1; i >= 0 && i > len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return text[:i]
			}
			break
		}
	}
	return text
}

// line takes up one line if it is an event or a setting. before is everything
// above it.
func (p *parser) line(number int, text, before []byte) error {
	body, ours := bytes.CutPrefix(text, prefix)
	if !ours {
		if bytes.HasPrefix(text, []byte("Benchmark")) {
			return nil // the most frequent kind: no setting begins so
		}
		if key, value, ok := splitSetting(string(text)); ok {
			return p.setting(number, key, value)
		}
		return nil
	}
	if at, ok := parsePlace(body); ok && number > 1 {
		p.trials = append(p.trials, newTrialLine(number, at))
		return nil
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		return p.fail(number, "this #il line is not valid JSON (%v): %s", err, damaged)
	}
	return p.event(number, e, before)
}

func (p *parser) event(number int, e Event, before []byte) error {
	switch {
	case e.Run != nil && number != 1:
		return p.fail(number, "a second run begins here: give each run a file of its own")
	case e.Run != nil && e.Run.Format != Format:
		return p.fail(number, "the file has format %d, this program reads format %d: use the program that wrote it, or measure again", e.Run.Format, Format)
	case number == 1 && e.Run == nil:
		return p.fail(number, "the first line should say which run this is: %s", damaged)
	case e.Scenario != nil && p.known.scenario(e.Scenario.Name) != nil:
		return p.fail(number, "scenario %q is described a second time: two runs were joined, separate them", e.Scenario.Name)
	case e.Variant != nil && p.known.scenario(e.Variant.Scenario) == nil:
		return p.fail(number, "variant %q belongs to a scenario %q that is not described above it: %s", e.Variant.Name, e.Variant.Scenario, damaged)
	case e.Variant != nil && p.known.variant(e.Variant.Scenario, e.Variant.Name) != nil:
		return p.fail(number, "variant %q of scenario %q is described a second time: two runs were joined, separate them", e.Variant.Name, e.Variant.Scenario)
	case e.Claim != nil:
		return p.claim(number, e)
	case e.Trial != nil:
		if e.Trial.Fork < 1 || e.Trial.Round < 1 || e.Trial.Order < 1 {
			return p.fail(number, "fork, round and order of a trial count from 1: %s", damaged)
		}
		p.trials = append(p.trials, newTrialLine(number, *e.Trial))
	case e.Fork != nil && (e.Fork.Fork < 1 || e.Fork.Stolen < 0 || e.Fork.Stolen > e.Fork.Processor || e.Fork.Load < 0):
		return p.fail(number, "forks count from 1, no time or load is negative, and no more time is stolen than there was: %s", damaged)
	case e.End != nil:
		if sum := sha256.Sum256(before); hex.EncodeToString(sum[:]) != e.End.SHA256 {
			return p.fail(number, "the hash of the file does not fit its content: it was changed or damaged since it was written, measure again with interleave run")
		}
		p.end, p.ended = e.End, number
	default:
		p.known.add(e)
	}
	return nil
}

// claim takes up a claim. It names files, and its rules were fixed before
// anything was measured.
func (p *parser) claim(number int, e Event) error {
	switch err := bench.CheckClaimName(e.Claim.Name); {
	case err != nil:
		return p.fail(number, "a claim cannot be read: %v: %s", err, damaged)
	case p.run.claim(e.Claim.Name) != nil:
		return p.fail(number, "the claim %q stands here a second time: two runs were joined, separate them", e.Claim.Name)
	case len(p.trials) > 0:
		return p.fail(number, "the claim %q stands below the first trial, and must be fixed before: %s", e.Claim.Name, damaged)
	}
	p.known.add(e)
	return nil
}

// splitSetting splits a configuration line where benchfmt does: a key begins
// with a lower case letter and has no spaces and no upper case letters.
func splitSetting(line string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(line, ":")
	trimmed := strings.TrimLeft(value, " \t")
	ok = ok && checkKey(key) == nil && (value == "" || value != trimmed)
	return key, strings.TrimSuffix(trimmed, "\r"), ok
}

// setting takes up a setting, and insists that it stays: a case under two
// settings is two cases.
func (p *parser) setting(line int, key, value string) error {
	const remedy = "the same case under different settings cannot be compared, give each run a file of its own"
	switch was := p.run.Setting(key); {
	case was == value:
		return nil
	case was != "":
		return p.fail(line, "%q is %q from here on and was %q above: %s", key, value, was, remedy)
	case len(p.trials) > 0:
		return p.fail(line, "%q is %q from here on, below the first trial: %s", key, value, remedy)
	}
	p.run.Settings = append(p.run.Settings, Setting{Key: key, Value: value})
	return nil
}

// complete says whether the file is whole, and whether it is worth anything.
func (p *parser) complete() error {
	if p.end == nil {
		p.run.Partial = true
	} else if p.end.Count != p.count {
		return p.fail(p.ended, "the file says that it has %d measurements and has %d: %s", p.end.Count, p.count, damaged)
	}
	p.run.leaveOut()
	if p.count == 0 && len(p.run.Voids) == 0 {
		return fmt.Errorf("%s: the run ended before its first measurement: measure again with interleave run", p.name)
	}
	return nil
}
