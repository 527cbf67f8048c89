package races

import (
	"log"
	"runtime"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// LoggingHides is a race that disappears when one looks at it.
var LoggingHides = add(demo.Demo{
	Name:   "logging-hides",
	Doc:    "A log line between two accesses takes the logger's lock, which orders them by chance: the detector goes quiet, updates are lost all the same.",
	Racy:   demo.Way{Name: "log", Doc: "read, log, write", New: loggingHides, Yield: loggingHidesYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Sometimes},
	Many:   2000,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "one atomic addition, and the log line as before", New: loggingAtomic},
	},
	Read: []string{"https://go.dev/issue/27756", raceDetector},
})

// Nowhere is where the log lines go. It is not io.Discard, for which a logger
// takes no lock.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

func loggingHides(s demo.Setup) demo.Trial {
	logger := log.New(nowhere{}, "", 0)
	seats := 0
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				old := seats // race
				logger.Print("taking a seat")
				seats = old + 1 // race
			}
		},
		Check: func() string { return demo.Expected("seats", s.Workers*s.N, seats) },
	}
}

func loggingHidesYield(s demo.Setup) demo.Trial {
	logger := log.New(nowhere{}, "", 0)
	seats := 0
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				old := seats // race
				logger.Print("taking a seat")
				runtime.Gosched()
				seats = old + 1 // race
			}
		},
		Check: func() string { return demo.Expected("seats", s.Workers*s.N, seats) },
	}
}

func loggingAtomic(s demo.Setup) demo.Trial {
	logger := log.New(nowhere{}, "", 0)
	var seats atomic.Int64
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				logger.Print("taking a seat")
				seats.Add(1)
			}
		},
		Check: func() string { return demo.Expected("seats", s.Workers*s.N, int(seats.Load())) },
	}
}
