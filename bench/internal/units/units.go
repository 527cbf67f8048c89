// Package units says what is known of a metric from the name of its unit alone:
// in which direction it is better, and whether it depends on the speed of the
// machine. Everything that gives verdicts on metrics asks here, so that no two
// commands disagree about one.
//
// Units are those of the Go benchmark format, as programs print them (ns/op,
// p99-ns) or tidied to base units (sec/op, p99-sec).
package units

import (
	"slices"
	"strings"
)

// Better says in which direction a unit is better: below 0 less, above 0 more,
// 0 nobody knows. What happens in a second is better high; what an operation
// takes, a time, and memory that is used are better low.
func Better(unit string) int {
	switch {
	case strings.HasSuffix(unit, "/s") || strings.HasSuffix(unit, "/sec") || strings.HasSuffix(unit, "/ns"):
		return 1
	case Timed(unit) || strings.HasSuffix(unit, "/op") || strings.HasSuffix(unit, "-bytes"):
		return -1
	}
	return 0
}

// Timed reports whether a unit has a time in it, so that its values depend on
// the speed of the machine. Only whole words count: nsolved is none.
func Timed(unit string) bool {
	parts := strings.FieldsFunc(unit, func(r rune) bool { return strings.ContainsRune("/-_ *", r) })
	return slices.ContainsFunc(parts, func(part string) bool { return part == "sec" || part == "s" || part == "ns" })
}
