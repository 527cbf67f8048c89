package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/scenarios/internal/pipenet"
	"github.com/interleave-go/interleave/scenarios/origin"
)

// downloadTuners are the variants' tuners; sequential is parallel with one
// worker.
var downloadTuners = map[string]tuner{
	"sequential":                 keepConns,
	"parallel":                   keepConns,
	"parallel-default-transport": defaultConns,
	"no-keepalive":               dropConns,
	"http2":                      oneConn,
}

// inMemory returns a wire for a bubble of synctest.
func inMemory(faults map[int]origin.Fault) wire {
	listener := pipenet.New()
	return wire{
		listen: func() (net.Listener, error) { return listener, nil },
		dial:   listener.DialContext,
		faults: faults,
	}
}

func downloadSetup(t *testing.T, net string, workers int) bench.Setup {
	setup := Download.Setup(bench.Case{Params: "net=" + net, Workers: workers}, 0)
	setup.Dir = t.TempDir()
	start := time.Now()
	setup.Clock = func() time.Duration { return time.Since(start) }
	return setup
}

func mustDownload(t *testing.T, w wire, setup bench.Setup, tune tuner) *download {
	d, err := newDownload(t.Context(), w, setup, tune)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// eachDownload calls f for every variant at each of its worker counts.
func eachDownload(t *testing.T, f func(t *testing.T, v *bench.Variant, workers int)) {
	for i := range Download.Variants {
		v := &Download.Variants[i]
		if downloadTuners[v.Name] == nil {
			t.Errorf("the variant %s has no place in these tests", v.Name)
		}
		for _, workers := range Download.WorkerCounts(v) {
			t.Run(fmt.Sprintf("%s/workers=%d", v.Name, workers), func(t *testing.T) { f(t, v, workers) })
		}
	}
}

// onTheLine is how long an image takes over a line of the scenario's bandwidth.
// Every 16 KiB are rounded up to a nanosecond.
func onTheLine(image origin.Image) (d time.Duration) {
	for left := image.Size; left > 0; left -= 16 << 10 {
		n := min(left, 16<<10)
		d += time.Duration((n*int64(time.Second) + downloadBandwidth - 1) / downloadBandwidth)
	}
	return d
}

// In virtual time a download takes exactly as long as its network says.
func TestDownloadTime(t *testing.T) {
	for _, net := range []string{"latency", "perconn", "shared"} {
		t.Run(net, func(t *testing.T) {
			eachDownload(t, func(t *testing.T, v *bench.Variant, workers int) {
				synctest.Test(t, func(t *testing.T) { testDownloadTime(t, v, net, workers) })
			})
		})
	}
}

func testDownloadTime(t *testing.T, v *bench.Variant, net string, workers int) {
	setup := downloadSetup(t, net, workers)
	d := mustDownload(t, inMemory(nil), setup, downloadTuners[v.Name])
	conns := workers
	if v.Name == "http2" {
		conns = 1
	}
	image := onTheLine(d.origin.Images()[0])
	want := map[string]time.Duration{
		"latency": time.Duration(30/workers) * downloadLatency, // 600, 200, 100 and 20 ms
		"perconn": time.Duration(30/conns) * image,
		"shared":  30 * image,
	}[net]

	if err := d.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.elapsed != want {
		t.Errorf("took %v, want %v", d.elapsed, want)
	}
	if err := d.verify(); err != nil {
		t.Error(err)
	}
	estimate := v.Estimate(setup)
	if low, high := want, want+want/10+5*time.Millisecond; estimate < low || estimate > high {
		t.Errorf("estimate %v, want %v to %v", estimate, low, high)
	}
	bytes := 30 * float64(d.origin.Images()[0].Size)
	if got := d.metrics()["B/s"]; got != bytes/want.Seconds() {
		t.Errorf("%v B/s, want %v", got, bytes/want.Seconds())
	}
}

// On a real network: every variant does the job, with the connections that it
// says, and leaves nothing behind.
func TestDownloadOverLoopback(t *testing.T) {
	eachDownload(t, func(t *testing.T, v *bench.Variant, workers int) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		setup := downloadSetup(t, "none", workers)
		trial, err := v.New(t.Context(), setup)
		if err != nil {
			t.Fatal(err)
		}
		if err := trial.Run(t.Context()); err != nil {
			t.Error(err)
		}
		if err := trial.Verify(); err != nil {
			t.Error(err)
		}
		low, high := workers, workers // parallel
		switch v.Name {
		case "sequential", "http2":
			low, high = 1, 1
		case "no-keepalive":
			low, high = 30, 30
		case "parallel-default-transport":
			low, high = min(2, workers), 30
		}
		metrics := trial.Metrics()
		if conns := metrics["conns"]; conns < float64(low) || conns > float64(high) {
			t.Errorf("%v connections, want %d to %d", conns, low, high)
		}
		if metrics["B/s"] <= 0 {
			t.Errorf("metrics %v", metrics)
		}
		if err := trial.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestDownloadTimeline(t *testing.T) {
	const workers = 3
	for _, net := range []string{"latency", "perconn"} {
		synctest.Test(t, func(t *testing.T) {
			setup := downloadSetup(t, net, workers)
			setup.Timeline = bench.NewTimeline(setup.Clock)
			d := mustDownload(t, inMemory(nil), setup, keepConns)
			if err := d.run(t.Context()); err != nil {
				t.Fatal(err)
			}
			length := map[string]time.Duration{bench.Wait: downloadLatency, "receive": 0}
			if net == "perconn" {
				length = map[string]time.Duration{bench.Wait: 0, "receive": onTheLine(d.origin.Images()[0])}
			}
			spans := setup.Timeline.Spans()
			seen := make(map[string]int) // by kind and image
			for _, s := range spans {
				seen[s.Kind+" "+s.Label]++
				if got, want := s.End-s.Start, length[s.Kind]; got != want {
					t.Errorf("%s: %+v lasts %v, want %v", net, s, got, want)
				}
				if s.Worker < 0 || s.Worker >= workers {
					t.Errorf("%s: %+v is of no worker", net, s)
				}
			}
			if len(spans) != 60 || len(seen) != 60 {
				t.Errorf("%s: %d spans of %d kinds and images, want 60", net, len(spans), len(seen))
			}
		})
	}
}

func TestDownloadStopsWhenCancelled(t *testing.T) {
	for _, net := range []string{"latency", "perconn", "shared"} {
		t.Run(net, func(t *testing.T) {
			eachDownload(t, func(t *testing.T, v *bench.Variant, workers int) {
				synctest.Test(t, func(t *testing.T) {
					d := mustDownload(t, inMemory(nil), downloadSetup(t, net, workers), downloadTuners[v.Name])
					const patience = 11 * time.Millisecond // within the first images
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					if err := d.run(ctx); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("Run returned %v, want the context's error", err)
					}
					if d.elapsed != patience {
						t.Errorf("Run returned after %v, want %v", d.elapsed, patience)
					}
					if files := listFiles(t, d); len(files) > 0 {
						t.Errorf("it left %v", files)
					}
				})
			})
		})
	}
}

func listFiles(t *testing.T, d *download) (names []string) {
	files, err := os.ReadDir(d.setup.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func TestDownloadVerify(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(dir string) error
		want   string // part of the error; "" for none
	}{
		{"right", func(string) error { return nil }, ""},
		{"missing", func(dir string) error { return os.Remove(dir + "/07.png") }, "/image/07.png: no file 07.png"},
		{"wrong", func(dir string) error { return os.WriteFile(dir+"/07.png", []byte("no image"), 0o600) }, "/image/07.png: file 07.png has SHA-256"},
		{"another image", func(dir string) error { return os.Link(dir+"/08.png", dir+"/07.tmp") }, "07.tmp"},
		{"swapped", func(dir string) error { return os.Rename(dir+"/08.png", dir+"/07.png") }, "/image/07.png: file 07.png has SHA-256"},
		{"cut", func(dir string) error { return os.Truncate(dir+"/29.png", 100) }, "/image/29.png"},
		{"extra", func(dir string) error { return os.WriteFile(dir+"/30.png.part", nil, 0o600) }, "30.png.part, which nobody asked for"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := mustDownload(t, inMemory(nil), downloadSetup(t, "none", 3), keepConns)
				if err := d.run(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := tt.change(d.setup.Dir); err != nil {
					t.Fatal(err)
				}
				switch err := d.verify(); {
				case tt.want == "" && err != nil:
					t.Errorf("unexpected error %v", err)
				case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
					t.Errorf("error %v, want %q", err, tt.want)
				}
			})
		})
	}
}

func TestDownloadWithoutClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		setup := downloadSetup(t, "none", 3)
		setup.Clock = nil
		d := mustDownload(t, inMemory(nil), setup, keepConns)
		if err := d.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok := d.metrics()["B/s"]; ok {
			t.Errorf("metrics %v without a clock", d.metrics())
		}
	})
}

// A trial that cannot be made leaves nothing behind either.
func TestDownloadNewFails(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	setup := downloadSetup(t, "none", 3)
	setup.Dir += "/missing"
	if _, err := downloadParallel(t.Context(), setup); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without its directory: error %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	setup.Dir = t.TempDir()
	if _, err := downloadParallel(cancelled, setup); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}
