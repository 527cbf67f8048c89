//go:build !unix

package main

import (
	"os"
	"time"
)

func peakMemory(*os.ProcessState) float64 { return 0 }

func processorTime() (used time.Duration, ok bool) { return 0, false }
