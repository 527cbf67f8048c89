package record

import (
	"bytes"
	"fmt"
)

// SliceMark begins the lines that say where the next measurement of a comparison
// of two revisions belongs. Benchmark readers pass over them.
const SliceMark = "#slice "

// CheckComparison returns an error for the file of such a comparison. It is in
// the Go benchmark format, but whoever does not tell its revisions apart pools
// what it compares.
func CheckComparison(name string, data []byte) error {
	if !bytes.Contains(data, []byte("\n"+SliceMark+"{")) {
		return nil
	}
	return fmt.Errorf("%s: this is the run file of interleave diff, which holds two revisions: report.md beside it shows them, and so does benchstat -col revision %s", name, name)
}
