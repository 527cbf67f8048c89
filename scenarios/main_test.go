package scenarios

import (
	"testing"

	"go.uber.org/goleak"
)

// No trial may leave a goroutine behind: it would run beside the next one's
// measurement.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
