package testbin

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// overlay writes the files that are added to a package, to its module and to
// package testing, and the list of them that go build -overlay takes.
func (s *Side) overlay(p *Package, dir string, plain bool) (string, error) {
	o := &overlay{dir: dir, files: make(map[string]string)}
	server := filepath.Join(p.module.Dir, served.PackageName)
	o.add(filepath.Join(server, "serve.go"), served.Server)
	if plain {
		o.add(filepath.Join(server, "plain.go"), served.Plain)
	} else {
		o.add(filepath.Join(server, "hold.go"), served.Holding)
		o.hook(filepath.Join(s.root, "src", "testing"))
	}
	path := p.module.Path + "/" + served.PackageName
	if len(p.Internal) > 0 {
		o.add(filepath.Join(p.Dir, served.PackageName+"_test.go"), served.TestFile(p.name, path, served.InternalTest, p.Internal))
	}
	if len(p.External) > 0 {
		o.add(filepath.Join(p.Dir, served.PackageName+"_x_test.go"), served.TestFile(p.name+"_test", path, served.ExternalTest, p.External))
	}
	return o.list()
}

// An overlay is files that go build sees where there are none, or others. The
// first error stays.
type overlay struct {
	dir   string
	files map[string]string // where they are seen → where they are
	err   error
}

func (o *overlay) add(virtual, text string) {
	if o.err != nil {
		return
	}
	real := filepath.Join(o.dir, "added-"+strconv.Itoa(len(o.files))+"-"+filepath.Base(virtual))
	o.files[virtual] = real
	o.err = os.WriteFile(real, []byte(text), 0o600)
}

// hook puts the hooks into the toolchain's package testing.
func (o *overlay) hook(testing string) {
	path := filepath.Join(testing, "benchmark.go")
	source, err := os.ReadFile(path)
	if err != nil {
		o.err = err
		return
	}
	hooked, err := served.Hooked(string(source))
	if err != nil {
		o.err = err
		return
	}
	o.add(path, hooked)
	o.add(filepath.Join(testing, served.PackageName+".go"), served.Hook)
}

// list writes the list.
func (o *overlay) list() (string, error) {
	if o.err != nil {
		return "", o.err
	}
	data, err := json.Marshal(map[string]any{"Replace": o.files})
	if err != nil {
		return "", err
	}
	path := filepath.Join(o.dir, "overlay.json")
	return path, os.WriteFile(path, data, 0o600)
}
