package report

import (
	"bytes"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// onAllCores calls f for each number below n, on as many cores as there are;
// each core takes so many numbers at a time.
func onAllCores(n, atOnce int, f func(i int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+atOnce-1)/atOnce) {
		done.Go(func() {
			for {
				to := int(next.Add(int64(atOnce)))
				for i := to - atOnce; i < min(to, n); i++ {
					f(i)
				}
				if to >= n {
					return
				}
			}
		})
	}
	done.Wait()
}

// inOrder writes n parts of a page one after the other, and makes them on all
// cores.
func inOrder(w io.Writer, n int, part func(w io.Writer, i int) error) error {
	parts, errs := make([]bytes.Buffer, n), make([]error, n)
	onAllCores(n, 1, func(i int) { errs[i] = part(&parts[i], i) })
	for i := range parts {
		if errs[i] != nil {
			return errs[i]
		}
		if _, err := w.Write(parts[i].Bytes()); err != nil {
			return err
		}
	}
	return nil
}
