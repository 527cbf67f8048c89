package scenarios

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

func TestAll(t *testing.T) {
	all := All()
	if err := bench.Check(all); err != nil {
		t.Fatal(err)
	}
	for i, name := range introduction {
		if all[i].Name != name {
			t.Errorf("scenario %d is %q, want %q", i+1, all[i].Name, name)
		}
	}
	for _, s := range all {
		if s.Doc == "" || s.Unit == "" {
			t.Errorf("%s has no Doc or no Unit", s.Name)
		}
		for _, v := range s.Variants {
			if v.Doc == "" {
				t.Errorf("%s/%s has no Doc", s.Name, v.Name)
			}
			if s.Fixed > 0 && v.Estimate == nil {
				t.Errorf("%s/%s has no Estimate: a plan cannot hold its budget without one", s.Name, v.Name)
			}
		}
	}
}

func TestAllIsTheCallersOwn(t *testing.T) {
	All()[0].Name = "changed"
	if got := All()[0].Name; got == "changed" {
		t.Error("a caller of All changed the list that the next caller gets")
	}
}

func TestOrder(t *testing.T) {
	var list []bench.Scenario
	for _, name := range []string{"zebra", "counter", "apple", "sleep"} {
		list = append(list, bench.Scenario{Name: name})
	}
	var got []string
	for _, s := range ordered(list) {
		got = append(got, s.Name)
	}
	if want := []string{"sleep", "counter", "apple", "zebra"}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}
