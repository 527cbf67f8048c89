package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/record"
)

func TestDisturbance(t *testing.T) {
	trial := func(switches float64) record.Measurement {
		return record.Measurement{Metrics: map[string]float64{"nivcsw": switches}}
	}
	fork := func(stolen time.Duration, load float64) record.Fork {
		return record.Fork{Fork: 1, Processor: time.Second, Stolen: stolen, Load: load}
	}
	for _, tt := range []struct {
		name string
		run  record.Run
		want string // joined by |
		json string
	}{
		{"nothing recorded", record.Run{}, "", "null"},
		{"quiet", record.Run{Forks: []record.Fork{fork(0, 0)}, Measurements: []record.Measurement{trial(0)}},
			"disturbance: none of the processor time was stolen|disturbance: 0 involuntary switches a trial (median)",
			`{"stolen":0,"stolen_worst_fork":0,"switches_per_trial":0}`},
		{"disturbed", record.Run{
			Forks:        []record.Fork{fork(10*time.Millisecond, 0.9), fork(90*time.Millisecond, 1.42)},
			Measurements: []record.Measurement{trial(1), trial(3), trial(8), {}},
		}, "disturbance: 5% of the processor time was stolen (worst process 9%)|disturbance: 3 involuntary switches a trial (median), load 0.9 to 1.4",
			`{"stolen":0.05,"stolen_worst_fork":0.09,"switches_per_trial":3}`},
		{"no steal known, one load", record.Run{Forks: []record.Fork{{Fork: 1, Load: 0.52}, {Fork: 2, Load: 0.5}, {Fork: 3, Void: "the clock jumped"}}},
			"disturbance: load 0.5", `{"void_forks":1}`},
	} {
		lines := Disturbance(&tt.run)
		if got := strings.Join(lines, "|"); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
		for _, line := range lines {
			if len(line) > textWidth {
				t.Errorf("%s: a line of %d columns: %s", tt.name, len(line), line)
			}
		}
		if data, err := json.Marshal(disturbance(&tt.run)); err != nil || string(data) != tt.json {
			t.Errorf("%s: JSON %s, want %s (%v)", tt.name, data, tt.json, err)
		}
		if got := strings.Join(Environment(&tt.run), "|"); !strings.Contains(got, tt.want) {
			t.Errorf("%s: the environment is %s", tt.name, got)
		}
	}
}

// What the harness counts of every trial is no column of the tables.
func TestSwitchesAreNoOwnMetric(t *testing.T) {
	if own := ownMetrics([]*record.Measurement{{Metrics: map[string]float64{"nivcsw": 3, "img/s": 2}}}); len(own) != 1 {
		t.Errorf("the scenario's own metrics are %v", own)
	}
}
