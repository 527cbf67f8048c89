package chart

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// items is a lane of n bars of equal length, an item each.
func items(n int, length float64, kinds ...string) (l Lane) {
	l.Name = "worker 1"
	for i := range n {
		at := length * float64(i)
		l.Spans = append(l.Spans, Span{at, at + length, kinds[i%len(kinds)], fmt.Sprint(i)})
	}
	return l
}

// laneTexts draws a timeline of lanes and returns what is written.
func laneTexts(t *testing.T, lanes ...Lane) []string {
	t.Helper()
	return parse(t, mustSVG(t, Timeline{Groups: []Group{{Lanes: lanes}}, XLabel: "seconds"}))["text"]
}

// Labels stand in their bars, or where most bars are too short for that below,
// as many as have room and no more than one an item.
func TestTimelineLabels(t *testing.T) {
	lane := items(10, 1, "work")
	for i := range lane.Spans {
		lane.Spans[i].Label = fmt.Sprint("item ", i)
	}
	texts := laneTexts(t, lane)
	for i := range 10 {
		if !slices.Contains(texts, fmt.Sprint("item ", i)) {
			t.Errorf("no label of item %d: %q", i, texts)
		}
	}
	short := items(40, 1, "work", "receive")
	for i := range short.Spans {
		short.Spans[i].Label = fmt.Sprint("item ", i/2)
	}
	texts = laneTexts(t, short)
	labels := slices.DeleteFunc(texts, func(s string) bool { return !strings.HasPrefix(s, "item ") })
	if len(labels) < 5 || len(labels) > 12 || labels[0] != "item 0" || len(slices.Compact(slices.Clone(labels))) != len(labels) {
		t.Errorf("labels %q, want some of the items, each once", labels)
	}
}

// Waiting is told from work without colours: it has paper within.
func TestTimelineIdle(t *testing.T) {
	draw := func(idle ...string) []byte {
		return mustSVG(t, Timeline{Groups: []Group{{Lanes: []Lane{items(5, 1, "wait")}}}, Idle: idle})
	}
	paper := []byte(`class="il-paper"`)
	if full, hollow := bytes.Count(draw(), paper), bytes.Count(draw("wait"), paper); hollow != full+2 { // the bars, and their key
		t.Errorf("%d areas of paper with idle bars, %d without", hollow, full)
	}
}

// A timeline of very many spans is thinned until it can be shown, and keeps its
// length.
func TestTimelineSparse(t *testing.T) {
	l := lanesLayer{lanes: make([][]laneSpan, 3)}
	for i := range 3 {
		for k := range 5000 {
			at := float64(k)
			l.lanes[i] = append(l.lanes[i], laneSpan{start: at, end: at + 0.9, kind: k % (i + 1), mark: i == 2})
		}
	}
	l.sparsely(func(v float64) vg.Length { return vg.Length(v) * 400 / 5000 })
	if n := l.count(); n > mostSpans || n < mostSpans/8 {
		t.Errorf("%d spans are left of 15000, want up to %d", n, mostSpans)
	}
	for i, spans := range l.lanes {
		if last := spans[len(spans)-1].end; last < 4950 {
			t.Errorf("lane %d ends at %g", i, last)
		}
	}
	few := lanesLayer{lanes: [][]laneSpan{{{start: 1, end: 1, mark: true}, {start: 1, end: 1, mark: true}}}}
	if few.sparsely(func(v float64) vg.Length { return vg.Length(v) }); few.count() != 2 {
		t.Error("spans are lost where there are few")
	}
}

// Of too many samples those that are drawn are as widely spread, and the median
// is that of all.
func TestStripsThin(t *testing.T) {
	l := stripsLayer{rows: [][]float64{nil, {3, 1, 2}, nil}}
	for i := range 9001 {
		l.rows[2] = append(l.rows[2], float64((i*7919)%9001))
	}
	if key := l.thin(); key != "sample (336 of 9004 are drawn)" {
		t.Errorf("the key is %q", key)
	}
	if got := l.rows[2]; got[0] != 0 || got[len(got)-1] != 9000 || len(got) != mostSamples/3 {
		t.Errorf("%d samples from %g to %g", len(got), got[0], got[len(got)-1])
	}
	if l.medians[1] != 2 || l.medians[2] != 4500 || !slices.Equal(l.rows[1], []float64{3, 1, 2}) {
		t.Errorf("medians %v, few samples now %v", l.medians, l.rows[1])
	}
}

func TestUpright(t *testing.T) {
	for in, want := range map[string]string{
		`<path d="M0,0L10.5,0L10.5,2L0,2Z" x`: `<path d="M0,20H10.5V18H0Z" x`,
		`<path d="M1,2L3,5"`:                  `<path d="M1,18L3,15"`,
		`<path d="M130.04,5.21A2,2 0 1 1 126.04,5.21A2,2 0 1 1 130.04,5.21Z"`: `<circle cx="128.04" cy="14.79" r="2"`,
		`<text x="10" y="-15" transform="scale(1, -1)" s`:                     `<text x="10" y="5" s`,
		`<g transform="scale(1, -1) translate(0, -20)">`:                      `<g>`,
		`</g>`: `</g>`,
	} {
		if got, err := upright([]byte(in), 20); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{`<path d="M1,2C1,2,3,4,5,6"`, `<path d="M1"`, `<path d="MNaN,1"`, `<text x="1" y="a" transform="scale(1, -1)"`} {
		if got, err := upright([]byte(in), 20); err == nil {
			t.Errorf("%s: %s, want an error", in, got)
		}
	}
	if _, err := classify([]byte(`<path d="M1,2"`), map[string]bool{}); err == nil {
		t.Error("an element without a colour is accepted: the dark scheme would not reach it")
	}
}

// A cell goes to who has most of it, and bars that did not overlap do not then.
func TestThinned(t *testing.T) {
	var spans []laneSpan
	for i, end := range []float64{0.4, 0.95, 1.05, 1.3, 1.9, 5, 5.2, 5.7, 9} { // each from where the one before ended
		s := laneSpan{end: end, kind: i % 3}
		if i > 0 {
			s.start = spans[i-1].end
		}
		spans = append(spans, s)
	}
	got := thinned(spans, func(v float64) vg.Length { return vg.Length(v) }, 1)
	want := []laneSpan{
		{start: 0.4, end: 1.9, kind: 1}, // two that are short, and of one kind
		{start: 1.9, end: 5, kind: 2}, {start: 5.2, end: 5.7, kind: 1}, {start: 5.7, end: 9, kind: 2},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	overlapping := []laneSpan{{end: 3.2, kind: 0}, {start: 2.9, end: 6, kind: 1}}
	if got := thinned(overlapping, func(v float64) vg.Length { return vg.Length(v) }, 1); len(got) != 2 || got[1].start < got[0].end {
		t.Errorf("%v overlap", got)
	}
}

// Whatever stands in a tag, reading it ends, and what is accepted is a tag.
func FuzzUpright(f *testing.F) {
	for _, s := range []string{`<path d="M0,0L10.5,0L10.5,2L0,2Z" style="fill:#1A1A1A">`, `<path d="M3,5A2,2 0 1 1 -1,5A2,2 0 1 1 3,5Z">`, `<text x="1" y="-1" transform="scale(1, -1)" style="fill:#1A1A1A">`, `<g>`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, tag []byte) {
		out, err := upright(tag, 100)
		if err == nil && len(tag) > 0 && tag[0] == '<' && (len(out) == 0 || out[0] != '<') {
			t.Errorf("%q became %q", tag, out)
		}
		classify(tag, map[string]bool{})
	})
}
