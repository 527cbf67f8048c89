package provoke

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Finding is one objection of go vet.
type Finding struct {
	Analyzer string `json:"analyzer"`
	File     string `json:"file"` // base name
	Line     int    `json:"line"`
	Message  string `json:"message"`
}

// Vet runs go vet on all packages that were unpacked.
func (s *Sources) Vet(ctx context.Context) ([]Finding, error) {
	args := []string{"vet", "-json"}
	for _, p := range s.packages {
		args = append(args, p+"/...")
	}
	cmd := s.goCommand(ctx, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("go vet: %w", err)
	}
	// The JSON goes to standard output since go1.25 or so, and to standard
	// error before, between comments.
	all, perr := parseVet(stdout.String() + "\n" + stderr.String())
	if perr != nil || err != nil {
		return nil, fmt.Errorf("go vet failed: %s", firstLines(stderr.String()))
	}
	return all, nil
}

// parseVet reads the output of go vet -json: an object for each package, and
// comments between them.
func parseVet(text string) ([]Finding, error) {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	type finding struct {
		Posn    string `json:"posn"`
		Message string `json:"message"`
	}
	var all []Finding
	for dec := json.NewDecoder(strings.NewReader(b.String())); ; {
		var out map[string]map[string]json.RawMessage
		if err := dec.Decode(&out); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		for _, pkg := range slices.Sorted(maps.Keys(out)) {
			for _, analyzer := range slices.Sorted(maps.Keys(out[pkg])) {
				var list []finding
				if err := json.Unmarshal(out[pkg][analyzer], &list); err != nil {
					return nil, fmt.Errorf("%s: %s", analyzer, out[pkg][analyzer])
				}
				for _, f := range list {
					file, line := position(f.Posn)
					all = append(all, Finding{analyzer, file, line, f.Message})
				}
			}
		}
	}
	return all, nil
}

// position splits file:line:column, and keeps the last part of the file's path.
func position(posn string) (file string, line int) {
	parts := strings.Split(posn, ":")
	if len(parts) < 3 {
		return posn, 0
	}
	line, _ = strconv.Atoi(parts[len(parts)-2])
	return filepath.Base(strings.Join(parts[:len(parts)-2], ":")), line
}
