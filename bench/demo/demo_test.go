package demo

import (
	"strings"
	"testing"
	"time"
)

func noTrial(Setup) Trial { return Trial{} }

func TestValidate(t *testing.T) {
	good := func() Demo {
		return Demo{Name: "a-1", Doc: "x", Racy: Way{Name: "racy", New: noTrial}, Fixes: []Way{{Name: "fix", New: noTrial}}}
	}
	if err := Validate([]Demo{good()}); err != nil {
		t.Errorf("a good demonstration: %v", err)
	}
	for _, tt := range []struct {
		want  string
		spoil func(*Demo)
	}{
		{"has the name", func(d *Demo) { d.Name = "A" }},
		{"has the name", func(d *Demo) { d.Name = "-a" }},
		{"no Doc", func(d *Demo) { d.Doc = "" }},
		{"no fix", func(d *Demo) { d.Fixes = nil }},
		{"negative", func(d *Demo) { d.Many = -1 }},
		{"without a reason", func(d *Demo) { d.Expect.HiddenOn = []string{"*"} }},
		{"logic bug", func(d *Demo) { d.Expect.Kind = LogicBug }},
		{"defined twice", func(d *Demo) { d.Fixes[0].Name = "racy" }},
		{"has no New", func(d *Demo) { d.Wrong = []Way{{Name: "wrong"}} }},
		{`way has the name ""`, func(d *Demo) { d.Wrong = []Way{{New: noTrial}} }},
	} {
		d := good()
		tt.spoil(&d)
		if err := Validate([]Demo{d}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one with %q", err, tt.want)
		}
	}
	if err := Validate([]Demo{good(), good()}); err == nil || !strings.Contains(err.Error(), "defined twice") {
		t.Errorf("two of one name: %v", err)
	}
}

func TestHere(t *testing.T) {
	for _, tt := range []struct {
		e     Expectation
		arch  string
		cores int
		want  string
	}{
		{Expectation{}, "amd64", 2, ""},
		{Expectation{}, "amd64", 1, "one core"},
		{Expectation{OneCore: true}, "amd64", 1, ""},
		{Expectation{HiddenOn: []string{"amd64"}, Hidden: "order"}, "amd64", 2, "order"},
		{Expectation{HiddenOn: []string{"amd64"}, Hidden: "order"}, "arm64", 2, ""},
		{Expectation{HiddenOn: []string{"*"}, Hidden: "never"}, "arm64", 1, "never"},
	} {
		visible, why := tt.e.Here(tt.arch, tt.cores)
		if visible != (tt.want == "") || !strings.HasPrefix(why, tt.want) {
			t.Errorf("%+v on %s with %d cores: %v, %q", tt.e, tt.arch, tt.cores, visible, why)
		}
	}
}

func TestExpected(t *testing.T) {
	for _, tt := range []struct {
		got, want string
	}{
		{Expected("hits", 5, 5), ""},
		{Expected("hits", 5, 3), "2 of 5 hits lost"},
		{Expected("hits", 5, 6), "1 hits too many, beyond 5"},
		{Some(0, 5, "late"), ""},
		{Some(2, 5, "late"), "2 of 5 late"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestN(t *testing.T) {
	d := &Demo{}
	for l, want := range map[Level]int{Written: 1, More: 20_000, Aligned: 20_000, Yielding: 20} {
		if got := d.N(l); got != want {
			t.Errorf("%v: %d operations, want %d", l, got, want)
		}
	}
	if got := (&Demo{Small: 30, Many: 50}).N(Yielding); got != 30 {
		t.Errorf("yielding does %d operations, fewer than as written", got)
	}
}

func TestOverlap(t *testing.T) {
	s := func(from, to time.Duration) span { return span{from, to} }
	for _, tt := range []struct {
		spans []span
		want  bool
	}{
		{[]span{s(0, 5)}, false},
		{[]span{s(0, 5), s(5, 9)}, false},
		{[]span{s(0, 5), s(4, 9)}, true},
		{[]span{s(4, 9), s(0, 5)}, true},
		{[]span{s(0, 9), s(3, 4)}, true},
		{[]span{s(0, 1), s(2, 3), s(2, 4)}, true},
	} {
		if got := overlap(tt.spans); got != tt.want {
			t.Errorf("overlap of %v is %v", tt.spans, got)
		}
	}
}

// Both crews call the body once for each worker, at once where they promise it.
func TestCrews(t *testing.T) {
	for name, c := range map[string]crew{"loose": loose{workers: 3}, "yielding": loose{workers: 2, yield: true}} {
		calls := make(chan int, 9)
		spans := c.run(func(w int) { calls <- w })
		if len(calls) != len(spans) {
			t.Errorf("%s: %d calls for %d workers", name, len(calls), len(spans))
		}
	}
}
