package calibrate

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// Format is the version of the calibration file: JSON, a line each, the header
// first and then the outcomes in the order in which they were made.
const Format = 1

// A Header says what was calibrated: a binary on a machine. Verdicts of
// different binaries or machines have different rates of error, so that a file
// holds one of each.
type Header struct {
	Format   int              `json:"calibration"`
	Binary   string           `json:"binary"` // the beginning of its SHA-256
	Level    float64          `json:"level"`  // of the verdicts
	Settings []record.Setting `json:"settings"`
}

// A File is a calibration as far as it has come.
type File struct {
	Header
	Outcomes []Outcome
	size     int64 // of its whole lines, in bytes
}

// HashOf returns the beginning of the SHA-256 of a file.
func HashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// maxLine bounds a line of the file, in bytes.
const maxLine = 64 << 10

// Read reads a calibration. A last line without an end, which a process leaves
// that was killed while it wrote, does not count; anything else that is not as
// it should be is an error that names the line.
func Read(name string, r io.Reader) (*File, error) {
	f := new(File)
	in := bufio.NewReaderSize(r, maxLine)
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && n == 1:
			return nil, fmt.Errorf("%s is empty or was cut off in its first line: delete it and calibrate again", name)
		case errors.Is(err, io.EOF):
			return f, nil
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("%s:%d: the line is longer than %d bytes: this is no calibration file", name, n, maxLine)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if n == 1 {
			err = f.header(line)
		} else {
			err = f.outcome(line)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		f.size += int64(len(line))
	}
}

func (f *File) header(line []byte) error {
	if err := strict(line, &f.Header); err != nil || f.Format == 0 {
		return errors.New("this is no calibration file: its first line must be a header as interleave calibrate writes it")
	}
	if f.Format != Format {
		return fmt.Errorf("the calibration has format %d, this program reads format %d: calibrate again, or use the program that made it", f.Format, Format)
	}
	return nil
}

func (f *File) outcome(line []byte) error {
	var o Outcome
	if err := strict(line, &o); err != nil {
		if bytes.Contains(line, []byte(`"calibration"`)) {
			return errors.New("a second header: two calibrations were joined; keep them in separate files")
		}
		return fmt.Errorf("not an outcome: %w", err)
	}
	if o.Cell.work() == nil || o.Protocol != Paired && o.Protocol != Usual || !(o.Seconds > 0) || math.IsInf(o.Seconds, 0) {
		return errors.New("not an outcome that this program makes: its work, protocol or time is unknown")
	}
	f.Outcomes = append(f.Outcomes, o)
	return nil
}

// strict decodes one JSON value without fields that are unknown.
func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// A Log appends outcomes to a calibration file as they are made.
type Log struct {
	f *os.File
}

// Open opens a calibration file to go on with, or makes it. What it holds must
// have been made by the same binary on the same machine.
func Open(path string, h Header) (*Log, []Outcome, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, nil, err
	}
	outcomes, err := resume(f, path, h)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return &Log{f}, outcomes, nil
}

func resume(f *os.File, path string, h Header) ([]Outcome, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, write(f, h)
	}
	old, err := Read(path, f)
	if err != nil {
		return nil, err
	}
	if old.Binary != h.Binary {
		return nil, fmt.Errorf("%s was made by another binary (%s, this one is %s), which makes other errors: choose another file with -o, or delete it", path, old.Binary, h.Binary)
	}
	for _, key := range []string{"cpu", "cpus", "goos"} {
		if was, is := setting(old.Settings, key), setting(h.Settings, key); was != is {
			return nil, fmt.Errorf("%s was made on another machine (%s %q, here %q): choose another file with -o", path, key, was, is)
		}
	}
	if err := f.Truncate(old.size); err != nil {
		return nil, err
	}
	_, err = f.Seek(old.size, io.SeekStart)
	return old.Outcomes, err
}

func setting(all []record.Setting, key string) string {
	for _, s := range all {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// Take appends one outcome.
func (l *Log) Take(o Outcome) error { return write(l.f, o) }

// Close closes the file.
func (l *Log) Close() error { return l.f.Close() }

func write(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
