// Package filelock keeps two runs from working in one place. The lock is the
// system's: it ends with the process that holds it, however that ends.
package filelock
