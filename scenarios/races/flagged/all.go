// Package flagged holds the demonstrations that go vet objects to. It is left
// out of the lint list, and a test requires of go vet exactly the findings that
// are declared here.
package flagged

import "github.com/interleave-go/interleave/bench/demo"

// All returns the demonstrations of this package.
func All() []demo.Demo {
	return []demo.Demo{LoopVariable, MutexCopied, WaitGroupAdd}
}
