package beside

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// find looks for an interpreter that can run the programs in dir. When there is
// none, Absent says why; an error is of the context only.
func (s *Set) find(ctx context.Context, dir string) (interpreter, error) {
	absent := func(format string, args ...any) interpreter {
		why := record.OneLine(fmt.Sprintf(format, args...))
		return interpreter{"", record.Interpreter{Language: s.Language, Absent: why}}
	}
	name := s.Command
	if named := os.Getenv(s.Variable); s.Variable != "" && named != "" {
		name = named
	}
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path) // the programs run in another directory
	}
	if err != nil {
		return absent("%s not found", name), nil
	}
	said, err := output(ctx, helloWithin, dir, path, append(s.arguments(), s.Hello)...)
	if ctx.Err() != nil {
		return interpreter{}, ctx.Err()
	}
	if err != nil {
		return absent("%s does not run: %v", name, err), nil
	}
	found, err := parseHello(said)
	if err != nil {
		return absent("%s does not say what it is: %v", name, err), nil
	}
	if older(found.Version, s.Least) {
		return absent("%s is %s, the programs need %s", name, found.Version, s.Least), nil
	}
	found.Language = s.Language
	// What was found may be a script that chooses an interpreter each time,
	// which takes longer than the interpreter to start.
	if _, err := os.Stat(found.path); err != nil {
		found.path = path
	}
	return found, nil
}

func (s *Set) arguments() []string { return append([]string(nil), s.Args...) }

// older reports whether a version comes before another: 3.10.2 is not older
// than 3.8. Whatever is no version is older.
func older(version, least string) bool {
	have := strings.Split(version, ".")
	for i, part := range strings.Split(least, ".") {
		want, _ := strconv.Atoi(part)
		if i >= len(have) {
			return want > 0
		}
		n, err := strconv.Atoi(have[i])
		if err != nil || n < want {
			return true
		}
		if n > want {
			return false
		}
	}
	return false
}
