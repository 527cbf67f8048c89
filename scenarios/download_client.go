package scenarios

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/scenarios/origin"
)

const (
	// A stalled download would otherwise wait for ever. It is far more than
	// any image takes, so that it never decides a measurement.
	downloadTimeout = 10 * time.Second

	downloadRedirects = 3
)

var errDownloadTimeout = fmt.Errorf("not complete after %v: %w", downloadTimeout, context.DeadlineExceeded)

// An item is one image to fetch, as the origin announces it.
type item struct {
	origin.Image
	name  string // of its file
	label string // in the timeline
}

// part returns the name of the file while it is not whole.
func (it *item) part() string { return it.name + partSuffix }

// A client fetches items and saves them in a directory, and cannot write
// anywhere else.
type client struct {
	http     http.Client
	dir      *os.Root
	timeline *bench.Timeline
}

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// newTransport returns what all clients have in common. The proxy of the
// environment must not come between them and their own machine, and PNG does
// not compress.
func newTransport(dial dialFunc) *http.Transport {
	return &http.Transport{DialContext: dial, Proxy: nil, DisableCompression: true}
}

func newClient(transport *http.Transport, setup bench.Setup) (*client, error) {
	dir, err := os.OpenRoot(setup.Dir)
	if err != nil {
		return nil, err
	}
	return &client{
		http:     http.Client{Transport: transport, CheckRedirect: checkRedirect},
		dir:      dir,
		timeline: setup.Timeline,
	}, nil
}

// close ends the connections that are not in use.
func (c *client) close() error {
	c.http.CloseIdleConnections()
	return c.dir.Close()
}

// connect opens n connections to the server of a small page. An answer that has
// not been read keeps its connection busy, so that the next one needs another.
func (c *client) connect(ctx context.Context, n int, url string) error {
	for range n {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := c.http.Do(req)
		if err != nil {
			return err
		}
		defer func() {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}()
	}
	return nil
}

// checkRedirect follows a few redirections on the same host.
func checkRedirect(next *http.Request, via []*http.Request) error {
	for _, earlier := range via {
		if *earlier.URL == *next.URL {
			return fmt.Errorf("redirected in a circle, back to %s", next.URL)
		}
	}
	switch {
	case next.URL.Host != via[0].URL.Host:
		return fmt.Errorf("redirected to another host, %s", next.URL)
	case len(via) > downloadRedirects:
		return fmt.Errorf("redirected more than %d times, last to %s", downloadRedirects, next.URL)
	}
	return nil
}

// fetch saves one item under its name, or returns an error that names the URL
// and the cause. The buffer is the worker's own.
func (c *client) fetch(ctx context.Context, worker int, it item, buf []byte) error {
	ctx, cancel := context.WithTimeoutCause(ctx, downloadTimeout, errDownloadTimeout)
	defer cancel()
	err := c.get(ctx, worker, it, buf)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx) // whatever it looked like from where it hit
	}
	return fmt.Errorf("GET %s: %w", it.URL, err)
}

func (c *client) get(ctx context.Context, worker int, it item, buf []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, it.URL, nil)
	if err != nil {
		return err
	}
	// While the answer is awaited there is time for this; when thirty answers
	// are there, there is none.
	file, err := c.dir.OpenFile(it.part(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()

	answered := c.timeline.Span(worker, bench.Wait, it.label)
	resp, err := c.http.Do(req)
	answered()
	if err != nil {
		return errors.Unwrap(err) // a *url.Error, which names the URL as well
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", resp.Status)
	}
	if resp.ContentLength >= 0 && resp.ContentLength != it.Size {
		return fmt.Errorf("the answer has %d bytes, announced were %d", resp.ContentLength, it.Size)
	}

	defer c.timeline.Span(worker, "receive", it.label)()
	if err := receive(file, resp.Body, it, buf); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	// Nobody finds half an image under its name, whenever the process ends.
	return c.dir.Rename(it.part(), it.name)
}

// reserve makes a file of zeros beside the place of each item, as large as the
// item, before anything is timed. To make a file takes 9 µs in memory, but 150
// to 550 µs on ext4 when many were deleted shortly before, as by the last
// trials, and in one directory only one can be made at a time: for thirty
// connections that was 15 ms beside 20 ms of latency. To write to a file that
// has its pages takes 15 µs instead of 40.
func (c *client) reserve(items []item) error {
	for _, it := range items {
		if err := c.dir.WriteFile(it.part(), make([]byte, it.Size), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what was reserved and not saved.
func (c *client) discard(items []item) error {
	var errs []error
	for _, it := range items {
		if err := c.dir.Remove(it.part()); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// receive copies a body that must be exactly what was announced. It reads to
// the end of the body, without which the connection could not be used again.
// The quick sum stops a download that goes wrong; Verify takes the other one of
// what is in the files, on nobody's time.
func receive(file io.Writer, body io.Reader, it item, buf []byte) error {
	sum := crc32.New(castagnoli)
	n, err := copyFull(io.MultiWriter(file, sum), io.LimitReader(body, it.Size+1), buf)
	switch {
	case n > it.Size:
		return fmt.Errorf("the body is longer than the %d bytes announced", it.Size)
	case err != nil:
		return fmt.Errorf("the body broke off after %d of %d bytes: %w", n, it.Size, err)
	case n < it.Size:
		return fmt.Errorf("the body ended after %d of %d bytes: %w", n, it.Size, io.ErrUnexpectedEOF)
	}
	if got := sum.Sum32(); got != it.CRC32C {
		return fmt.Errorf("the bytes are wrong: CRC-32C %08x, announced was %08x", got, it.CRC32C)
	}
	return nil
}

// copyFull copies like io.CopyBuffer, but fills the buffer before it writes.
// Bodies come in pieces of some kilobytes, and each would be a call of its own
// to the file system.
func copyFull(dst io.Writer, src io.Reader, buf []byte) (n int64, err error) {
	for err == nil {
		var k int
		k, err = io.ReadFull(src, buf)
		if _, err := dst.Write(buf[:k]); err != nil {
			return n, err
		}
		n += int64(k)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return n, err
}
