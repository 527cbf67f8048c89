package explore_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No exploration may leave a thread behind, however it ends.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
