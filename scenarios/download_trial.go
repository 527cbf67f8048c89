package scenarios

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/scenarios/origin"
)

// downloadBuffer is larger than an image, which then takes one write to its
// file.
const downloadBuffer = origin.NominalSize

// A wire is how a client reaches the origin: over the loopback interface, or in
// a test through memory, and with faults.
type wire struct {
	listen func() (net.Listener, error)
	dial   dialFunc
	faults map[int]origin.Fault
}

var loopback = wire{listen: origin.Listen, dial: new(net.Dialer).DialContext}

// A download is one trial: a server, a client, and what the client has to
// fetch.
type download struct {
	setup   bench.Setup
	origin  *origin.Origin
	client  *client
	items   []item
	buffers [][]byte      // one for each worker
	elapsed time.Duration // of Run
}

// A tuner makes a transport a variant's own. It returns how many connections
// the variant keeps from one request to the next.
type tuner func(t *http.Transport, workers int) (keeps int)

// downloadOver makes a trial over the wire, by a client as tune makes it.
func downloadOver(ctx context.Context, w wire, setup bench.Setup, tune tuner) (*bench.Trial, error) {
	d, err := newDownload(ctx, w, setup, tune)
	if err != nil {
		return nil, err
	}
	return &bench.Trial{Run: d.run, Verify: d.verify, Metrics: d.metrics, Close: d.close}, nil
}

func newDownload(ctx context.Context, w wire, setup bench.Setup, tune tuner) (*download, error) {
	transport := newTransport(w.dial)
	keeps := tune(transport, setup.Workers)
	client, err := newClient(transport, setup)
	if err != nil {
		return nil, err
	}
	listener, err := w.listen()
	if err != nil {
		return nil, errors.Join(err, client.close())
	}
	config := downloadConfig(setup.Param("net"))
	config.HTTP2 = transport.Protocols != nil && transport.Protocols.UnencryptedHTTP2()
	config.Faults = w.faults
	d := &download{setup: setup, origin: origin.Start(listener, config), client: client}
	if err := d.prepare(ctx, keeps); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// prepare does what can be done before the time counts.
func (d *download) prepare(ctx context.Context, keeps int) (err error) {
	images := d.origin.Images()
	if n, err := strconv.Atoi(d.setup.Param("images")); err == nil && n > 0 {
		images = images[:min(n, len(images))] // the classroom has time for a few only
	}
	if d.items, err = itemsOf(images); err != nil {
		return err
	}
	d.buffers = make([][]byte, d.setup.Workers)
	for i := range d.buffers {
		d.buffers[i] = make([]byte, downloadBuffer)
		clear(d.buffers[i]) // so that their pages are there
	}
	if err := d.client.reserve(d.items); err != nil {
		return err
	}
	return d.client.connect(ctx, keeps, d.origin.URL())
}

// itemsOf makes the job of fetching all images.
func itemsOf(images []origin.Image) ([]item, error) {
	urls := make([]string, len(images))
	for i := range images {
		urls[i] = images[i].URL
	}
	names, err := baseNames(urls)
	if err != nil {
		return nil, err
	}
	items := make([]item, len(images))
	for i, image := range images {
		items[i] = item{Image: image, name: names[i], label: strconv.Itoa(i)}
	}
	return items, nil
}

func (d *download) run(ctx context.Context) error {
	if d.setup.Clock == nil {
		return d.fetchAll(ctx)
	}
	start := d.setup.Clock()
	err := d.fetchAll(ctx)
	d.elapsed = d.setup.Clock() - start
	return err
}

// fetchAll fetches every item once. The first error stops all workers, and is
// the one that is returned.
func (d *download) fetchAll(ctx context.Context) error {
	var next atomic.Int64
	workers, ctx := errgroup.WithContext(ctx)
	for worker, buf := range d.buffers {
		workers.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(d.items) {
					return nil
				}
				if err := d.client.fetch(ctx, worker, d.items[i], buf); err != nil {
					return err
				}
				d.setup.Printf("saved %s, %d bytes\n", d.items[i].name, d.items[i].Size)
			}
		})
	}
	if err := workers.Wait(); err != nil {
		return errors.Join(err, d.client.discard(d.items))
	}
	return nil
}

// verify checks that the directory holds the images, each as the origin has it,
// and nothing else.
func (d *download) verify() error {
	files, err := os.ReadDir(d.setup.Dir)
	if err != nil {
		return err
	}
	found := make(map[string]bool)
	for _, f := range files {
		found[f.Name()] = true
	}
	for _, it := range d.items {
		if !found[it.name] {
			return fmt.Errorf("%s: no file %s", it.URL, it.name)
		}
		delete(found, it.name)
		data, err := os.ReadFile(filepath.Join(d.setup.Dir, it.name))
		if err != nil {
			return err
		}
		if got := sha256.Sum256(data); got != it.SHA256 {
			return fmt.Errorf("%s: file %s has SHA-256 %x…, announced was %x…", it.URL, it.name, got[:6], it.SHA256[:6])
		}
	}
	for name := range found {
		return fmt.Errorf("there is a file %s, which nobody asked for", name)
	}
	return nil
}

func (d *download) metrics() map[string]float64 {
	metrics := map[string]float64{"conns": float64(d.origin.Opened())}
	if d.elapsed > 0 {
		bytes := int64(0)
		for _, it := range d.items {
			bytes += it.Size
		}
		metrics["B/s"] = float64(bytes) / d.elapsed.Seconds()
	}
	return metrics
}

// close ends every connection at both ends.
func (d *download) close() error {
	return errors.Join(d.client.close(), d.origin.Close())
}
