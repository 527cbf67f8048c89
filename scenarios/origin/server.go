package origin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A Config says what lies between the origin and its clients. The zero value is
// an HTTP/1.1 server without delay, limit or fault.
type Config struct {
	Latency time.Duration // waited before each answer
	PerConn int64         // bytes per second over each connection; 0 is no limit
	Shared  int64         // bytes per second over all connections together; 0 is no limit
	HTTP2   bool          // HTTP/2 without TLS, and nothing else
	Faults  map[int]Fault // by the number of the image
}

// An Origin is a server that runs.
type Origin struct {
	config Config
	base   string // URL without a path
	server http.Server
	shared *line
	served atomic.Int64
	ended  chan struct{} // closed when the server accepts no more
	failed error         // why it accepts no more, to be read after that

	mu       sync.Mutex
	changed  *sync.Cond // open or handling went down
	opened   int
	open     int
	handling int
}

// Listen returns a listener that the loopback interface alone can reach.
func Listen() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

// Start serves images on a listener, which is the origin's to close from then
// on.
func Start(l net.Listener, c Config) *Origin {
	o := &Origin{
		config: c,
		base:   "http://" + l.Addr().String(),
		shared: newLine(c.Shared),
		ended:  make(chan struct{}),
	}
	o.changed = sync.NewCond(&o.mu)
	o.server = http.Server{
		Handler:     http.HandlerFunc(o.serve),
		ConnState:   o.connState,
		ConnContext: o.connContext,
		Protocols:   new(http.Protocols),
		// What goes wrong is told to the client, who has to report it.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	o.server.Protocols.SetHTTP1(!c.HTTP2)
	o.server.Protocols.SetUnencryptedHTTP2(c.HTTP2)
	pictures() // on nobody's time
	go func() {
		defer close(o.ended)
		o.failed = o.server.Serve(l)
	}()
	return o
}

// URL returns the address of a page of a few bytes, which is there without
// delay: to get it is to get connected.
func (o *Origin) URL() string { return o.base + "/" }

// Images returns what there is to fetch.
func (o *Origin) Images() []Image {
	images := make([]Image, Count)
	for i, p := range pictures() {
		images[i] = Image{URL: o.base + path(i), Size: int64(len(p.png)), CRC32C: p.crc, SHA256: p.sum}
	}
	return images
}

// Opened returns how many connections were opened so far.
func (o *Origin) Opened() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.opened
}

// Open returns how many connections are open.
func (o *Origin) Open() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.open
}

// Served returns how many bytes of bodies were sent so far.
func (o *Origin) Served() int64 { return o.served.Load() }

// Close ends all connections, and returns when nothing of the origin runs any
// more. It returns why the origin stopped before it was told to, if it did.
func (o *Origin) Close() error {
	err := o.server.Close()
	<-o.ended
	if !errors.Is(o.failed, http.ErrServerClosed) {
		err = errors.Join(err, o.failed)
	}
	// A connection that was accepted in the meantime is closed only now.
	err = errors.Join(err, o.server.Close())
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.open+o.handling > 0 {
		o.changed.Wait()
	}
	return err
}

// serve is the handler.
func (o *Origin) serve(w http.ResponseWriter, r *http.Request) {
	o.adjust(&o.handling, 1)
	defer o.adjust(&o.handling, -1)
	w.Header()["Date"] = nil // it tells nothing, and formatting it is on the measured time
	if r.URL.Path == "/" {
		fmt.Fprintf(w, "%d images, from %s to %s\n", Count, path(0), path(Count-1))
		return
	}
	i, ok := number(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if err := pause(r.Context(), o.config.Latency); err != nil {
		panic(http.ErrAbortHandler)
	}
	o.answer(w, r, i)
}

func (o *Origin) count(n int) { o.served.Add(int64(n)) }

// adjust changes one of the numbers that Close waits for. It is no
// sync.WaitGroup, as HTTP/2 can start a handler after its connection has ended,
// when Close waits already.
func (o *Origin) adjust(number *int, by int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	*number += by
	o.changed.Broadcast()
}

func (o *Origin) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		o.adjust(&o.opened, 1)
		o.adjust(&o.open, 1)
	case http.StateClosed:
		o.adjust(&o.open, -1)
	}
}

// A connection is what the origin keeps of one.
type connection struct {
	net.Conn
	line *line
}

type connectionKey struct{}

func (o *Origin) connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{c, newLine(o.config.PerConn)})
}

func connectionOf(r *http.Request) *connection {
	return r.Context().Value(connectionKey{}).(*connection)
}
