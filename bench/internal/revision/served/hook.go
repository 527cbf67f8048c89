package served

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
)

// Hook is the text of a file that is added to package testing.
//
//go:embed hook.go.txt
var Hook string

// ErrNoHook means that this version of package testing cannot be hooked.
var ErrNoHook = errors.New("this version of package testing is not known")

// An insertion is a line that follows every line of a kind.
type insertion struct {
	after []string // any of these, as older and newer versions write it
	line  string
}

// insertions are what a benchmark's slices need of package testing: to be asked
// for after the set-up is made, the processor time beside the time of the
// benchmark's own timer, and which goroutines are those of RunParallel. The
// loops of benchmarks are left as they are.
var insertions = []insertion{
	{[]string{"func (b *B) launch() {"}, "if InterleaveHold != nil { defer func() { b.signal <- true }(); InterleaveHold(b); return }"},
	{[]string{"b.start = highPrecisionTimeNow()", "b.start = time.Now()"}, "interleaveBegan = interleaveNow()"},
	{[]string{"b.duration += highPrecisionTimeSince(b.start)", "b.duration += time.Since(b.start)"}, "interleaveUsed += interleaveNow() - interleaveBegan"},
	{[]string{"b.duration = 0"}, "interleaveUsed = 0"},
	{[]string{"func (b *B) RunParallel(body func(*PB)) {"}, "interleaveParallel += int64(b.parallelism * runtime.GOMAXPROCS(0))"},
}

// Hooked returns benchmark.go of package testing with the calls that [Hook]
// answers. It is made of the file of the toolchain that builds the test binary.
func Hooked(source string) (string, error) {
	var b strings.Builder
	found := make([]bool, len(insertions))
	for line := range strings.Lines(source) {
		b.WriteString(line)
		for i, in := range insertions {
			for _, after := range in.after {
				if strings.TrimSpace(line) == after {
					found[i] = true
					fmt.Fprintln(&b, in.line)
				}
			}
		}
	}
	for i, ok := range found {
		if !ok {
			return "", fmt.Errorf("%w: benchmark.go has no line %q", ErrNoHook, insertions[i].after[0])
		}
	}
	loops := "false" // before Go 1.24
	for _, field := range []string{"b.loop.n", "b.loopN"} {
		if strings.Contains(source, field+" = 0") {
			loops = field + " > 0"
			break
		}
	}
	fmt.Fprintf(&b, "\n// interleaveLoops reports whether the last run was one of b.Loop.\nfunc interleaveLoops(b *B) bool { return %s }\n", loops)
	return b.String(), nil
}
