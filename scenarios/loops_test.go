package scenarios

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// What an increment looks like in machine code. A store of *word++ goes to
// memory at a register other than the stack pointer; spills go to the stack.
var increments = map[string]struct{ plain, add, swap, call string }{
	"amd64": {
		plain: `(INCQ|ADDQ \$0x1,|MOVQ \w+,) [-\dx]*\((AX|BX|CX|DX|SI|DI|R\d+)\)$`,
		add:   `LOCK XADDQ`,
		swap:  `LOCK CMPXCHGQ`,
		call:  `CALL `,
	},
	"arm64": {
		plain: `MOVD R\d+, [-\dx]*\(R\d+\)$`,
		add:   `LDADDALD|STLXR`, // objdump does not know the first, which newer processors take
		swap:  `CASALD|STLXR`,
		call:  `CALL `,
	},
}

// Every inner loop of the counters must do its increment in each iteration.
// The compiler has deleted such loops before, and what is left then is very
// fast.
func TestCounterLoopsStore(t *testing.T) {
	want, ok := increments[runtime.GOARCH]
	if !ok {
		t.Skipf("no patterns for the machine code of %s", runtime.GOARCH)
	}
	if testing.Short() {
		t.Skip("it builds a binary")
	}
	binary := buildTest(t)
	for _, tt := range []struct{ function, increment string }{
		{"incPlain", want.plain},
		{"incMutex", want.plain},
		{"incRWMutex", want.plain},
		{"incAtomic", want.add},
		{"incCAS", want.swap},
		{"incXsync", want.call + `.*xsync.*\.(Add|Inc)\(`},
		{"incChannel", want.call + `runtime\.chansend1\(`},
		{"incOwned", want.plain},
	} {
		t.Run(tt.function, func(t *testing.T) {
			code := disassemble(t, binary, tt.function)
			if !inLoop(code, regexp.MustCompile(tt.increment)) {
				t.Errorf("no loop of %s contains %s:\n%s", tt.function, tt.increment, code)
			}
		})
	}
	loopWithoutStore(new(int64), 1) // called, so that the linker keeps them
	storeWithoutLoop(new(int64), 1)
	for _, function := range []string{"loopWithoutStore", "storeWithoutLoop"} {
		t.Run(function, func(t *testing.T) {
			code := disassemble(t, binary, function)
			if inLoop(code, regexp.MustCompile(want.plain)) {
				t.Errorf("%s passes for an increment in a loop:\n%s", function, code)
			}
		})
	}
}

// The negative controls: what a badly written inner loop would become.

//go:noinline
func loopWithoutStore(word *int64, n int) int64 {
	local := *word
	for range n {
		local++
	}
	return local
}

//go:noinline
func storeWithoutLoop(word *int64, n int) {
	for range n {
	}
	*word += int64(n)
}

// buildTest builds this package's test binary anew, since the running one has
// no symbols, and may hold the calls of the race detector or of coverage.
func buildTest(t *testing.T) (binary string) {
	binary = filepath.Join(t.TempDir(), "scenarios.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-race=false", "-cover=false", "-c", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}
	return binary
}

// An instruction is one of a function's, as objdump prints them.
type instruction struct {
	address uint64
	text    string
}

func (i instruction) String() string { return fmt.Sprintf("%#x %s", i.address, i.text) }

func disassemble(t *testing.T, binary, function string) []instruction {
	objdump := exec.CommandContext(t.Context(), "go", "tool", "objdump", "-s", `/scenarios\.`+function+`$`, binary)
	out, err := objdump.Output()
	if err != nil {
		t.Fatalf("%v: %v", objdump, err)
	}
	var code []instruction
	for line := range strings.Lines(string(out)) {
		// The columns are source line, address, bytes and instruction.
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] == "TEXT" {
			continue
		}
		address, err := strconv.ParseUint(fields[1], 0, 64)
		if err != nil {
			t.Fatalf("no address in %q: %v", line, err)
		}
		code = append(code, instruction{address, strings.Join(fields[3:], " ")})
	}
	if len(code) == 0 {
		t.Fatalf("objdump found no function %s", function)
	}
	return code
}

// objdump names the targets of jumps within a function by address, on arm64 by
// distance in instructions. The jump back to a function's start, after its
// stack has grown, is named after the function and makes no loop.
var jump = regexp.MustCompile(`^(?:J[A-Z]+|B[A-Z]*|[CT]BN?ZW?) (?:.* )?(0x[0-9a-f]+|-?\d+\(PC\))$`)

// inLoop reports whether an instruction that matches stands between a backward
// jump and its target.
func inLoop(code []instruction, match *regexp.Regexp) bool {
	for end, i := range code {
		target, ok := i.target()
		if !ok {
			continue
		}
		for _, body := range code[:end] {
			if body.address >= target && match.MatchString(body.text) {
				return true
			}
		}
	}
	return false
}

// target returns where an instruction jumps to.
func (i instruction) target() (address uint64, ok bool) {
	found := jump.FindStringSubmatch(i.text)
	if found == nil {
		return 0, false
	}
	if distance, relative := strings.CutSuffix(found[1], "(PC)"); relative {
		n, err := strconv.ParseInt(distance, 10, 64)
		return i.address + uint64(4*n), err == nil
	}
	address, err := strconv.ParseUint(found[1], 0, 64)
	return address, err == nil
}
