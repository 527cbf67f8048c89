// Package outcomes shows what a concurrent program can come to: the outcomes
// that were seen beside those that are possible, as text and as a chart, and
// the schedule that leads to one of them as a picture.
//
// It joins package explore, which knows what is possible, with package chart,
// which knows how to draw. What was seen its caller counts.
package outcomes
