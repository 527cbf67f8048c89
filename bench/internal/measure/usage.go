package measure

import "time"

// resources are what the kernel counts of a process.
type resources struct {
	known    bool
	cpu      time.Duration // processor time, of all threads
	switches int64         // involuntary: a thread had to go though it had work
}

func (r resources) since(before resources) resources {
	return resources{r.known && before.known, r.cpu - before.cpu, r.switches - before.switches}
}
