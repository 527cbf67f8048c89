package scenarios

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/scenarios/origin"
)

// downloadFaults are what can be wrong with an image, and what is said of it.
var downloadFaults = []struct {
	name  string
	fault origin.Fault
	want  string
	after time.Duration // since the request, in virtual time
}{
	{"status 500", origin.Status500, "status 500 Internal Server Error", downloadLatency},
	{"redirect loop", origin.RedirectLoop, "redirected in a circle, back to http://", downloadLatency},
	{"wrong bytes", origin.WrongBytes, "the bytes are wrong: CRC-32C ", downloadLatency},
	{"cut short", origin.CutShort, "the body ended after ", downloadLatency},
	{"reset", origin.Reset, syscall.ECONNRESET.Error(), downloadLatency},
	{"stall", origin.Stall, "not complete after 10s", downloadTimeout},
	{"too long", origin.TooLong, "the body is longer than the ", downloadLatency},
}

const faulty = 7 // the image with the fault: one of the third round of 3 workers

// resetOfAll is what to expect of a reset over HTTP/2: it hits all who share the
// connection, and whoever reads first is the one who tells. On a real network
// the system says it once, and that may be to someone who writes.
const resetOfAll = "reset of all"

func wantOf(fault origin.Fault, want, variant string) string {
	if fault == origin.Reset && variant == "http2" {
		return resetOfAll
	}
	return want
}

func TestDownloadFaults(t *testing.T) {
	for _, tt := range downloadFaults {
		for _, variant := range []string{"sequential", "parallel", "no-keepalive", "http2"} {
			t.Run(tt.name+"/"+variant, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					workers := 3
					if variant == "sequential" {
						workers = 1
					}
					w := inMemory(map[int]origin.Fault{faulty: tt.fault})
					d := mustDownload(t, w, downloadSetup(t, "latency", workers), downloadTuners[variant])
					checkFault(t, d, d.run(t.Context()), wantOf(tt.fault, tt.want, variant))
					before := time.Duration(faulty/workers) * downloadLatency
					if want := before + tt.after; d.elapsed != want {
						t.Errorf("Run returned after %v, want %v", d.elapsed, want)
					}
					if files := listFiles(t, d); tt.fault != origin.Stall && len(files) > faulty+workers {
						t.Errorf("the others went on: %v", files)
					}
					synctest.Wait() // HTTP/2 winds up what was cancelled, then its connection is idle
					d.client.http.CloseIdleConnections()
					synctest.Wait()
					if open := d.origin.Open(); open != 0 {
						t.Errorf("%d connections are open", open)
					}
				})
			})
		}
	}
}

// checkFault checks what an error says, and that all files are whole and right.
func checkFault(t *testing.T, d *download, err error, want string) {
	t.Helper()
	prefix := "GET " + d.items[faulty].URL + ": "
	if want == resetOfAll {
		prefix, want = "GET "+d.origin.URL()+"image/", ""
	}
	if err == nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), want) {
		t.Errorf("error %q, want %q and %q", err, prefix, want)
	}
	sums := make(map[string][sha256.Size]byte)
	for _, it := range d.items {
		sums[it.name] = it.SHA256
	}
	delete(sums, d.items[faulty].name)
	for _, name := range listFiles(t, d) {
		data, err := os.ReadFile(filepath.Join(d.setup.Dir, name))
		if sum, ok := sums[name]; err != nil || !ok || sha256.Sum256(data) != sum {
			t.Errorf("it left %s, which is not an image as announced (%v)", name, err)
		}
	}
	if d.verify() == nil {
		t.Error("Verify accepts a job that failed")
	}
}

// The same on a real network, where the errors come from the system. The stall
// would take its ten seconds.
func TestDownloadFaultsOverLoopback(t *testing.T) {
	for _, tt := range downloadFaults {
		if tt.fault == origin.Stall {
			continue
		}
		for _, variant := range []string{"parallel", "http2"} {
			t.Run(tt.name+"/"+variant, func(t *testing.T) {
				defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
				w := loopback
				w.faults = map[int]origin.Fault{faulty: tt.fault}
				d, err := newDownload(t.Context(), w, downloadSetup(t, "none", 3), downloadTuners[variant])
				if err != nil {
					t.Fatal(err)
				}
				checkFault(t, d, d.run(t.Context()), wantOf(tt.fault, tt.want, variant))
				if err := d.close(); err != nil {
					t.Error(err)
				}
				if open := d.origin.Open(); open != 0 {
					t.Errorf("%d connections are open", open)
				}
			})
		}
	}
}

// The length in the header is believed before the body is read, if it is bad
// news.
func TestDownloadWrongLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := mustDownload(t, inMemory(nil), downloadSetup(t, "none", 3), keepConns)
		d.items[faulty].Size--
		checkFault(t, d, d.run(t.Context()), " bytes, announced were ")
	})
}

func TestDownloadWithoutServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := mustDownload(t, inMemory(nil), downloadSetup(t, "none", 1), keepConns)
		if err := d.origin.Close(); err != nil {
			t.Fatal(err)
		}
		err := d.run(t.Context())
		if !errors.Is(err, syscall.ECONNREFUSED) || !strings.HasPrefix(err.Error(), "GET "+d.items[0].URL+": ") {
			t.Errorf("error %v", err)
		}
		if files := listFiles(t, d); len(files) > 0 {
			t.Errorf("it left %v", files)
		}
	})
}

func TestCheckRedirect(t *testing.T) {
	for _, tt := range []struct {
		name string
		urls []string // the last is where the redirection leads
		want string   // part of the error; "" for none
	}{
		{"same host", []string{"http://h/a", "http://h/b"}, ""},
		{"three", []string{"http://h/a", "http://h/b", "http://h/c", "http://h/d"}, ""},
		{"four", []string{"http://h/a", "http://h/b", "http://h/c", "http://h/d", "http://h/e"}, "redirected more than 3 times, last to http://h/e"},
		{"itself", []string{"http://h/a", "http://h/a"}, "circle, back to http://h/a"},
		{"back", []string{"http://h/a", "http://h/b", "http://h/a"}, "circle, back to http://h/a"},
		{"another query", []string{"http://h/a", "http://h/a?b"}, ""},
		{"another host", []string{"http://h/a", "http://g/a"}, "another host, http://g/a"},
		{"another port", []string{"http://h/a", "http://h:81/a"}, "another host, http://h:81/a"},
	} {
		var requests []*http.Request
		for _, raw := range tt.urls {
			u, err := url.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			requests = append(requests, &http.Request{URL: u})
		}
		last := len(requests) - 1
		switch err := checkRedirect(requests[last], requests[:last]); {
		case tt.want == "" && err != nil:
			t.Errorf("%s: unexpected error %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}
