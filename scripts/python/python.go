// Package python holds the programs of the classroom in Python: the jobs of our
// scenarios, done with threading, concurrent.futures and urllib. They need
// Python 3.8 and nothing else, and can be run by hand:
//
//	python3 scripts/python/sleep.py
//
// The package exists so that the command can carry them with it.
package python

import "embed"

// Files are the programs and the modules that they share.
//
//go:embed *.py
var Files embed.FS
