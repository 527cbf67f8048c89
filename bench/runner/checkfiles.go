package runner

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/calibrate"
	"github.com/interleave-go/interleave/bench/internal/gate"
)

// fileLevel is the chance that a comparison of two files fails for any of its
// benchmarks, were there no drift.
const fileLevel = 0.01

// calibration is where the drift of this machine stands, if it was measured.
var calibration = filepath.Join("results", "reference", calibrationFile)

// fileFlags are the flags of check that are about files of measurements.
func fileFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "old", Usage: "compare this `FILE`, go test -bench output or a run file, with -new"},
		&cli.StringFlag{Name: "new", Usage: "the `FILE` that must not be slower; alone, ask it the rules about benchmarks"},
		&cli.StringFlag{Name: "tolerance", Usage: "the `CHANGE` for the worse that does not matter, with -old and -new", Value: "5%"},
	}
}

// onlyMeasuring are the flags of check that have no meaning for files.
var onlyMeasuring = []string{"for", "explain", "init", "update-reference", "selftest"}

// checkFiles checks files of measurements, and measures nothing.
func (p *program) checkFiles(c *cli.Command) error {
	r, err := p.fileReport(c)
	if err != nil {
		return err
	}
	fail := c.String("on-unclear") == "fail"
	dir := "" // no files unless asked for: this may be anybody's directory
	if c.IsSet("o") {
		dir = c.String("o")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("-o %s: %w", dir, reason(err))
		}
	}
	if err := writeReport(p, r, dir, c.String("junit"), c.Bool("json"), fail); err != nil {
		return err
	}
	if code := r.ExitCode(fail); code != exitOK {
		return &finding{code}
	}
	return nil
}

func (p *program) fileReport(c *cli.Command) (*gate.Report, error) {
	oldName, newName := c.String("old"), c.String("new")
	for _, flag := range onlyMeasuring {
		if c.IsSet(flag) {
			return nil, fmt.Errorf("-%s is about measuring, and -old and -new are about files: leave one out", flag)
		}
	}
	tolerance, err := percentage(c.String("tolerance"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("-tolerance %s: %w", c.String("tolerance"), err)
	case newName == "" && oldName == "":
		return nil, errors.New("-tolerance is about files: name them with -old and -new, or write tolerances into the budgets file")
	case newName == "":
		return nil, errors.New("-old needs -new: name both files, the earlier and the later")
	case oldName == "" && !c.IsSet("budgets"):
		return nil, errors.New("-new needs -old, the file to compare with, or -budgets, rules to ask of it")
	case oldName == newName:
		return nil, fmt.Errorf("-old and -new are the same file, %s: name two", newName)
	}
	newer, err := gate.ReadBenchFile(newName)
	if err != nil {
		return nil, err
	}
	if oldName == "" {
		r := newer.Report()
		return r, askBudgets(c.String("budgets"), newer, r)
	}
	older, err := gate.ReadBenchFile(oldName)
	if err != nil {
		return nil, err
	}
	drift, from, err := driftHere(calibration, newer)
	if err != nil {
		return nil, err
	}
	comparison := gate.Comparison{Old: older, New: newer, Tolerance: tolerance, Drift: drift, DriftFrom: from, Level: fileLevel}
	r := comparison.Report()
	if c.IsSet("budgets") {
		err = askBudgets(c.String("budgets"), newer, r)
	}
	return r, err
}

// askBudgets asks a file the rules about benchmarks of a budgets file, which
// must have some.
func askBudgets(name string, f *gate.BenchFile, r *gate.Report) error {
	b, err := gate.ReadBudgets(name)
	if err != nil {
		return err
	}
	if !b.AboutFiles() {
		return fmt.Errorf("%s: no rule is about the benchmarks of a file: write one with the key benchmarks that asks for scaling or allocs, or leave -budgets out; regression against base is for interleave diff", name)
	}
	return b.AskFile(f, r)
}

// percentage reads "5%" as 0.05. The sign may be left out of 0 alone: 5 might mean
// five times as well.
func percentage(text string) (float64, error) {
	number, signed := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case err != nil || !(x >= 0 && x <= 1000): // so that NaN is bad, too
		return 0, errors.New("write a percentage from 0% to 1000%, such as 5%")
	case !signed && x != 0:
		return 0, fmt.Errorf("write the percent sign, as in %s%%", text)
	}
	return x / 100, nil
}

// driftHere returns what is allowed for drift: what a calibration of this
// machine found, if there is one, otherwise the default.
func driftHere(path string, f *gate.BenchFile) (drift float64, from string, err error) {
	in, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return gate.DefaultDrift, "the default", nil
	}
	if err != nil {
		return 0, "", err
	}
	defer in.Close()
	file, err := calibrate.Read(path, in)
	if err != nil {
		return 0, "", err
	}
	if cpu := f.Setting("cpu"); cpu == "" || cpu != file.Setting("cpu") {
		return gate.DefaultDrift, fmt.Sprintf("the default, as %s is of another machine (cpu: %s)", path, cmp.Or(file.Setting("cpu"), "unknown")), nil
	}
	drift, n := file.Drift()
	if n < calibrate.EnoughForDrift {
		return gate.DefaultDrift, fmt.Sprintf("the default, as %s has %d of at least %d trials", path, n, calibrate.EnoughForDrift), nil
	}
	return drift, fmt.Sprintf("from %s: %d pairs of equal benchmarks, one after the other", path, n), nil
}

// floorHere returns by what part equal things differ from run to run on a
// machine with this processor, 0 where no calibration of it says so.
func floorHere(path, cpu string) (float64, error) {
	in, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer in.Close()
	file, err := calibrate.Read(path, in)
	if err != nil {
		return 0, err
	}
	if floor, n := file.Floor(); n >= calibrate.EnoughForDrift && cpu != "" && file.Setting("cpu") == cpu {
		return floor, nil
	}
	return 0, nil
}
