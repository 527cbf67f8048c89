package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
)

// The made-up files are whole run files of the promised size, and the same
// from one seed.
func TestWriteFile(t *testing.T) {
	for _, s := range []shape{
		{scenarios: 3, params: 2, variants: 4, workers: []int{1, 2}},
		{scenarios: 1, params: 1, variants: 5, workers: []int{2}, bare: true},
	} {
		var a, b, c bytes.Buffer
		for seed, out := range map[uint64]*bytes.Buffer{1: &a, 2: &c} {
			if err := writeFile(out, s, seed); err != nil {
				t.Fatal(err)
			}
		}
		if err := writeFile(&b, s, 1); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%+v: one seed gives two files (%v)", s, err)
		}
		if bytes.Equal(a.Bytes(), c.Bytes()) {
			t.Errorf("%+v: two seeds give one file", s)
		}
		run, err := record.Read("made.txt", &a)
		if err != nil {
			t.Fatal(err)
		}
		if want := s.cases() * fileForks * fileRounds; len(run.Measurements) != want || run.Partial {
			t.Errorf("%+v: %d measurements, want %d; partial %v", s, len(run.Measurements), want, run.Partial)
		}
		if got := len(run.Measurements[0].Metrics) == 0; got != s.bare {
			t.Errorf("%+v: metrics %v", s, run.Measurements[0].Metrics)
		}
	}
	for _, s := range shapes {
		if s.cases() != 10_000 {
			t.Errorf("%s has %d cases", s.name, s.cases())
		}
	}
}

func TestMedian(t *testing.T) {
	got := median([]spent{{3 * time.Second, 10e6}, {1 * time.Second, 30e6}, {2 * time.Second, 20e6}})
	if got != (spent{2 * time.Second, 20e6}) || got.String() != "2.00 s     20 MB" {
		t.Errorf("median %v", got)
	}
}

func TestRunWantsTwoPrograms(t *testing.T) {
	var stderr bytes.Buffer
	if code := run(nil, io.Discard, &stderr); code != 2 || !strings.Contains(stderr.String(), "make cost") {
		t.Errorf("code %d, %q", code, &stderr)
	}
}

// BenchmarkReport is what make cost runs, to be profiled.
func BenchmarkReport(b *testing.B) {
	for _, s := range shapes {
		b.Run(strings.ReplaceAll(s.name, " ", "_"), func(b *testing.B) {
			name := filepath.Join(b.TempDir(), "run.txt")
			if _, err := makeFile(name, s); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for b.Loop() {
				run, err := record.ReadFile(name)
				if err != nil {
					b.Fatal(err)
				}
				r := report.New(run)
				if err := r.Texts(io.Discard); err != nil {
					b.Fatal(err)
				}
				if err := r.Markdown(io.Discard, os.TempDir()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
