package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

const (
	besideRuns = 5
	mostMemory = 500e6 // bytes that report may take at its peak
)

// A spent is what one run of a program took.
type spent struct {
	wall   time.Duration
	memory float64 // bytes at the peak; 0 where the system does not say
}

// reportBesideBenchstat runs both programs on the same files in turn, and
// returns the limits that report exceeded. A file with nothing but times is not
// what a run writes, and is shown without a limit.
func reportBesideBenchstat(w io.Writer, interleave, benchstat, dir string) (exceeded []string, err error) {
	fmt.Fprintf(w, "interleave report -charts=false beside benchstat, on files of %d cases × %d samples:\n", shapes[0].cases(), fileForks*fileRounds)
	fmt.Fprintf(w, "medians of %d runs of each in turn, peak memory\n\n", besideRuns)
	fmt.Fprintf(w, "%-24s %7s %18s %18s %9s\n", "file", "MB", "report", "benchstat", "ratio")
	for i, s := range shapes {
		file := filepath.Join(dir, fmt.Sprintf("shape%d.txt", i))
		size, err := makeFile(file, s)
		if err != nil {
			return nil, err
		}
		var ours, theirs []spent
		for range besideRuns {
			for _, p := range []struct {
				took *[]spent
				args []string
			}{{&theirs, []string{benchstat, file}}, {&ours, []string{interleave, "report", "-charts=false", "-o", dir, file}}} {
				took, err := timeProgram(p.args)
				if err != nil {
					return nil, err
				}
				*p.took = append(*p.took, took)
			}
		}
		our, their := median(ours), median(theirs)
		ratio := our.wall.Seconds() / their.wall.Seconds()
		fmt.Fprintf(w, "%-24s %7.1f %18s %18s %9.2f\n", s.name, size/1e6, our, their, ratio)
		if !s.bare && ratio > 1 {
			exceeded = append(exceeded, fmt.Sprintf("report takes %.2f times as long as benchstat on %s", ratio, s.name))
		}
		if our.memory > mostMemory {
			exceeded = append(exceeded, fmt.Sprintf("report takes %.0f MB on %s, the limit is %.0f", our.memory/1e6, s.name, mostMemory/1e6))
		}
	}
	fmt.Fprintln(w)
	return exceeded, nil
}

func makeFile(name string, s shape) (size float64, err error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := writeFile(f, s, 1); err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return float64(info.Size()), f.Close()
}

// timeProgram runs a program to its end. Its output goes to a file, as nobody
// waits for a terminal then.
func timeProgram(args []string) (spent, error) {
	out, err := os.CreateTemp("", "interleave-cost-")
	if err != nil {
		return spent{}, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd := exec.Command(args[0], args[1:]...)
	var words bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &words
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return spent{}, fmt.Errorf("%s: %w: %s", args[0], err, bytes.TrimSpace(words.Bytes()))
	}
	return spent{time.Since(began), peakMemory(cmd.ProcessState)}, nil
}

// median returns the medians of time and memory.
func median(all []spent) spent {
	var walls, memories []float64
	for _, s := range all {
		walls, memories = append(walls, float64(s.wall)), append(memories, s.memory)
	}
	return spent{time.Duration(stats.Median(walls)), stats.Median(memories)}
}

func (s spent) String() string {
	return fmt.Sprintf("%.2f s %6.0f MB", s.wall.Seconds(), s.memory/1e6)
}
