package runner

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/measure"
)

// helpCommand shows the help of another command.
func (p *program) helpCommand() *cli.Command {
	return &cli.Command{
		Name:               "help",
		Usage:              "show the flags of a command",
		ArgsUsage:          "[COMMAND]",
		CustomHelpTemplate: overview,
		Action: func(_ context.Context, c *cli.Command) error {
			text, name := overview, c.Args().First()
			if c.NArg() > 1 {
				return fmt.Errorf("help takes one command and got %d", c.NArg())
			}
			if name != "" {
				about := c.Root().Command(name)
				if about == nil {
					return unknownCommand(c.Root(), name)
				}
				text = about.CustomHelpTemplate
			}
			_, err := io.WriteString(p.stdout, text)
			return err
		},
	}
}

// versionCommand says which build of the program this is.
func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name:               "version",
		Usage:              "show version, commit and Go version",
		CustomHelpTemplate: overview,
		Action: func(_ context.Context, c *cli.Command) error {
			if c.NArg() > 0 {
				return fmt.Errorf("version takes no argument and got %q", c.Args().First())
			}
			return p.printVersion()
		},
	}
}

func (p *program) printVersion() error {
	_, err := fmt.Fprintln(p.stdout, measure.Version())
	return err
}

func unknownCommand(root *cli.Command, name string) error {
	var names []string
	for _, c := range root.Commands {
		names = append(names, c.Name)
	}
	return fmt.Errorf("there is no command %q%s: interleave help lists them", name, didYouMean(name, names))
}

// likeFlag returns a hint at the flag that somebody may have meant, for what the
// parser says of one that a command does not have.
func likeFlag(c *cli.Command, err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	name, ok := strings.CutPrefix(text, unknownFlag)
	if !ok {
		return ""
	}
	var names []string
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			names = append(names, "-"+n)
		}
	}
	return didYouMean(strings.TrimSpace(name), names)
}

// didYouMean returns a hint at the name that is nearest to one that does not
// exist, if one is near: most of its letters are there, in their order.
func didYouMean(name string, names []string) string {
	best, least := "", 1+max(len(name)/3, 1)
	for _, n := range names {
		if d := levenshtein.ComputeDistance(name, n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}
