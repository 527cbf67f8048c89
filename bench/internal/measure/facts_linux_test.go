package measure

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// tree makes files below a directory of their own and returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// What /proc and /sys look like on machines, virtual machines and in
// containers.
func TestReadSystem(t *testing.T) {
	const v1 = "5:memory:/pod\n4:cpuacct:/elsewhere\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  facts
	}{
		{"nothing there", nil, facts{}},
		{"version 2 in a container", map[string]string{
			"proc/self/cgroup":       "0::/\n",
			"sys/fs/cgroup/cpu.max":  "150000 100000\n",
			"sys/fs/cgroup/cpu.stat": "usage_usec 1\nuser_usec 1\nnr_periods 200\nnr_throttled 30\nthrottled_usec 5\n",
		}, facts{quota: 1.5, periods: 200, throttled: 30}},
		{"version 2, limited in a group above", map[string]string{
			"proc/self/cgroup":                           "0::/user.slice/app.scope\n",
			"sys/fs/cgroup/user.slice/app.scope/cpu.max": "400000 100000\n",
			"sys/fs/cgroup/user.slice/cpu.max":           "50000 100000\n",
			"sys/fs/cgroup/user.slice/cpu.stat":          "nr_periods 7\nnr_throttled 7\n",
		}, facts{quota: 0.5, periods: 7, throttled: 7}},
		{"version 2 without a limit", map[string]string{
			"proc/self/cgroup":          "0::/app\n",
			"sys/fs/cgroup/app/cpu.max": "max 100000\n",
		}, facts{}},
		{"another group's limit is not ours", map[string]string{
			"proc/self/cgroup":            "0::/app\n",
			"sys/fs/cgroup/other/cpu.max": "50000 100000\n",
		}, facts{}},
		{"version 2 beside version 1", map[string]string{
			"proc/self/cgroup":                   "1:cpu:/\n0::/app\n",
			"sys/fs/cgroup/unified/app/cpu.max":  "200000 100000\n",
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
		}, facts{quota: 2}},
		{"version 1", map[string]string{
			"proc/self/cgroup": v1,
			"sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us":  "250000\n",
			"sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000\n",
			"sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.stat":          "nr_periods 5\nnr_throttled 0\nthrottled_time 0\n",
		}, facts{quota: 2.5, periods: 5}},
		{"version 1, the path is the host's", map[string]string{
			"proc/self/cgroup":                    v1,
			"sys/fs/cgroup/cpu/cpu.cfs_quota_us":  "100000\n",
			"sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
		}, facts{quota: 1}},
		{"a path out of the tree", map[string]string{
			"proc/self/cgroup":      "0::/../../other\n",
			"sys/fs/cgroup/cpu.max": "100000 100000\n",
		}, facts{quota: 1}},
		{"damaged", map[string]string{
			"proc/self/cgroup":       "nonsense\n0::/",
			"sys/fs/cgroup/cpu.max":  "100000 0 7\n",
			"sys/fs/cgroup/cpu.stat": "nr_periods\nnr_throttled many\n\x00",
		}, facts{}},
		{"governors", map[string]string{
			"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor":  "schedutil\n",
			"sys/devices/system/cpu/cpu1/cpufreq/scaling_governor":  "performance\n",
			"sys/devices/system/cpu/cpu10/cpufreq/scaling_governor": "schedutil\n",
			"sys/devices/system/cpu/cpufreq/scaling_governor":       "ondemand\n",
			"sys/devices/system/cpu/cpu11/cpufreq/scaling_governor": "\n",
		}, facts{governors: []string{"performance", "schedutil"}}},
	} {
		var got facts
		got.readSystem(tree(t, tt.files))
		if len(got.governors) == 0 {
			got.governors = nil
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// Quota and period are numbers of microseconds, or words that mean no limit.
func TestCores(t *testing.T) {
	for _, tt := range []struct {
		quota, period string
		want          float64
	}{
		{"50000", "100000", 0.5}, {"max", "100000", 0}, {"-1", "100000", 0}, {"0", "100000", 0},
		{"100000", "0", 0}, {"100000", "-5", 0}, {"", "", 0}, {"1e5", "100000", 0},
	} {
		if got := cores(tt.quota, tt.period); got != tt.want {
			t.Errorf("%q of %q are %v cores, want %v", tt.quota, tt.period, got, tt.want)
		}
	}
}

// The kernel's counters add up.
func TestProcessorTime(t *testing.T) {
	c, ok := processorTime()
	if ok && (c.busy <= 0 || c.stolen < 0 || c.busy+c.stolen > c.total) {
		t.Errorf("processor time %+v", c)
	}
}
