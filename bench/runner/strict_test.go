package runner

import (
	"errors"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A warning refuses the machine, with its remedy; none lets it measure.
func TestRefuse(t *testing.T) {
	var out strings.Builder
	p := &program{stderr: &out}
	if err := p.refuse(nil); err != nil || out.Len() > 0 {
		t.Errorf("a quiet machine is refused: %v, %q", err, out.String())
	}
	var f *finding
	err := p.refuse([]measure.Warning{{Text: "it is loud", Remedy: "be quiet"}, {Text: "it is slow", Remedy: "be fast"}})
	if !errors.As(err, &f) || f.code != exitRefused || exitRefused != 4 {
		t.Errorf("error %v, want exit code 4", err)
	}
	const want = `warning: it is loud: be quiet
warning: it is slow: be fast
interleave: nothing was measured, as -strict-environment allows no warning: follow the remedies, or leave the flag out
`
	if out.String() != want {
		t.Errorf("it says\n%s", out.String())
	}
}
