package runner

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/bench"
)

// The help of every command fits a terminal, and names every flag.
func TestHelp(t *testing.T) {
	p := &program{}
	fits := func(name, help string) {
		lines := strings.Split(strings.TrimSuffix(help, "\n"), "\n")
		if len(lines) > 24 {
			t.Errorf("the help of %s has %d lines, a terminal has 24", name, len(lines))
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("the help of %s has a line of more than 80 columns: %s", name, line)
			}
		}
	}
	fits("interleave", overview)
	for _, c := range p.command().Commands {
		fits(c.Name, c.CustomHelpTemplate)
		for _, f := range c.Flags {
			name := f.Names()[0]
			if name != "help" && !strings.Contains(c.CustomHelpTemplate, "\n  -"+name) {
				t.Errorf("the help of %s does not name -%s", c.Name, name)
			}
		}
		var out strings.Builder
		if code := Run([]string{"interleave", c.Name, "-help"}, nil, &out, &out, bench.Scenario{Name: "x", Variants: []bench.Variant{{Name: "a", New: noTrial}}}); code != 0 || out.String() != c.CustomHelpTemplate {
			t.Errorf("interleave %s -help: exit code %d, prints\n%s", c.Name, code, out.String())
		}
	}
}

func noTrial(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil }
