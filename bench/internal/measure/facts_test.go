package measure

import (
	"fmt"
	"strings"
	"testing"
)

// quiet is a machine that earns no warning.
var quiet = facts{
	cpus: 4, procs: 4, load: 2, loadKnown: true, steal: 0.05, stealKnown: true,
	quota: 4, periods: 1000, throttled: 10, governors: []string{"performance"}, virtual: "kvm",
}

// Each fact that spoils numbers earns one warning, with a remedy, and one that
// is not known earns none.
func TestFactsWarnings(t *testing.T) {
	for _, tt := range []struct {
		name         string
		change       func(*facts)
		text, remedy string // parts; "": no warning
	}{
		{"quiet", func(*facts) {}, "", ""},
		{"nothing known", func(f *facts) { *f = facts{cpus: 2, procs: 2} }, "", ""},
		{"load", func(f *facts) { f.load = 2.1 }, "load of the last minute is 2.1 on 4 CPUs", "close other programs"},
		{"load not known", func(f *facts) { f.load, f.loadKnown = 9, false }, "", ""},
		{"steal", func(f *facts) { f.steal = 0.061 }, "took 6 % of this virtual machine's", "measure for longer"},
		{"steal not known", func(f *facts) { f.steal, f.stealKnown = 0.5, false }, "", ""},
		{"governor", func(f *facts) { f.governors = []string{"performance", "powersave"} }, "(governor powersave)", "cpupower frequency-set -g performance"},
		{"quota below the CPUs", func(f *facts) { f.quota, f.procs = 1.5, 1 }, "allows 1.5 of 4 CPUs", "container's limit"},
		{"quota below GOMAXPROCS", func(f *facts) { f.quota = 3.5 }, "GOMAXPROCS=4 is more than the 3.5 CPUs", "smaller -cpu"},
		{"more GOMAXPROCS than CPUs", func(f *facts) { f.procs = 8 }, "GOMAXPROCS=8 is more than the 4 CPUs", "smaller -cpu"},
		{"no quota", func(f *facts) { f.quota, f.procs = 0, 64 }, "", ""},
		{"throttling", func(f *facts) { f.throttled = 11 }, "in 11 of 1000 periods", "container's limit"},
		{"one CPU", func(f *facts) { f.cpus, f.procs, f.quota, f.load = 1, 1, 0, 0.5 }, "there is one CPU", "two or more"},
	} {
		f := quiet
		tt.change(&f)
		got := f.warnings()
		switch {
		case tt.text == "" && len(got) > 0:
			t.Errorf("%s: warnings %q", tt.name, got)
		case tt.text == "":
		case len(got) != 1 || !strings.Contains(got[0].Text, tt.text) || !strings.Contains(got[0].Remedy, tt.remedy):
			t.Errorf("%s: warnings %q, want one with %q and %q", tt.name, got, tt.text, tt.remedy)
		}
	}
	if len(quiet.governors) != 1 || quiet.governors[0] != "performance" {
		t.Error("looking for warnings changed the facts")
	}
}

func TestFactsSettings(t *testing.T) {
	got := fmt.Sprint(quiet.settings())
	if want := "[{load 2.00} {steal 5.0%} {quota 4 CPUs} {throttled 10 of 1000 periods} {governor performance} {virtual kvm}]"; got != want {
		t.Errorf("settings %s, want %s", got, want)
	}
	if got := (facts{cpus: 2}).settings(); len(got) != 0 {
		t.Errorf("nothing is known, and settings are %v", got)
	}
}
