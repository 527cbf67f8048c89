package origin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"hash/crc32"
	"image/color"
	"image/png"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/scenarios/internal/pipenet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestImages(t *testing.T) {
	seen := make(map[[sha256.Size]byte]int)
	for i, p := range pictures() {
		if twin, ok := seen[p.sum]; ok {
			t.Errorf("images %d and %d are the same", twin, i)
		}
		seen[p.sum] = i
		if again := encode(noise(i)); !bytes.Equal(again, p.png) {
			t.Errorf("image %d is another when it is made again", i)
		}
		if p.sum != sha256.Sum256(p.png) || p.crc != crc32.Checksum(p.png, crc32.MakeTable(crc32.Castagnoli)) {
			t.Errorf("image %d does not have its sums", i)
		}
		if low, high := NominalSize*9/10, NominalSize; len(p.png) < low || len(p.png) > high {
			t.Errorf("image %d has %d bytes, want %d to %d", i, len(p.png), low, high)
		}
		img, err := png.Decode(bytes.NewReader(p.png))
		if err != nil {
			t.Errorf("image %d: %v", i, err)
			continue
		}
		want := noise(i)
		if img.Bounds() != want.Bounds() || !sameColor(img.At(3, 5), want.At(3, 5)) {
			t.Errorf("image %d does not show what it was made from", i)
		}
	}
	if len(seen) != Count {
		t.Errorf("%d images, want %d", len(seen), Count)
	}
}

func TestNumber(t *testing.T) {
	for i := range Count {
		if got, ok := number(path(i)); !ok || got != i {
			t.Errorf("number(%q) = %d, %v", path(i), got, ok)
		}
	}
	for _, p := range []string{"", "/", "/image/", "/image/.png", "/image/7.png", "/image/007.png", "/image/30.png", "/image/-1.png", "/image/07.jpg", "/07.png", "/image/07.png/"} {
		if i, ok := number(p); ok {
			t.Errorf("number(%q) = %d, want none", p, i)
		}
	}
}

// The deadlines of a line add up to its bandwidth, whoever leases, and time in
// which nobody did is lost.
func TestLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		l := newLine(1000) // a millisecond for each byte
		check := func(n int, want time.Duration) {
			t.Helper()
			if got := l.lease(n).Sub(start); got != want {
				t.Errorf("lease(%d) ends at %v, want %v", n, got, want)
			}
		}
		check(10, 10*time.Millisecond)
		check(5, 15*time.Millisecond)
		check(0, 15*time.Millisecond)
		time.Sleep(12 * time.Millisecond)
		check(1, 16*time.Millisecond)
		time.Sleep(8 * time.Millisecond)
		check(1, 21*time.Millisecond)
		time.Sleep(1*time.Millisecond + grace)
		check(1, 22*time.Millisecond) // late, but not idle
		time.Sleep(1*time.Millisecond + grace)
		check(1, 27*time.Millisecond)

		var none *line
		if !none.lease(1 << 30).IsZero() {
			t.Error("a line without a limit makes one wait")
		}
		if got := time.Until(newLine(3).lease(1)); got != 333_333_334 {
			t.Errorf("a third of a second is rounded to %v", got)
		}
	})
}

// start starts an origin on a network in memory, and returns a client for it.
// Both are closed at the end of the test.
func start(t *testing.T, c Config) (*Origin, *http.Client) {
	listener := pipenet.New()
	o := Start(listener, c)
	transport := &http.Transport{DialContext: listener.DialContext}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o, &http.Client{Transport: transport}
}

func TestServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, client := start(t, Config{Latency: 20 * time.Millisecond})
		begin := time.Now()
		size := int64(0)
		for _, image := range o.Images() {
			resp, err := client.Get(image.URL)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			switch {
			case err != nil:
				t.Errorf("%s: %v", image.URL, err)
			case resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/png":
				t.Errorf("%s: status %s, header %v", image.URL, resp.Status, resp.Header)
			case int64(len(body)) != image.Size || resp.ContentLength != image.Size:
				t.Errorf("%s: %d bytes, length %d in the header, announced %d", image.URL, len(body), resp.ContentLength, image.Size)
			case sha256.Sum256(body) != image.SHA256:
				t.Errorf("%s: wrong bytes", image.URL)
			}
			size += image.Size
		}
		synctest.Wait() // the last bytes are counted after they are sent
		if got, want := time.Since(begin), Count*20*time.Millisecond; got != want {
			t.Errorf("took %v, want %v", got, want)
		}
		if o.Served() != size || o.Opened() != 1 || o.Open() != 1 {
			t.Errorf("served %d of %d bytes; %d connections opened, %d open", o.Served(), size, o.Opened(), o.Open())
		}
	})
}

func TestServeOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, client := start(t, Config{Latency: time.Hour, PerConn: 1, Shared: 1})
		for url, want := range map[string]int{o.URL(): 200, o.URL() + "image/99.png": 404, o.URL() + "etc/passwd": 404} {
			begin := time.Now()
			resp, err := client.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want || time.Since(begin) != 0 {
				t.Errorf("%s: status %d after %v, want %d at once", url, resp.StatusCode, time.Since(begin), want)
			}
		}
	})
}

// Close does not wait for the clients: not for one that is to get an answer
// later, not for one that does not read what it gets, and not for an idle one.
func TestClose(t *testing.T) {
	for _, config := range []Config{{}, {HTTP2: true}, {Latency: time.Hour}, {PerConn: 1}, {Faults: map[int]Fault{0: Stall}}} {
		synctest.Test(t, func(t *testing.T) {
			listener := pipenet.New()
			o := Start(listener, config)
			transport := &http.Transport{DialContext: listener.DialContext, Protocols: new(http.Protocols)}
			transport.Protocols.SetHTTP1(!config.HTTP2)
			transport.Protocols.SetUnencryptedHTTP2(config.HTTP2)
			defer transport.CloseIdleConnections()
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				if resp, err := (&http.Client{Transport: transport}).Get(o.Images()[0].URL); err == nil {
					defer resp.Body.Close()
					synctest.Wait() // and does not read
				}
			}()
			time.Sleep(time.Millisecond)
			begin := time.Now()
			if err := o.Close(); err != nil {
				t.Error(err)
			}
			if waited := time.Since(begin); waited != 0 || o.Open() != 0 {
				t.Errorf("%+v: Close took %v and left %d connections", config, waited, o.Open())
			}
			<-answered
			if err := o.Close(); err != nil {
				t.Errorf("closed again: %v", err)
			}
		})
	}
}

// A listener that fails is no reason to wait for ever, and no secret.
func TestCloseAfterFailure(t *testing.T) {
	listener := pipenet.New()
	o := Start(listener, Config{})
	listener.Close()
	<-o.ended
	if err := o.Close(); err == nil {
		t.Error("Close does not tell that the listener failed")
	}
}

func TestListen(t *testing.T) {
	listener, err := Listen()
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if ip := listener.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		t.Errorf("others can reach %v", ip)
	}
}

// Two clients that take turns on a shared line get half of it each.
func TestSharedIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1 << 20)
		body := make([]byte, 10*chunk)
		var ends []time.Duration
		done := make(chan time.Duration)
		begin := time.Now()
		for range 2 {
			go func() {
				_ = route{shared: l}.send(context.Background(), discard{}, body, func(int) {})
				done <- time.Since(begin)
			}()
		}
		for range 2 {
			ends = append(ends, <-done)
		}
		slices.Sort(ends)
		all := 20 * time.Second * chunk / (1 << 20)
		if ends[1] != all || ends[0] < all*9/10 {
			t.Errorf("ended after %v and %v, want about %v both", ends[0], ends[1], all)
		}
	})
}

// discard is a ResponseWriter for nobody.
type discard struct{}

func (discard) Header() http.Header         { return nil }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
func (discard) Flush()                      {}

func sameColor(a, b color.Color) bool {
	ar, ag, ab, aa := a.RGBA()
	br, bg, bb, ba := b.RGBA()
	return ar == br && ag == bg && ab == bb && aa == ba
}
