package revision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/gitrepo"
	"github.com/interleave-go/interleave/bench/internal/revision/testbin"
	"github.com/interleave-go/interleave/bench/internal/revision/workspace"
)

// A Question is what is to be compared.
type Question struct {
	Dir      string // where the user stands
	Base     string
	Head     string        // "" is the work tree
	Packages []string      // patterns; empty is ./...
	Bench    string        // as for go test -bench
	Tags     string        // as for go build -tags
	Procs    []int         // GOMAXPROCS values
	Layouts  int           // orders of functions in which what looks like a change is confirmed; 0 and 1: as the linker leaves them
	Apart    bool          // the head's layouts are others than the base's
	Budget   time.Duration // for finding benchmarks and measuring them; 0 is none
	Command  string        // how to type it again, for whoever finds the lock
}

// Trees are two revisions, written out and ready to be built.
type Trees struct {
	Question
	Base, Head gitrepo.Revision // shadow the names in Question

	space *workspace.Workspace
	sides [2]*testbin.Side // base, head
	plain bool             // package testing has no hooks

	discovery time.Duration // that running benchmarks to find them has taken
}

// What the sides are called where both are handled alike.
const base, head = 0, 1

var sideNames = [2]string{"base", "head"}

// Prepare resolves the revisions and writes out their files. The caller closes
// the trees, whatever happens.
func Prepare(ctx context.Context, q Question) (_ *Trees, err error) {
	if runtime.GOOS == "windows" {
		return nil, errors.New("interleave diff cannot measure on Windows, where child processes do not inherit descriptors: use WSL")
	}
	repo, err := gitrepo.Open(ctx, q.Dir)
	if err != nil {
		return nil, err
	}
	t := &Trees{Question: q}
	if len(t.Packages) == 0 {
		t.Packages = []string{everything}
	}
	if q.Head == "" {
		t.Head, err = repo.WorkTree(ctx)
	} else {
		t.Head, err = repo.Resolve(ctx, q.Head)
	}
	if err != nil {
		return nil, err
	}
	if t.Base, err = repo.Base(ctx, q.Base, t.Head); err != nil {
		return nil, err
	}
	if t.space, err = workspace.Open(repo.Common, q.Command); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = noRoom(err)
			t.Close()
		}
	}()
	at := testbin.Place{Top: repo.Top, Prefix: repo.Prefix, Tracked: func(rel string) bool { return repo.Tracked(ctx, rel) }}
	var flags []string
	if q.Tags != "" {
		flags = []string{"-tags=" + q.Tags}
	}
	for i, rev := range []gitrepo.Revision{t.Base, t.Head} {
		tree := filepath.Join(t.space.Dir, sideNames[i])
		if err = repo.Export(ctx, rev, tree, t.space.Dir); err != nil {
			return nil, err
		}
		if t.sides[i], err = testbin.NewSide(ctx, sideNames[i], rev.String(), tree, at, t.space.Dir, flags); err != nil {
			return nil, err
		}
	}
	return t, t.check()
}

// IsRevision reports whether a name is a revision of the repository that dir
// is in.
func IsRevision(ctx context.Context, dir, name string) (bool, error) {
	repo, err := gitrepo.Open(ctx, dir)
	if err != nil {
		return false, err
	}
	_, err = repo.Resolve(ctx, name)
	return err == nil, ctx.Err()
}

// check refuses what only one side could have been meant to have.
func (t *Trees) check() error {
	for _, p := range t.Packages {
		if strings.HasPrefix(p, "-") {
			return fmt.Errorf("%q is not a package: write it as ./name", p)
		}
		if filepath.IsAbs(p) {
			return fmt.Errorf("the package %s is named by an absolute path, which cannot be in two revisions: write it as ./name", p)
		}
	}
	if !slices.ContainsFunc(t.sides[:], func(s *testbin.Side) bool { _, err := os.Stat(s.Dir); return err == nil }) {
		return fmt.Errorf("neither revision has this directory: change to one that they have")
	}
	return nil
}

// Close removes everything that was written.
func (t *Trees) Close() error { return t.space.Close() }
