package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

func (p *program) listCommand() *cli.Command {
	return &cli.Command{
		Name:               "list",
		Usage:              "list the scenarios, their variants and parameters",
		ArgsUsage:          "[PATTERN]",
		CustomHelpTemplate: listHelp,
		Flags: append(selectionFlags(),
			&cli.BoolFlag{Name: "cases", Usage: "list the benchmark name of every case instead"},
			&cli.BoolFlag{Name: "claims", Usage: "list the claims and their rules instead"},
			&cli.BoolFlag{Name: "json", Usage: "write JSON"}),
		Action: p.list,
	}
}

// A listed scenario, for -json.
type listed struct {
	Name     string          `json:"name"`
	Doc      string          `json:"doc"`
	Unit     string          `json:"unit,omitempty"`
	Worker   string          `json:"worker"`
	Fixed    int             `json:"fixed,omitempty"`
	Params   []bench.Param   `json:"params,omitempty"`
	Variants []listedVariant `json:"variants"`
	Cases    []string        `json:"cases"`
}

type listedVariant struct {
	Name    string `json:"name"`
	Doc     string `json:"doc,omitempty"`
	Racy    bool   `json:"racy,omitempty"`
	GivesUp string `json:"gives_up,omitempty"`
	Workers []int  `json:"workers"`
}

func (p *program) list(_ context.Context, c *cli.Command) error {
	sel, err := selection(c)
	if err != nil {
		return err
	}
	if c.Bool("claims") {
		if c.NArg() > 0 {
			return fmt.Errorf("-claims lists all claims: leave out %q", c.Args().First())
		}
		return p.listClaims(c.Bool("json"))
	}
	sel.All = true
	blocks, _, err := measure.Select(p.scenarios, sel)
	if err != nil {
		return err
	}
	var all []*listed
	for _, b := range blocks {
		if len(all) == 0 || all[len(all)-1].Name != b.Scenario.Name {
			all = append(all, describe(b.Scenario))
		}
		last := all[len(all)-1]
		for _, cs := range b.Cases {
			last.Cases = append(last.Cases, cs.Name())
		}
	}
	if c.Bool("json") {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		return out.Encode(all)
	}
	for i, s := range all {
		if c.Bool("cases") {
			fmt.Fprintln(p.stdout, strings.Join(s.Cases, "\n"))
			continue
		}
		if i > 0 {
			fmt.Fprintln(p.stdout)
		}
		p.printListed(s)
	}
	return nil
}

func describe(s *bench.Scenario) *listed {
	l := &listed{Name: s.Name, Doc: s.Doc, Unit: s.Unit, Worker: s.WorkerNoun(), Fixed: s.Fixed, Params: s.Params}
	for i := range s.Variants {
		v := &s.Variants[i]
		l.Variants = append(l.Variants, listedVariant{v.Name, v.Doc, v.Racy, v.GivesUp, s.WorkerCounts(v)})
	}
	return l
}

func (p *program) printListed(s *listed) {
	fmt.Fprintf(p.stdout, "%s: %s\n", s.Name, s.Doc)
	for _, param := range s.Params {
		fmt.Fprintf(p.stdout, "  -param %s=%s\n", param.Name, strings.Join(param.Values, "|"))
	}
	width := 0
	for _, v := range s.Variants {
		width = max(width, len(v.Name))
	}
	for i, v := range s.Variants {
		note := v.Doc
		if i == 0 {
			note = "baseline; " + note
		}
		if v.Racy {
			note = "racy; " + note
		}
		fmt.Fprintf(p.stdout, "  %-*s  %s\n", width, v.Name, note)
	}
	fmt.Fprintf(p.stdout, "  %ss: %s\n", s.Worker, workerLists(s.Variants))
}

// workerLists says which worker counts most variants have, and which differ.
func workerLists(variants []listedVariant) string {
	count := func(w []int) string { return strings.Trim(strings.ReplaceAll(fmt.Sprint(w), " ", ", "), "[]") }
	seen := make(map[string]int)
	common := ""
	for _, v := range variants {
		text := count(v.Workers)
		if seen[text]++; common == "" || seen[text] > seen[common] {
			common = text
		}
	}
	text := common
	for _, v := range variants {
		if own := count(v.Workers); own != common {
			text += fmt.Sprintf("; %s: %s", v.Name, own)
		}
	}
	return text
}
