package scenarios

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-go/interleave/scenarios/internal/pipenet"
)

// The bytes that the origin writes are never ahead of the bandwidth, be it of
// each connection or of all together, and at the end they are not behind it.
func TestDownloadBandwidth(t *testing.T) {
	for _, network := range []string{"perconn", "shared"} {
		for _, variant := range []string{"parallel", "no-keepalive", "http2"} {
			for _, workers := range []int{1, 3, 30} {
				t.Run(fmt.Sprintf("%s/%s/%d", network, variant, workers), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { testBandwidth(t, network, variant, workers) })
				})
			}
		}
	}
}

func testBandwidth(t *testing.T, network, variant string, workers int) {
	m := &meter{Listener: pipenet.New()}
	w := wire{listen: func() (net.Listener, error) { return m, nil }, dial: m.DialContext}
	d := mustDownload(t, w, downloadSetup(t, network, workers), downloadTuners[variant])
	m.begin()
	if err := d.run(t.Context()); err != nil {
		t.Fatal(err)
	}

	lines := 1 // that can be in use at a time
	if network == "perconn" {
		for conn := range m.conns {
			m.check(t, fmt.Sprintf("connection %d", conn), 1, func(e written) bool { return e.conn == conn })
		}
		if variant != "http2" {
			lines = workers
		}
	}
	total := m.check(t, "all", lines, func(written) bool { return true })
	if possible := float64(lines*downloadBandwidth) * d.elapsed.Seconds(); float64(total) < 0.999*possible {
		t.Errorf("%d bytes in %v, where %.0f were possible", total, d.elapsed, possible)
	}
}

// A meter is a network that notes every write of the server.
type meter struct {
	*pipenet.Listener
	mu    sync.Mutex
	conns int
	start time.Time
	log   []written
}

// A written is one write.
type written struct {
	conn int
	at   time.Duration
	n    int
}

func (m *meter) Accept() (net.Conn, error) {
	c, err := m.Listener.Accept()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conns++
	return &meteredConn{c, m, m.conns - 1}, nil
}

// begin forgets what was written so far: to get connected is not limited.
func (m *meter) begin() {
	synctest.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.start, m.log = time.Now(), nil
}

type meteredConn struct {
	net.Conn
	meter *meter
	conn  int
}

func (c *meteredConn) Write(p []byte) (int, error) {
	c.meter.mu.Lock()
	c.meter.log = append(c.meter.log, written{c.conn, time.Since(c.meter.start), len(p)})
	c.meter.mu.Unlock()
	return c.Conn.Write(p)
}

// check adds up the writes that are meant, looks at every moment whether so
// many lines of the scenario's bandwidth could have carried them, and returns
// the sum. Bodies alone are limited: of each response, 400 bytes may be header
// and framing.
func (m *meter) check(t *testing.T, what string, lines int, meant func(written) bool) (total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.SortStableFunc(m.log, func(a, b written) int { return cmp.Compare(a.at, b.at) })
	const unlimited = 30 * 400
	for _, e := range m.log {
		if !meant(e) {
			continue
		}
		total += e.n
		if limit := int(float64(lines*downloadBandwidth)*e.at.Seconds()) + unlimited; total > limit {
			t.Errorf("%s: %d bytes after %v, the bandwidth allows %d", what, total, e.at, limit)
			break
		}
	}
	return total
}
