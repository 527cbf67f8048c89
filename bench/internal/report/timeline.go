package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// A Picture is the timeline of one trial: a lane for each worker.
type Picture struct {
	Variant    string
	Worker     string // what has a lane: task, connection
	Start, End time.Duration
	Lanes      []PictureLane
}

// A PictureLane is what one worker did, in order.
type PictureLane struct {
	Name  string
	Spans []bench.Span
}

// Timelines returns the recorded timelines of a section, in the order of the
// variants.
func (r *Report) Timelines(s *Section) []Picture {
	var pictures []Picture
	if len(r.timelines) == 0 {
		return nil
	}
	for _, v := range s.Scenario.Variants {
		for _, w := range v.Workers {
			spans := r.timelines[s.caseOf(v.Name, w).Name()]
			if len(spans) > 0 {
				pictures = append(pictures, NewPicture(v.Name, s.Scenario.Worker, spans))
			}
		}
	}
	return pictures
}

// NewPicture sorts the spans of a trial into lanes.
func NewPicture(variant, worker string, spans []bench.Span) Picture {
	p := Picture{Variant: variant, Worker: worker, Start: spans[0].Start}
	lanes := make(map[int][]bench.Span)
	var workers []int
	for _, s := range spans {
		if lanes[s.Worker] == nil {
			workers = append(workers, s.Worker)
		}
		lanes[s.Worker] = append(lanes[s.Worker], s)
		p.Start, p.End = min(p.Start, s.Start), max(p.End, s.End)
	}
	slices.Sort(workers)
	for _, w := range workers {
		p.Lanes = append(p.Lanes, PictureLane{fmt.Sprintf("%s %d", worker, w+1), lanes[w]})
	}
	return p
}

// laneWidth is how many characters the longest timeline of a section gets.
const laneWidth = 60

// mostLanes is how many lanes are drawn with characters, at most.
const mostLanes = 16

// Pictures draws timelines with characters: every lane on one scale, each span
// as its label followed by dots for as long as it lasts.
func Pictures(w io.Writer, pictures []Picture) error {
	longest, names, lanes := time.Duration(1), 0, 0
	for _, p := range pictures {
		lanes += len(p.Lanes)
		longest = max(longest, p.End-p.Start)
		for _, lane := range p.Lanes {
			names = max(names, len(lane.Name))
		}
	}
	if lanes == 0 || lanes > mostLanes {
		return nil // the chart shows it better
	}
	out := printer{w: w}
	for _, p := range pictures {
		out.printf("%s, %s\n", p.Variant, duration(float64(p.End-p.Start)))
		for _, lane := range p.Lanes {
			out.printf("  %-*s  %s\n", names, lane.Name, drawLane(lane.Spans, p.Start, longest))
		}
	}
	out.printf("\n")
	return out.err
}

func drawLane(spans []bench.Span, start, longest time.Duration) string {
	cells := []rune(strings.Repeat(" ", laneWidth+1))
	at := func(t time.Duration) int { return int((t - start) * laneWidth / longest) }
	for _, s := range spans {
		from, to := at(s.Start), max(at(s.End), at(s.Start)+1)
		fill := '-' // a kind of the scenario's own
		switch s.Kind {
		case bench.Work:
			fill = '='
		case bench.Wait, bench.Note:
			fill = '.'
		}
		for i := from; i < min(to, len(cells)); i++ {
			cells[i] = fill
		}
		// A label that does not fit would be read as another one.
		if label := []rune(s.Label); len(label) <= max(to-from-1, 1) {
			copy(cells[from:], label)
		}
	}
	return strings.TrimRight(string(cells), " ")
}
