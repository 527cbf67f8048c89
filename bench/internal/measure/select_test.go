package measure

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
)

// chosen are scenarios to choose from.
func chosen() []bench.Scenario {
	return []bench.Scenario{
		{Name: "count", Workers: []int{1, 2}, Variants: []bench.Variant{
			{Name: "seq", New: neverNew, Workers: []int{1}},
			{Name: "mutex", New: neverNew, Headline: true},
			{Name: "atomic", New: neverNew},
			{Name: "racy", New: neverNew, Racy: true, Workers: []int{2, 4}},
		}},
		{Name: "load", Workers: []int{2, 8}, Params: []bench.Param{
			{Name: "net", Values: []string{"slow", "fast"}},
			{Name: "size", Values: []string{"1", "64", "512"}},
		}, Variants: []bench.Variant{
			{Name: "one", New: neverNew},
			{Name: "pool", New: neverNew, Workers: []int{2, 8, 32}},
		}},
	}
}

// selected lists the cases of the blocks, a line each, racy blocks marked.
func selected(blocks []Block) (lines []string) {
	for _, b := range blocks {
		line := ""
		if b.Racy {
			line = "racy: "
		}
		for _, c := range b.Cases {
			line += strings.NewReplacer("variant=", "", "/workers=", ":").Replace(c.Short()) + " "
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func TestSelect(t *testing.T) {
	const (
		countAll  = "Count/seq:1-2 Count/mutex:1-2 Count/mutex:2-2 Count/atomic:1-2 Count/atomic:2-2"
		countRacy = "racy: Count/racy:2-2 Count/racy:4-2"
		loadSlow  = "Load/net=slow/size=1/one:2-2 Load/net=slow/size=1/one:8-2 Load/net=slow/size=1/pool:2-2 Load/net=slow/size=1/pool:8-2 Load/net=slow/size=1/pool:32-2"
	)
	at := func(params string) string { return strings.ReplaceAll(loadSlow, "net=slow/size=1", params) }
	mutex := []string{"Count/seq:1-2 Count/mutex:1-2 Count/mutex:2-2"}
	for _, tt := range []struct {
		name string
		sel  Selection
		want []string
	}{
		{"everything", Selection{}, []string{countAll, countRacy, loadSlow}},
		{"a scenario", Selection{Pattern: "count"}, []string{countAll, countRacy}},
		{"in any case", Selection{Pattern: "COUNT"}, []string{countAll, countRacy}},
		{"part of a name", Selection{Pattern: "oa"}, []string{loadSlow}},
		{"anchored", Selection{Pattern: "^oun"}, nil},
		{"a variant, with the only baseline", Selection{Pattern: "count/mutex"}, mutex},
		{"in full", Selection{Pattern: "^Count$/^variant=mutex$"}, mutex},
		{"a variant in any case", Selection{Pattern: "count/Variant=MUTEX"}, mutex},
		{"a worker count", Selection{Pattern: "count/mutex/workers=2$"}, []string{"Count/seq:1-2 Count/mutex:2-2"}},
		{"a racy variant", Selection{Pattern: "count/racy/4"}, []string{"Count/seq:1-2", "racy: Count/racy:4-2"}},
		{"the baseline at the same workers", Selection{Pattern: "load/./././8"}, []string{"Load/net=slow/size=1/one:8-2 Load/net=slow/size=1/pool:8-2"}},
		{"no baseline at these workers", Selection{Pattern: "load/./././32"}, []string{"Load/net=slow/size=1/pool:32-2"}},
		{"alternatives of scenarios", Selection{Pattern: "count|load"}, []string{countAll, countRacy, loadSlow}},
		{"alternatives of variants", Selection{Pattern: "count/mutex|atomic"}, []string{countAll}},
		{"alternatives in brackets", Selection{Pattern: "count/variant=(mutex|atomic)/(1|2)"}, []string{countAll}},
		{"a slash in brackets", Selection{Pattern: "count/(mutex/|atomic)"}, []string{"Count/seq:1-2 Count/atomic:1-2 Count/atomic:2-2"}},
		{"a slash in a class", Selection{Pattern: "count/[/)m]utex"}, mutex},
		{"an escaped bracket", Selection{Pattern: `count/\(|mutex`}, mutex},
		{"an empty part", Selection{Pattern: "/mutex"}, mutex},
		{"a parameter", Selection{Pattern: "load/net=slow"}, []string{loadSlow}},
		{"a parameter that is not its default", Selection{Pattern: "load/net=fast"}, nil},
		{"too many parts", Selection{Pattern: "count/mutex/2/x"}, nil},

		{"workers", Selection{Pattern: "count", Workers: []int{3, 5}}, []string{
			"Count/seq:1-2 Count/mutex:3-2 Count/mutex:5-2 Count/atomic:3-2 Count/atomic:5-2", "racy: Count/racy:3-2 Count/racy:5-2"}},
		{"procs", Selection{Pattern: "count/seq", Procs: []int{1, 4}}, []string{"Count/seq:1", "Count/seq:1-4"}},
		{"quick", Selection{Quick: true}, []string{
			"Count/seq:1-2 Count/mutex:1-2 Count/mutex:2-2", "Load/net=slow/size=1/one:2-2 Load/net=slow/size=1/one:8-2"}},
		{"all", Selection{All: true, Pattern: "load"}, []string{
			at("net=slow/size=1"), at("net=slow/size=64"), at("net=slow/size=512"), at("net=fast/size=1"), at("net=fast/size=64"), at("net=fast/size=512")}},

		{"a value", Selection{Pattern: "load", Params: map[string][]string{"net": {"fast"}}}, []string{at("net=fast/size=1")}},
		{"values of two", Selection{Pattern: "load", Params: map[string][]string{"net": {"fast"}, "size": {"512", "1"}}}, []string{at("net=fast/size=1"), at("net=fast/size=512")}},
		{"a value twice", Selection{Pattern: "load", Params: map[string][]string{"net": {"fast", "fast"}}}, []string{at("net=fast/size=1")}},
		{"a value and all others", Selection{Pattern: "load", All: true, Params: map[string][]string{"net": {"fast"}}}, []string{at("net=fast/size=1"), at("net=fast/size=64"), at("net=fast/size=512")}},
		{"scenarios without the parameter", Selection{Params: map[string][]string{"net": {"fast"}}}, []string{countAll, countRacy, at("net=fast/size=1")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.sel.Procs == nil {
				tt.sel.Procs = []int{2}
			}
			blocks, _, err := Select(chosen(), tt.sel)
			if (err != nil) != (tt.want == nil) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(tt.want, selected(blocks)); diff != "" {
				t.Errorf("the selection differs (-want +got):\n%s", diff)
			}
		})
	}
}

// Quick says what it leaves out: what matches and is no headline.
func TestSelectLeft(t *testing.T) {
	_, left, err := Select(chosen(), Selection{Pattern: "count/atomic", Procs: []int{2}, Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	got := selected([]Block{{Cases: left}})
	if want := []string{"Count/atomic:1-2 Count/atomic:2-2"}; !cmp.Equal(got, want) {
		t.Errorf("left out %q, want %q", got, want)
	}
	if _, left, _ := Select(chosen(), Selection{Procs: []int{2}}); left != nil {
		t.Errorf("without quick, %v are left out", left)
	}
}

func TestSelectErrors(t *testing.T) {
	second := like(chosen()[1], "other")
	second.Params = []bench.Param{{Name: "net", Values: []string{"slow", "none"}}}
	all := append(chosen(), second)
	for _, tt := range []struct {
		name string
		sel  Selection
		want string
	}{
		{"no match", Selection{Pattern: "x"}, `the pattern "x" matches no case; scenarios are: count, load, other; see interleave list`},
		{"no parameter", Selection{Pattern: "load/pool"}, `the pattern "load/pool" matches no case (after load comes net=, as in load/./pool); scenarios are: count, load, other; see interleave list`},
		{"bad pattern", Selection{Pattern: "count/mut["}, "the pattern \"count/mut[\" is not a regular expression: error parsing regexp: missing closing ]: `[`"},
		{"unknown parameter", Selection{Params: map[string][]string{"zoo": {"x"}, "nte": {"slow"}}}, `no scenario has a parameter "nte": see interleave list`},
		{"unknown value", Selection{Params: map[string][]string{"net": {"slow", "lan"}}}, `parameter net has no value "lan": choose among slow, fast, none`},
		{"quick leaves nothing", Selection{Pattern: "count/racy", Quick: true}, ""}, // the baseline is left
		{"value of another scenario", Selection{Pattern: "load", Params: map[string][]string{"net": {"none"}}}, `the pattern "load" matches no case; scenarios are: count, load, other; see interleave list`},
	} {
		tt.sel.Procs = []int{2}
		_, _, err := Select(all, tt.sel)
		if got := message(err); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if _, _, err := Select(all, Selection{}); message(err) != "nothing is left to measure: check -workers" {
		t.Errorf("without GOMAXPROCS values: %v", err)
	}
	// A variant at workers that its baseline does not have, and no headline.
	_, _, err := Select(all, Selection{Pattern: "load/./././32", Procs: []int{2}, Quick: true})
	if want := `the pattern "load/./././32" matches only variants that -quick leaves out: run without -quick`; message(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// message returns the text of an error, "" for none.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Alone, a case comes without the baseline that it would be compared with.
func TestSelectAlone(t *testing.T) {
	for pattern, want := range map[string]string{
		"two/other": "[two/other]", "two/base": "[two/base]", "two": "[two/base two/other]",
	} {
		blocks, _, err := Select([]bench.Scenario{twoCases()}, Selection{Pattern: pattern, Procs: []int{2}, Alone: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range blocks[0].Cases {
			got = append(got, c.Scenario+"/"+c.Variant)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", pattern, got, want)
		}
	}
	if _, _, err := Select([]bench.Scenario{twoCases()}, Selection{Pattern: "three", Procs: []int{2}, Alone: true}); err == nil {
		t.Error("a pattern that matches nothing is no error")
	}
}

// Wanted cases that nobody asked for get blocks of their own, behind those of
// their scenario, and each case once.
func TestComplete(t *testing.T) {
	all := chosen()
	blocks, _, err := Select(all, Selection{Procs: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	at := func(scenario, params, variant string, workers, procs int) bench.Case {
		return bench.Case{Scenario: scenario, Params: params, Variant: variant, Workers: workers, Procs: procs}
	}
	got := Complete(blocks, all, []Wanted{
		{at("count", "", "mutex", 2, 2), "asked"},
		{at("count", "", "mutex", 2, 1), "one"},
		{at("count", "", "seq", 1, 1), "one"},
		{at("count", "", "mutex", 2, 1), "two"},
		{at("count", "", "racy", 2, 1), "race"},
		{at("load", "net=fast/size=1", "pool", 2, 2), "net"},
		{at("other", "", "x", 1, 1), "unknown"},
		{at("count", "", "x", 1, 1), "unknown"},
	})
	var lines []string
	for i, text := range selected(got) {
		lines = append(lines, strings.Join(got[i].For, ",")+" "+text)
	}
	want := []string{
		" Count/seq:1-2 Count/mutex:1-2 Count/mutex:2-2 Count/atomic:1-2 Count/atomic:2-2",
		" racy: Count/racy:2-2 Count/racy:4-2",
		"one,two Count/mutex:2 Count/seq:1",
		"race racy: Count/racy:2",
		" Load/net=slow/size=1/one:2-2 Load/net=slow/size=1/one:8-2 Load/net=slow/size=1/pool:2-2 Load/net=slow/size=1/pool:8-2 Load/net=slow/size=1/pool:32-2",
		"net Load/net=fast/size=1/pool:2-2",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if len(blocks) != 3 {
		t.Errorf("the caller's blocks have become %d", len(blocks))
	}
}
