package gate

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Kind is a quantity that can be asked for.
type Kind int

const (
	Speedup    Kind = iota // time of the baseline / time of the case
	Scaling                // time of the variant at one worker / time of the case
	Ratio                  // time of the case / time of another
	Allocs                 // allocations an operation, rounded down as go test does
	Lost                   // trials that lost something
	Race                   // reports of the race detector
	Regression             // against the reference
)

var kinds = [...]string{"speedup", "scaling", "ratio", "allocs", "lost", "race", "regression"}

func (k Kind) String() string { return kinds[k] }

// statistical reports whether the answer stands on an interval, and so takes a
// part of the level. All others are exact.
func (k Kind) statistical() bool {
	return k == Speedup || k == Scaling || k == Ratio || k == Regression
}

// An Ask is one thing that a rule asks.
type Ask struct {
	Kind    Kind
	AtLeast bool    // the bound is a lower one
	Bound   float64 // of factors and counts
	Found   bool    // race: a report is wanted

	// Tolerance is the part by which a case may be worse than the reference:
	// 0.05 is 5 %.
	Tolerance float64

	// AgainstBase: the tolerance is for benchmarks in a comparison of two
	// revisions, and not for cases against the reference.
	AgainstBase bool

	Line int
}

// String writes what is asked as the file does.
func (a Ask) String() string {
	switch a.Kind {
	case Lost:
		return "lost 0"
	case Race:
		if a.Found {
			return "race found"
		}
		return "race clean"
	case Regression:
		return fmt.Sprintf("regression at most %.4g %%", 100*a.Tolerance)
	}
	return fmt.Sprintf("%s %s %s", a.Kind, a.operator(), plain(a.Bound))
}

// plain writes a bound without an exponent.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func (a Ask) operator() string {
	if a.AtLeast {
		return ">="
	}
	return "<="
}

func (p *budgetParser) ask(f field) Ask {
	a := Ask{Line: f.line}
	for k := range kinds {
		if kinds[k] == f.key {
			a.Kind = Kind(k)
		}
	}
	switch a.Kind {
	case Regression:
		p.regression(f, &a)
		return a
	case Lost:
		if f.value.kind != scalar || f.value.text != "0" {
			p.fail(f.line, "lost is %q: it must be 0", f.value.text)
		}
		return a
	case Race:
		a.Found = f.value.text == "found"
		if !a.Found && f.value.text != "clean" {
			p.fail(f.line, "race is %q: write clean or found", f.value.text)
		}
		return a
	}
	p.bound(f, &a)
	return a
}

// bound reads ">= 1.9".
func (p *budgetParser) bound(f field, a *Ask) {
	text := strings.TrimSpace(f.value.text)
	var number string
	switch {
	case f.value.kind != scalar:
	case strings.HasPrefix(text, ">="):
		a.AtLeast, number = true, text[2:]
	case strings.HasPrefix(text, "<="):
		number = text[2:]
	case strings.ContainsAny(text, "<>="):
		p.fail(f.line, "%s is %q: a bound begins with >= or <=, since an interval never tells a number from one next to it", a.Kind, text)
		return
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	example := map[Kind]string{Speedup: ">= 1.9", Scaling: ">= 1.5", Ratio: "<= 0.8", Allocs: "<= 0"}[a.Kind]
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		p.fail(f.line, "%s is %q: write a bound in quotes, such as \"%s\"", a.Kind, text, example)
	case math.IsNaN(x) || math.IsInf(x, 0) || x < 0 || x == 0 && a.Kind != Allocs || x > 1e12:
		p.fail(f.line, "%s is %q: the bound must be a positive number of a usual size, such as \"%s\"", a.Kind, text, example)
	case a.Kind == Allocs && a.AtLeast:
		p.fail(f.line, "allocs is %q: fewer allocations are never wrong, write \"<= %g\"", text, x)
	}
	a.Bound = x
}

// regression reads {against: reference, tolerance: 5%}, or against: base.
func (p *budgetParser) regression(f field, a *Ask) {
	if f.value.kind != mapping {
		p.fail(f.line, "regression is %s: write it as {against: reference, tolerance: 5%%}", f.value.kind)
		return
	}
	against := ""
	tolerance := false
	for _, inner := range f.value.fields {
		text := inner.value.text
		switch inner.key {
		case "against":
			if against = text; text != "reference" && text != "base" {
				p.fail(inner.line, "against is %q: write reference for cases, or base for benchmarks that interleave diff compares", text)
			}
			a.AgainstBase = text == "base"
		case "tolerance":
			tolerance = true
			number, signed := strings.CutSuffix(strings.TrimSpace(text), "%")
			x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			switch {
			case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
				p.fail(inner.line, "tolerance is %q: write a percentage such as 5%%", text)
			case !signed:
				p.fail(inner.line, "tolerance is %q: write the percent sign, as in %s%%: it might mean %s times as well", text, text, text)
			case x <= 0 || x > 1000:
				p.fail(inner.line, "tolerance is %q: write a percentage above 0%% and up to 1000%%", text)
			}
			a.Tolerance = x / 100
		default:
			p.fail(inner.line, "unknown key %q: regression has against and tolerance", inner.key)
		}
	}
	if against == "" || !tolerance {
		p.fail(f.line, "regression is not complete: write it as {against: reference, tolerance: 5%%}")
	}
}
