package gate

import (
	"fmt"
	"io"
	"strings"

	"github.com/interleave-go/interleave/bench"
)

// Explain writes each rule in words, and what it selects.
func (b *Budgets) Explain(w io.Writer, questions []Question) error {
	var out strings.Builder
	m := statistical(questions)
	fmt.Fprintf(&out, "%s: %s about %s\n", b.File, some(len(b.Rules), "rule"), some(cases(questions), "case"))
	if m > 0 {
		wrap(&out, "", fmt.Sprintf("%s; at most %s of runs fail by chance",
			some(m, "statistical question"), percent(alpha)))
	}
	for i := range b.Rules {
		b.Rules[i].explain(&out, questions)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (r *Rule) explain(out *strings.Builder, questions []Question) {
	out.WriteString("\n")
	wrap(out, "    ", fmt.Sprintf("line %d: %s", r.Line, r.Name))
	if r.aboutFiles() {
		wrap(out, "    ", "  it is about the benchmarks of a file, and asked by check -new FILE")
	}
	if r.aboutRevisions() {
		wrap(out, "    ", "  it is about the benchmarks of two revisions, and asked by interleave diff -budgets FILE")
	}
	for _, a := range r.Asks {
		wrap(out, "    ", "  "+a.words(r))
		for i := range questions {
			if q := &questions[i]; q.Rule == r && q.Kind == a.Kind {
				fmt.Fprintf(out, "      %s\n", q.Case.Short())
				if (q.Base != bench.Case{}) {
					fmt.Fprintf(out, "        against %s\n", q.Base.Short())
				}
			}
		}
	}
	if text := r.Needs.words(); text != "" {
		wrap(out, "    ", "  it needs "+text+", and is skipped otherwise")
	}
	if r.Required {
		wrap(out, "    ", "  it is required: undecided fails the check")
	}
}

// words says in a sentence what is asked.
func (a Ask) words(r *Rule) string {
	bound := "at most " + plain(a.Bound)
	if a.AtLeast {
		bound = "at least " + plain(a.Bound)
	}
	switch a.Kind {
	case Speedup:
		return "the time of the baseline divided by the time of the case must be " + bound
	case Scaling:
		if r.Benchmarks != "" {
			return fmt.Sprintf("the time with GOMAXPROCS=%d divided by the time with %d must be %s", r.From, r.To, bound)
		}
		return "the time of the variant with one worker divided by the time of the case must be " + bound
	case Ratio:
		return "the time of the case divided by the time of another in the same processes must be " + bound
	case Allocs:
		return fmt.Sprintf("an operation may allocate %s times, rounded down, in the median trial", plain(a.Bound))
	case Lost:
		return "no trial may lose anything"
	case Race:
		if a.Found {
			return "the race detector must report a race"
		}
		return "the race detector must not report a race"
	}
	what := "the time may be above that of the reference"
	if a.AgainstBase {
		return fmt.Sprintf("the time, and all else that is better when less, may be above that of the base by at most %.4g %%", 100*a.Tolerance)
	}
	if r.Portable {
		what = "the speedup may be below that of the reference"
	}
	return fmt.Sprintf("%s by at most %.4g %%", what, 100*a.Tolerance)
}

func (n Needs) words() string {
	var parts []string
	if n.CPUs > 0 {
		parts = append(parts, some(n.CPUs, "CPU"))
	}
	if n.Cgo {
		parts = append(parts, "cgo and a C compiler")
	}
	if n.SameMachine {
		parts = append(parts, "the machine of the reference")
	}
	return strings.Join(parts, ", ")
}

// statistical counts the questions that share the level.
func statistical(questions []Question) int {
	n := 0
	for i := range questions {
		if questions[i].Kind.statistical() {
			n++
		}
	}
	return n
}

func cases(questions []Question) int {
	seen := make(map[bench.Case]bool)
	for i := range questions {
		seen[questions[i].Case] = true
	}
	return len(seen)
}

func some(n int, word string) string { return fmt.Sprintf("%d %s", n, noun(n, word)) }

func noun(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return word
}

func percent(x float64) string { return fmt.Sprintf("%.3g %%", 100*x) }
