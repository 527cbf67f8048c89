package gate

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Budgets are the rules of a file.
type Budgets struct {
	File  string
	Rules []Rule
}

// A Rule asks one or more things of the cases that it selects.
type Rule struct {
	Line     int               // where it begins in the file
	Name     string            // given, or made of pattern and bounds; no two rules share one
	Cases    string            // a pattern on case names
	Params   map[string]string // values instead of the scenarios' defaults
	Versus   string            // a pattern for the one case that ratio compares with; "" without ratio
	Asks     []Ask             // what is asked, in the order of Kinds
	Portable bool              // regression: compare the speedup, on any machine, not the time
	Required bool              // undecided fails the check
	Needs    Needs

	// Benchmarks, in the place of Cases, is a pattern on the benchmarks of a
	// file that check -new names, or of revisions that diff compares. Their
	// scaling is from one GOMAXPROCS to
	// another.
	Benchmarks string
	From, To   int

	casesLine, versusLine, paramsLine int
}

// Needs are what a rule depends on. Where they are not met, it is skipped.
type Needs struct {
	CPUs        int  // that this process can use at a time; 0 is any number
	Cgo         bool // cgo and a C compiler
	SameMachine bool // the machine that the reference was measured on
}

// ReadBudgets reads a budgets file by name.
func ReadBudgets(name string) (*Budgets, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: this is a directory: name the budgets file in it with -budgets", name)
	}
	data, err := os.ReadFile(name)
	switch {
	case os.IsNotExist(err):
		return nil, fmt.Errorf("%s: there is no such budgets file: write one with check -init, or name another with -budgets", name)
	case err != nil:
		return nil, fmt.Errorf("%s: cannot read the budgets file: %w", name, reason(err))
	}
	return ParseBudgets(name, data)
}

// reason strips the call and the path from a file error.
func reason(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}

// ParseBudgets reads a budgets file. The name stands in errors only, which say
// the line.
func ParseBudgets(name string, data []byte) (*Budgets, error) {
	root, err := parseYAML(name, data)
	if err != nil {
		return nil, err
	}
	p := &budgetParser{file: name}
	b := &Budgets{File: name, Rules: p.rules(root)}
	if p.err != nil {
		return nil, p.err
	}
	return b, nil
}

// A budgetParser keeps the first error, so that the code below reads straight.
type budgetParser struct {
	file string
	err  error
}

func (p *budgetParser) fail(line int, format string, args ...any) {
	if p.err == nil {
		p.err = &fileError{p.file, line, fmt.Sprintf(format, args...)}
	}
}

func (p *budgetParser) rules(root node) []Rule {
	switch {
	case root.kind == nothing:
		p.fail(0, "the budgets file is empty: write rules, or let check -init write a start")
		return nil
	case root.kind != mapping:
		p.fail(root.line, "there is %s, not the key rules: write \"rules:\" and a list below it", root.kind)
		return nil
	}
	var rules []Rule
	found := false
	for _, f := range root.fields {
		if f.key != "rules" {
			p.fail(f.line, "unknown key %q: the only one here is rules", f.key)
			return nil
		}
		found = true
		if f.value.kind != listed || len(f.value.items) == 0 {
			p.fail(f.line, "rules is %s, not a list of rules: begin each with a dash", emptiness(f.value))
			return nil
		}
		for _, item := range f.value.items {
			rules = append(rules, p.rule(item))
		}
	}
	if !found {
		p.fail(root.line, "there are no rules: write \"rules:\" and a list below it")
	}
	p.names(rules)
	return rules
}

func emptiness(n node) string {
	if n.kind == listed && len(n.items) == 0 {
		return "empty"
	}
	return string(n.kind)
}

// names gives rules without one a name, and takes care that no two share one.
func (p *budgetParser) names(rules []Rule) {
	for i := range rules {
		r := &rules[i]
		if r.Name == "" {
			r.Name = r.madeName()
		}
		for j := range rules[:i] {
			if rules[j].Name == r.Name {
				p.fail(r.Line, "the rule %q stands on line %d, too: leave one out, or give it another name", r.Name, rules[j].Line)
			}
		}
	}
}

func (r *Rule) madeName() string {
	name := cmp.Or(r.Cases, r.Benchmarks)
	for _, key := range sortedKeys(r.Params) {
		name += " " + key + "=" + r.Params[key]
	}
	var asks []string
	for _, a := range r.Asks {
		asks = append(asks, a.String())
	}
	return name + ": " + strings.Join(asks, ", ")
}

// ruleKeys are the keys of a rule, as errors list them.
var ruleKeys = []string{
	"name", "cases", "params", "speedup", "scaling", "ratio", "versus", "allocs", "lost", "race", "regression", "portable", "required", "needs",
	"benchmarks", "from", "to",
}

func (p *budgetParser) rule(n node) Rule {
	r := Rule{Line: n.line}
	if n.kind != mapping {
		p.fail(n.line, "a rule is %s, not a mapping: write cases and what is asked of them", n.kind)
		return r
	}
	for _, f := range n.fields {
		switch f.key {
		case "name":
			r.Name = p.text(f)
		case "cases":
			r.Cases, r.casesLine = p.text(f), f.line
		case "benchmarks":
			r.Benchmarks, r.casesLine = p.text(f), f.line
		case "from":
			r.From = p.procs(f)
		case "to":
			r.To = p.procs(f)
		case "params":
			r.Params, r.paramsLine = p.params(f), f.line
		case "versus":
			r.Versus, r.versusLine = p.text(f), f.line
		case "portable":
			r.Portable = p.bool(f)
		case "required":
			r.Required = p.bool(f)
		case "needs":
			r.Needs = p.needs(f)
		default:
			if !slices.Contains(ruleKeys, f.key) {
				p.fail(f.line, "unknown key %q: choose among %s", f.key, strings.Join(ruleKeys, ", "))
				return r
			}
			r.Asks = append(r.Asks, p.ask(f))
		}
	}
	slices.SortFunc(r.Asks, func(a, b Ask) int { return int(a.Kind) - int(b.Kind) })
	p.complete(&r)
	return r
}

// complete checks what the keys of a rule need of each other.
func (p *budgetParser) complete(r *Rule) {
	has := func(k Kind) bool { return slices.ContainsFunc(r.Asks, func(a Ask) bool { return a.Kind == k }) }
	if r.Benchmarks != "" || r.From != 0 || r.To != 0 {
		p.completeFile(r)
		return
	}
	switch {
	case r.Cases == "":
		p.fail(r.Line, "the rule selects nothing: give it cases, a pattern such as sleep/goroutines")
	case len(r.Asks) == 0:
		p.fail(r.Line, "the rule asks nothing: give it one of speedup, scaling, ratio, allocs, lost, race, regression")
	case has(Ratio) && r.Versus == "":
		p.fail(r.Line, "ratio needs to know what it compares with: add versus, a pattern that matches one case")
	case !has(Ratio) && r.Versus != "":
		p.fail(r.versusLine, "versus belongs to ratio, which this rule does not ask for")
	case r.aboutRevisions():
		p.fail(r.Line, "against: base is for benchmarks, which interleave diff compares; cases are compared with against: reference")
	case r.Portable && !has(Regression):
		p.fail(r.Line, "portable belongs to regression, which this rule does not ask for: all else is compared within the run")
	}
}

func (p *budgetParser) text(f field) string {
	if f.value.kind != scalar || strings.TrimSpace(f.value.text) == "" {
		p.fail(f.line, "%s is %s: write a word or a text", f.key, strings.Replace(string(f.value.kind), "a value", "empty", 1))
	}
	return f.value.text
}

func (p *budgetParser) bool(f field) bool {
	if f.value.kind != scalar || f.value.text != "true" && f.value.text != "false" {
		p.fail(f.line, "%s is %q: write true or false", f.key, f.value.text)
	}
	return f.value.text == "true"
}

func (p *budgetParser) params(f field) map[string]string {
	if f.value.kind != mapping {
		p.fail(f.line, "params is %s: write it as {net: shared}", f.value.kind)
		return nil
	}
	params := make(map[string]string)
	for _, inner := range f.value.fields {
		params[inner.key] = p.text(inner)
	}
	return params
}

func (p *budgetParser) needs(f field) (n Needs) {
	if f.value.kind != mapping {
		p.fail(f.line, "needs is %s: write it as {cpus: 2}", f.value.kind)
		return n
	}
	for _, inner := range f.value.fields {
		switch inner.key {
		case "cpus":
			count, err := strconv.Atoi(inner.value.text)
			if err != nil || count < 1 {
				p.fail(inner.line, "cpus is %q: write a number from 1", inner.value.text)
			}
			n.CPUs = count
		case "cgo":
			n.Cgo = p.bool(inner)
		case "same-machine":
			n.SameMachine = p.bool(inner)
		default:
			p.fail(inner.line, "unknown need %q: choose among cpus, cgo, same-machine", inner.key)
		}
	}
	return n
}
