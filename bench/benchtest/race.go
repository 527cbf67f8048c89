//go:build race

package benchtest

// raceDetector reports whether the race detector is compiled in.
const raceDetector = true
