package runner

import (
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/interleave-go/interleave/bench"
)

// sourceOf returns file:line of a variant's constructor, from the root of its
// module.
func sourceOf(v *bench.Variant) string {
	file, line := v.Source()
	if file == "" {
		return ""
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		// With -trimpath files begin with the path of their module.
		if rest, ok := strings.CutPrefix(file, info.Main.Path+"/"); ok {
			file = rest
		}
	}
	if filepath.IsAbs(file) {
		// Without -trimpath they are absolute: the last two parts will do,
		// and say nothing about the machine.
		file = filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(file)), filepath.Base(file)))
	}
	return fmt.Sprintf("%s:%d", file, line)
}
