package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/interleave-go/interleave/bench/internal/report"
)

// What the command race leaves in its directory.
const (
	raceReport = "race.md"
	raceFile   = "race.json"
)

// withEarlier returns the results together with those that a directory has of
// demonstrations which this run left out. A copy of what was there goes into the
// subfolder previous, so that nothing is lost at once.
func (s *raceSession) withEarlier(dir string) (*report.Races, error) {
	earlier, err := os.ReadFile(filepath.Join(dir, raceFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s.results, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read earlier results: %w", err)
	}
	for _, name := range []string{raceFile, raceReport} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = writeBeside(filepath.Join(dir, previousDir, name), data)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, cannotWrite(dir, err)
		}
	}
	all, err := studies(s.Demos)
	if err != nil {
		return nil, err
	}
	both, err := s.results.With(earlier, all)
	if err != nil {
		fmt.Fprintf(s.stderr, "earlier results are replaced (%v): a copy is in %s\n", err, filepath.Join(dir, previousDir))
		return s.results, nil
	}
	return both, nil
}
