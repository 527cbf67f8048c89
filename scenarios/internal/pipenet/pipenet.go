// Package pipenet is a network in memory, for tests: a listener and the dialer
// that reaches it. Its connections are those of net.Pipe, which block on
// channels alone, so a client and a server of net/http can run in a bubble of
// testing/synctest, in virtual time.
package pipenet

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// A Listener is the server's side of the network. Make one with New.
type Listener struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// New returns a listener that nobody has dialled yet.
func New() *Listener {
	return &Listener{accept: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and all dialling, but no connection.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr returns an address that reads like one, but is never looked up.
func (l *Listener) Addr() net.Addr { return address{} }

// DialContext connects to the listener, whatever the address. It returns when
// the connection has been accepted, so that nothing is opened unseen.
func (l *Listener) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	reset := new(atomic.Bool)
	select {
	case l.accept <- &conn{Conn: theirs, reset: reset}:
		return &conn{Conn: ours, reset: reset}, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: address{}, Err: syscall.ECONNREFUSED}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type address struct{}

func (address) Network() string { return "pipe" }
func (address) String() string  { return "origin.test:80" }

// A conn is one end of a pipe that can be reset like a TCP connection.
type conn struct {
	net.Conn
	hard  atomic.Bool  // Close resets
	reset *atomic.Bool // seen by both ends
}

// SetLinger does with 0 what it does to a TCP connection: Close resets the
// connection. All else has no effect.
func (c *conn) SetLinger(sec int) error {
	c.hard.Store(sec == 0)
	return nil
}

func (c *conn) Close() error {
	if c.hard.Load() {
		c.reset.Store(true)
	}
	return c.Conn.Close()
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if errors.Is(err, io.EOF) && c.reset.Load() {
		err = &net.OpError{Op: "read", Net: "pipe", Addr: address{}, Err: syscall.ECONNRESET}
	}
	return n, err
}
