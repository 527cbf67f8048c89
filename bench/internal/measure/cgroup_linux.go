package measure

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// cgroupLimit returns how many CPUs the control groups of this process allow
// on average, 0 for all of them, and in how many of the periods so far the
// limit was hit. A limit of any group above counts, too: the lowest is the one
// that is felt.
func cgroupLimit(root string) (quota float64, periods, throttled int) {
	for _, dir := range cgroupDirs(root) {
		limit := quotaV2(dir)
		if limit == 0 {
			limit = quotaV1(dir)
		}
		if limit > 0 && (quota == 0 || limit < quota) {
			quota = limit
		}
		if n, hit := throttling(dir); hit > throttled || periods == 0 {
			periods, throttled = n, hit
		}
	}
	return quota, periods, throttled
}

// cgroupDirs returns the directories that may hold a limit on processor time:
// that of the process's group and those above it, for version 2 and for the
// cpu controller of version 1. Which of the usual places they are mounted at
// is tried. In a container the path that /proc names is often the host's and
// not there: then the directory above all others is the container's own.
func cgroupDirs(root string) []string {
	data, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return nil
	}
	var dirs []string
	for line := range strings.Lines(string(data)) {
		// hierarchy:controllers:path, where version 2 has no controllers.
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(parts) != 3 {
			continue
		}
		var mounts []string
		switch {
		case parts[1] == "":
			mounts = []string{"", "unified"}
		case slices.Contains(strings.Split(parts[1], ","), "cpu"):
			mounts = slices.Compact([]string{parts[1], "cpu"})
		}
		for _, mount := range mounts {
			for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
				dirs = append(dirs, filepath.Join(root, "sys/fs/cgroup", mount, at))
				if at == "/" {
					break
				}
			}
		}
	}
	return dirs
}

// quotaV2 reads "150000 100000": microseconds in each period of so many.
func quotaV2(dir string) float64 {
	data, _ := os.ReadFile(filepath.Join(dir, "cpu.max"))
	fields := strings.Fields(string(data))
	if len(fields) != 2 {
		return 0
	}
	return cores(fields[0], fields[1])
}

func quotaV1(dir string) float64 {
	quota, _ := os.ReadFile(filepath.Join(dir, "cpu.cfs_quota_us"))
	period, _ := os.ReadFile(filepath.Join(dir, "cpu.cfs_period_us"))
	return cores(strings.TrimSpace(string(quota)), strings.TrimSpace(string(period)))
}

// cores divides a quota by its period. It is 0 for "max" and for -1, which
// mean no limit.
func cores(quota, period string) float64 {
	q, err1 := strconv.ParseInt(quota, 10, 64)
	p, err2 := strconv.ParseInt(period, 10, 64)
	if err1 != nil || err2 != nil || q <= 0 || p <= 0 {
		return 0
	}
	return float64(q) / float64(p)
}

// throttling reads how many periods a group has had, and in how many of them
// it had used up its quota.
func throttling(dir string) (periods, throttled int) {
	data, _ := os.ReadFile(filepath.Join(dir, "cpu.stat"))
	for line := range strings.Lines(string(data)) {
		key, value, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 {
			continue
		}
		switch key {
		case "nr_periods":
			periods = n
		case "nr_throttled":
			throttled = n
		}
	}
	return periods, throttled
}
