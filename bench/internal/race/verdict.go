package race

import (
	"regexp"
	"slices"
	"strings"
)

// A Kind says what the runtime, or testing, found wrong.
type Kind string

const (
	Deadlock    Kind = "deadlock"           // all goroutines are asleep
	MapRace     Kind = "concurrent map"     // written while written, read or iterated
	NegativeWG  Kind = "negative WaitGroup" // counter below zero, or reused too early
	Unlock      Kind = "unlock"             // of a mutex that is not locked
	Channel     Kind = "closed channel"     // send on, or close of, a closed channel
	Panic       Kind = "panic"              // any other panic
	Fatal       Kind = "fatal error"        // any other fatal error: stack overflow, fault, …
	TestTimeout Kind = "test timed out"     // by go test -timeout
	Quit        Kind = "quit"               // asked by SIGQUIT to print its stacks and end
	Signal      Kind = "signal"             // died of one outside Go code
)

// A Verdict is why a process ended, in the runtime's words.
type Verdict struct {
	Kind       Kind        `json:"kind"`
	Message    string      `json:"message"`              // on one line, without "panic: " or "fatal error: "
	Running    []string    `json:"running,omitempty"`    // the tests that TestTimeout names
	Goroutines []Goroutine `json:"goroutines,omitempty"` // as far as printed, the guilty one first
}

// kinds tells the messages apart. The first that matches counts.
var kinds = []struct {
	kind Kind
	text *regexp.Regexp
}{
	{Deadlock, regexp.MustCompile(`^all goroutines are asleep - deadlock!|^deadlock: `)},
	{MapRace, regexp.MustCompile(`^concurrent map `)},
	{NegativeWG, regexp.MustCompile(`^sync: (?:negative WaitGroup counter|WaitGroup misuse|WaitGroup is reused)`)},
	{Unlock, regexp.MustCompile(`^sync: R?Unlock of unlocked |^sync: unlock of unlocked `)},
	{Channel, regexp.MustCompile(`^(?:send on|close of) closed channel`)},
	{TestTimeout, regexp.MustCompile(`^test timed out after `)},
}

var (
	// A fatal error is printed by the runtime, which may happen behind what
	// somebody printed without an end of line; the same words in a message
	// of a test are indented.
	reason  = regexp.MustCompile(`^(panic: |fatal error: |SIGQUIT: |SIG[A-Z]+: )(.*)$`)
	glued   = regexp.MustCompile(`\S(fatal error: )(all goroutines are asleep - deadlock!|concurrent map [a-z ]+|sync: .*)$`)
	words   = regexp.MustCompile(`all goroutines are asleep - deadlock!|concurrent map (?:read and map write|iteration and map write|writes)|sync: [A-Za-z ]*[Uu]nlock of unlocked (?:RW)?[Mm]utex`)
	running = regexp.MustCompile(`^\t\t(\S+) \(.*\)$`)
)

// Verdicts returns why processes ended, as far as the runtime says so in a
// text, in its order: one for each process, no more. A panic that somebody
// recovered and logged is none.
func Verdicts(text string) []Verdict {
	lines := strings.Split(text, "\n")
	var all []Verdict
	for i := 0; i < len(lines); i++ {
		m := reason.FindStringSubmatch(strings.TrimSuffix(lines[i], "\r"))
		if m == nil {
			m = glued.FindStringSubmatch(strings.TrimSuffix(lines[i], "\r"))
		}
		if m == nil {
			continue
		}
		words, next, ok := message(lines, i+1)
		if !ok {
			continue
		}
		v := Verdict{Message: strings.Join(append([]string{m[2]}, words...), " ")}
		v.classify(m[1])
		if v.Kind == TestTimeout {
			v.Message = m[2]
			for _, line := range lines[i+1 : next] {
				if r := running.FindStringSubmatch(line); r != nil {
					v.Running = append(v.Running, r[1])
				}
			}
		}
		// What follows the stacks is another process's, if anything.
		end := next
		for end < len(lines) && !reason.MatchString(lines[end]) {
			end++
		}
		v.Goroutines = Traces(strings.Join(lines[next:end], "\n"))
		all = append(all, v)
		i = end - 1
	}
	if len(all) == 0 {
		all = torn(lines)
	}
	return all
}

// torn returns the verdict of a process in which one thread printed why it
// ends while another reported a race: the runtime writes the words in pieces,
// and they may stand anywhere in the report.
func torn(lines []string) []Verdict {
	text := strings.Join(lines, "\n")
	said := words.FindString(text)
	if said == "" || !strings.Contains(text, "fatal error: ") || !slices.ContainsFunc(lines, isBanner) {
		return nil
	}
	first := slices.IndexFunc(lines, header.MatchString)
	if first < 0 {
		return nil
	}
	v := Verdict{Message: said, Goroutines: Traces(strings.Join(lines[first:], "\n"))}
	v.classify("fatal error: ")
	return []Verdict{v}
}

// message reads on after the first line of a reason: up to the stacks, which
// must follow, unless the text ends. Logs in between would be somebody else's,
// but the race detector may report what another thread does meanwhile.
func message(lines []string, from int) (words []string, next int, ok bool) {
	most := 40 // lines of a message; a longer one is not looked through
	for i := from; i < len(lines) && i < from+most; i++ {
		line := strings.TrimSuffix(lines[i], "\r")
		switch {
		case isBanner(line):
			end := i + 1
			for end < len(lines) && !isBanner(strings.TrimSuffix(lines[end], "\r")) {
				end++
			}
			i, most = end, most+end-i+1
		case header.MatchString(line), line == "runtime stack:", strings.HasPrefix(line, "PC=0x"):
			return words, i, true
		case strings.HasPrefix(line, "\t"):
			words = append(words, strings.TrimSpace(line))
		case line == "" && i == len(lines)-1:
			return words, i, true
		case line == "", strings.HasPrefix(line, "[signal "):
		default:
			return nil, 0, false
		}
	}
	return words, min(len(lines), from+most), len(lines) <= from+most
}

func (v *Verdict) classify(prefix string) {
	for _, k := range kinds {
		if k.text.MatchString(v.Message) {
			v.Kind = k.kind
			return
		}
	}
	switch prefix {
	case "panic: ":
		v.Kind = Panic
	case "fatal error: ":
		v.Kind = Fatal
	case "SIGQUIT: ":
		v.Kind = Quit
	default:
		v.Kind = Signal
	}
	v.Message = strings.TrimSpace(v.Message)
}

// Headline returns the frame to look at: for a panic or a fatal error, the
// innermost of the reader's own in the goroutine that died of it; for a
// deadlock, in the first goroutine that waits in code of the reader's. It is
// unknown where no stack holds one.
func (v Verdict) Headline(skip Skip) Frame {
	for _, g := range v.Goroutines {
		stack := g.Stack
		// What stands above the call of panic are the deferred calls.
		for i, f := range slices.Backward(stack) {
			if f.Func == "panic" {
				stack = stack[i:]
				break
			}
		}
		if f := skip.First(stack); f.Known() && !skip(f) && !g.System() {
			return f
		}
		if v.Kind != Deadlock && v.Kind != TestTimeout && v.Kind != Quit && !g.System() {
			break
		}
	}
	return Frame{}
}
