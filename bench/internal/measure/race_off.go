//go:build !race

package measure

// RaceBuild reports whether the program was built with the race detector,
// whose times say nothing about the program without it.
const RaceBuild = false
