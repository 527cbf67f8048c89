package origin

import (
	"bytes"
	"net/http"
	"strconv"
)

// A Fault is what the origin does wrong with an image.
type Fault int

const (
	None         Fault = iota
	Status500          // the answer is 500 Internal Server Error
	RedirectLoop       // the answer is a redirection to the same URL
	WrongBytes         // one bit of the body is wrong
	CutShort           // half of the body comes, then the connection ends in good order
	Reset              // half of the body comes, then the connection is reset
	Stall              // half of the body comes, then nothing until the client goes away
	TooLong            // the body is 1 KiB larger than announced, and its header names no length
)

// excess is how much larger than announced a body is that is TooLong.
const excess = 1 << 10

// answer sends image i, or what its fault makes of it.
func (o *Origin) answer(w http.ResponseWriter, r *http.Request, i int) {
	body := pictures()[i].png
	fault := o.config.Faults[i]
	switch fault {
	case Status500:
		http.Error(w, "the origin was told to fail", http.StatusInternalServerError)
		return
	case RedirectLoop:
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
		return
	case WrongBytes:
		body = bytes.Clone(body)
		body[len(body)/2] ^= 1
	case TooLong:
		body = append(bytes.Clone(body), make([]byte, excess)...)
	}
	header := w.Header()
	header.Set("Content-Type", "image/png")
	if fault != TooLong {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if fault >= CutShort && fault <= Stall {
		body = body[:len(body)/2]
	}

	c := connectionOf(r)
	err := route{c.line, o.shared}.send(r.Context(), w, body, o.count)
	switch {
	case err != nil:
		panic(http.ErrAbortHandler) // the client is gone: the server ends the connection
	case fault == Reset:
		_ = http.NewResponseController(w).Flush()
		c.reset()
		panic(http.ErrAbortHandler)
	case fault == Stall:
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
}

// reset closes a connection so that the other end learns that it was not meant
// to end here.
func (c *connection) reset() {
	if tcp, ok := c.Conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0) // it fails on a closed connection, which does as well
	}
	_ = c.Conn.Close()
}
