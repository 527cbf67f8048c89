package race

import (
	"regexp"
	"strconv"
	"strings"
)

// The lines of a report. Nothing but the frames of C code is anchored at the
// beginning of a line, which may hold the end of what somebody else printed.
var (
	warning  = regexp.MustCompile(`WARNING: (?:DATA RACE|ThreadSanitizer: data race.*)$`)
	access   = regexp.MustCompile(`(?i)(previous )?(atomic )?(read|write)(?: of size (\d+))? at (0x[0-9a-f]+) by (main goroutine|main thread|goroutine (\d+)|thread T(\d+))(?: .*)?:$`)
	creation = regexp.MustCompile(`(?:Goroutine (\d+) \((\w+)\)|Thread T(\d+) .*?\((?:tid=\d+, )?(\w+)\)) created (?:by .*)?at:$`)
	location = regexp.MustCompile(`Location is (.*?)(?: at 0x[0-9a-f]+)?(?: \([^)]*\))?( allocated by .*:)?$`)
	lost     = regexp.MustCompile(`\[failed to restore the stack\]$`)
	function = regexp.MustCompile(`^(?:.*  )?  (\S.*)\(\)$`)
	position = regexp.MustCompile(`^(?:.* )?      (\S.*):(\d+) \+0x[0-9a-f]+$`)
	cFrame   = regexp.MustCompile(`^ +#\d+ (\S.*?)(?: (\S+?):(\d+)(?::\d+)?| <null>)? \(\S+\)(?: \(BuildId: \w+\))?$`)
	found    = regexp.MustCompile(`Found (\d+) data race\(s\)$`)
	reported = regexp.MustCompile(`ThreadSanitizer: reported \d+ warnings$`)
)

// Parse returns the reports in a text, in its order: the output of a process,
// a file of GORACE's log_path, or the output of go test. Lines that belong to
// no report are passed over. It never fails; a report without its end is
// returned as far as it goes.
func Parse(text string) []Report {
	p := parser{}
	for line := range strings.Lines(text) {
		p.line(strings.TrimRight(line, "\r\n"))
	}
	p.finish(true)
	return p.reports
}

// Found returns how many races the detector counted at the end of processes:
// the sum over the lines "Found N data race(s)". Go test prints no such line.
func Found(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if m := found.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			k, _ := strconv.Atoi(m[1])
			n += k
		}
	}
	return n
}

// A parser is in or between reports. In one, frames go to stack.
type parser struct {
	reports  []Report
	open     bool // in a report
	framed   bool // the report began with a line of its own
	last     bool // the line before was such a line
	closed   bool // and ended a report
	r        Report
	accesses int
	threads  map[int]*thread
	stack    *[]Frame
	lost     *bool
	fn       string // a function that waits for its position
}

// A thread is what a report says about a goroutine.
type thread struct {
	state   string
	created []Frame
}

// line takes the next line.
func (p *parser) line(line string) {
	isBanner := isBanner(line)
	before := len(p.reports)
	switch {
	case warning.MatchString(line):
		if p.closed { // it did not end that report, it begins this one
			p.reports[len(p.reports)-1].Truncated = true
		}
		p.finish(true)
		*p = parser{reports: p.reports, open: true, framed: p.last, threads: map[int]*thread{}}
	case !p.open:
	case isBanner:
		p.finish(false)
	case found.MatchString(line), reported.MatchString(line):
		p.finish(true)
	default:
		p.inside(line)
	}
	p.last, p.closed = isBanner, isBanner && len(p.reports) > before
}

// isBanner reports whether a line ends with the line of a report's two ends.
func isBanner(line string) bool {
	const signs = "=================="
	return strings.HasSuffix(line, signs) && !strings.HasSuffix(line, "="+signs)
}

// inside takes a line of an open report.
func (p *parser) inside(line string) {
	if m := access.FindStringSubmatch(line); m != nil {
		p.access(m)
	} else if m := creation.FindStringSubmatch(line); m != nil {
		t := &thread{state: m[2] + m[4]}
		p.threads[number(m[1]+m[3])] = t
		p.into(&t.created, nil)
	} else if m := location.FindStringSubmatch(line); m != nil {
		p.r.Location = m[1]
		p.into(&p.r.Allocated, nil)
	} else if p.stack == nil {
		return
	} else if lost.MatchString(line) {
		if p.lost != nil {
			*p.lost = true
		}
	} else if m := position.FindStringSubmatch(line); m != nil && p.fn != "" {
		*p.stack = append(*p.stack, Frame{Func: p.fn, File: m[1], Line: number(m[2])})
		p.fn = ""
	} else if m := function.FindStringSubmatch(line); m != nil {
		p.fn = m[1]
	} else if m := cFrame.FindStringSubmatch(line); m != nil {
		*p.stack = append(*p.stack, Frame{Func: m[1], File: m[2], Line: number(m[3])})
	}
}

// access begins an access. A report has two; of more, which would be damage,
// the stacks go nowhere.
func (p *parser) access(m []string) {
	a := Access{
		Previous: m[1] != "", Atomic: m[2] != "", Op: strings.ToLower(m[3]), Size: number(m[4]), Addr: m[5],
		Main: strings.HasPrefix(m[6], "main"), Goroutine: number(m[7] + m[8]),
	}
	if p.accesses == len(p.r.Accesses) {
		p.into(nil, nil)
		return
	}
	at := &p.r.Accesses[p.accesses]
	*at = a
	p.accesses++
	p.into(&at.Stack, &at.Lost)
}

func (p *parser) into(stack *[]Frame, lost *bool) { p.stack, p.lost, p.fn = stack, lost, "" }

// finish closes the report, if one is open. Somebody who only prints the words
// of the warning has no report: it needs an access, or the line above it.
func (p *parser) finish(truncated bool) {
	if p.open && (p.accesses > 0 || p.framed) {
		p.r.Truncated = truncated || p.accesses < 2
		for i := range p.r.Accesses {
			a := &p.r.Accesses[i]
			if t := p.threads[a.Goroutine]; t != nil && !a.Main && a.Op != "" {
				a.State, a.Created = t.state, t.created
			}
			if len(a.Stack) > 0 {
				a.Atomic = a.Atomic || strings.HasSuffix(a.Stack[0].Package(), "/atomic") && Machinery(a.Stack[0])
			}
		}
		p.reports = append(p.reports, p.r)
	}
	p.open = false
}

// number reads digits that a pattern has matched. Of too many it returns the
// largest number, and of none 0.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
