package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"
)

const overview = `interleave measures what concurrency buys, and shows what it breaks.

  interleave list   [PATTERN]       the scenarios, their variants and parameters
  interleave run    [PATTERN]       measure; tables, charts, results/latest
  interleave report [RUN.txt | -]   tables and charts again, from a run file or
                                    from go test -bench output
  interleave check                  fail when a budget does not hold, for CI
  interleave diff   BASE [HEAD] [packages]   two git revisions of any Go module
  interleave race   [DEMO]          provoke, detect, explain and price each race
  interleave hunt   [PACKAGES]      races, deadlocks and leaks in the tests of
                                    any module
  interleave calibrate              how often verdicts are wrong on this machine

PATTERN is a regular expression on case names, its parts separated by slashes
as in go test: counter, counter/mutex, 'sleep/goroutines/workers=2$'.

  interleave help COMMAND           its flags
  interleave version                version, commit and Go version
`

// command returns the command line.
func (p *program) command() *cli.Command {
	root := &cli.Command{
		Name:                          "interleave",
		Usage:                         "measure what concurrency buys, and show what it breaks",
		HideVersion:                   true,
		HideHelpCommand:               true,
		EnableShellCompletion:         true,
		CustomRootCommandHelpTemplate: overview,
		Commands:                      []*cli.Command{p.listCommand(), p.runCommand(), p.reportCommand(), p.checkCommand(), p.huntCommand(), p.calibrateCommand(), p.diffCommand(), p.raceCommand(), p.helpCommand(), p.versionCommand()},
		Flags:                         []cli.Flag{&cli.BoolFlag{Name: "version", Local: true}},
		Action: func(_ context.Context, c *cli.Command) error {
			if c.Bool("version") {
				return p.printVersion()
			}
			if name := c.Args().First(); name != "" {
				return unknownCommand(c, name)
			}
			_, err := io.WriteString(p.stdout, overview)
			return err
		},
	}
	p.prepare(root)
	return root
}

// prepare makes a command and those below it print where we want, and return
// their errors to us instead of printing help or exiting.
func (p *program) prepare(c *cli.Command) {
	c.Writer, c.ErrWriter = p.stdout, p.stderr
	c.ExitErrHandler = func(context.Context, *cli.Command, error) {}
	c.OnUsageError = func(_ context.Context, c *cli.Command, err error, _ bool) error {
		return fmt.Errorf("%w%s: see %s -help", clean(err), likeFlag(c, err), c.FullName())
	}
	for _, sub := range c.Commands {
		p.prepare(sub)
	}
}

// unknownFlag begins what the parser says of a flag that a command does not have.
const unknownFlag = "flag provided but not defined: "

// clean puts the parser's messages into one line.
func clean(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	text = strings.TrimSuffix(text, ".")
	if name, ok := strings.CutPrefix(text, unknownFlag); ok {
		text = "there is no flag " + name
	}
	return errors.New(text)
}

// onePattern returns the only argument of a command, or "".
func onePattern(c *cli.Command) (string, error) {
	if c.NArg() > 1 {
		return "", fmt.Errorf("%s takes one argument and got %d (%s): join patterns with |", c.Name, c.NArg(), strings.Join(c.Args().Slice(), " "))
	}
	return c.Args().First(), nil
}
