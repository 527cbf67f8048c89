package scenarios

import (
	"context"
	"net/http"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/scenarios/origin"
)

// What lies between the client and the images. With either bandwidth, one
// connection has an image in about the time of the latency, so that the
// sequential job takes 0.6 s with each.
const (
	downloadLatency   = 20 * time.Millisecond
	downloadBandwidth = 3 << 20 // bytes per second
)

// downloadSeveral are the numbers of connections at which the other ways to use
// connections differ: with one at a time there is nothing to tell.
var downloadSeveral = []int{3, 6, 30}

// Download is the lesson about waiting for others: connections that wait
// overlap, until they share what they wait for. As in sleep, two cores are
// enough for thirty connections.
//
// Every trial has a server and a client of its own, so that the connections it
// opens can be counted. Those that a variant keeps are opened before it is
// timed: it is a program at work, not one that starts. To open thirty at a time
// costs the net/http of both sides 3 ms of computing, which is 1.5 ms of the 25
// that the whole job then takes.
var Download = add(bench.Scenario{
	Name:    "download",
	Doc:     "30 images are fetched from a local HTTP server and saved: waiting overlaps, sharing a bandwidth does not",
	Unit:    "image",
	Worker:  "connection",
	Fixed:   origin.Count,
	Workers: []int{1, 3, 6, 30},
	Lesson: bench.Lesson{
		Variant: "parallel",
		Workers: 3,
		Text:    "over 3 connections, 30 images arrive %s times as fast as one after the other",
	},
	Exercises: []bench.Exercise{{
		Title: "3 images over 3 connections, saved and checked", Why: "while one answer is on its way, the others are too",
		Params: "net=latency/images=3", Workers: 3, Sequential: "sequential", Concurrent: "parallel",
	}},
	Params: []bench.Param{{
		Name:   "net",
		Doc:    "20 ms before each answer, or 3 MiB/s for each connection, or 3 MiB/s for all together, or no limit",
		Values: []string{"latency", "perconn", "shared", "none"},
	}},
	Variants: []bench.Variant{
		{
			Name: "sequential", New: downloadSequential, Headline: true, Workers: []int{1},
			Doc:      "one image after the other over one connection",
			Estimate: func(s bench.Setup) time.Duration { return downloadEstimate(s, 1, 1) },
		},
		{
			Name: "parallel", New: downloadParallel, Headline: true,
			Doc:      "goroutines take the next image as they get free, each with a connection that is kept",
			Estimate: func(s bench.Setup) time.Duration { return downloadEstimate(s, s.Workers, s.Workers) },
		},
		{
			Name: "parallel-default-transport", New: downloadDefaultTransport, Workers: downloadSeveral,
			Doc:      "the same with MaxIdleConnsPerHost left at 2: further connections are closed after use and opened again",
			Estimate: func(s bench.Setup) time.Duration { return downloadEstimate(s, s.Workers, s.Workers) },
		},
		{
			Name: "no-keepalive", New: downloadNoKeepAlive, Workers: downloadSeveral,
			Doc:      "the same with a new connection for every image",
			Estimate: func(s bench.Setup) time.Duration { return downloadEstimate(s, s.Workers, s.Workers) },
		},
		{
			Name: "http2", New: downloadHTTP2, Workers: downloadSeveral,
			Doc:      "as many requests at a time, all over one HTTP/2 connection",
			Estimate: func(s bench.Setup) time.Duration { return downloadEstimate(s, s.Workers, 1) },
		},
	},
})

// downloadEstimate says how long it takes when so many requests wait at a time,
// over so many connections.
func downloadEstimate(s bench.Setup, requests, conns int) time.Duration {
	const image = origin.NominalSize * time.Second / downloadBandwidth
	rounds := func(n int) time.Duration { return time.Duration((s.N + n - 1) / n) }
	switch s.Param("net") {
	case "latency":
		return rounds(requests)*downloadLatency + 5*time.Millisecond // and some computing
	case "perconn":
		return rounds(conns) * image
	case "shared":
		return rounds(1) * image
	}
	return 5 * time.Millisecond
}

// downloadConfig returns what the origin is told.
func downloadConfig(net string) origin.Config {
	switch net {
	case "latency":
		return origin.Config{Latency: downloadLatency}
	case "perconn":
		return origin.Config{PerConn: downloadBandwidth}
	case "shared":
		return origin.Config{Shared: downloadBandwidth}
	}
	return origin.Config{}
}

func downloadSequential(ctx context.Context, setup bench.Setup) (*bench.Trial, error) {
	setup.Workers = 1
	return downloadOver(ctx, loopback, setup, keepConns)
}

func downloadParallel(ctx context.Context, setup bench.Setup) (*bench.Trial, error) {
	return downloadOver(ctx, loopback, setup, keepConns)
}

func downloadDefaultTransport(ctx context.Context, setup bench.Setup) (*bench.Trial, error) {
	return downloadOver(ctx, loopback, setup, defaultConns)
}

func downloadNoKeepAlive(ctx context.Context, setup bench.Setup) (*bench.Trial, error) {
	return downloadOver(ctx, loopback, setup, dropConns)
}

func downloadHTTP2(ctx context.Context, setup bench.Setup) (*bench.Trial, error) {
	return downloadOver(ctx, loopback, setup, oneConn)
}

// The variants differ in nothing but the client's transport: these are their
// tuners.

// keepConns gives each worker a connection, and never more: a worker whose
// connection is being opened can be served by one that has become free, and go
// on to open yet another.
func keepConns(t *http.Transport, workers int) int {
	t.MaxIdleConnsPerHost = workers
	t.MaxConnsPerHost = workers
	return workers
}

func defaultConns(_ *http.Transport, workers int) int {
	return min(workers, http.DefaultMaxIdleConnsPerHost)
}

func dropConns(t *http.Transport, _ int) int {
	t.DisableKeepAlives = true
	return 0
}

// oneConn leaves a single connection to all: without the limit, each of the
// first requests would open one, and all but one would be thrown away.
func oneConn(t *http.Transport, _ int) int {
	t.MaxConnsPerHost = 1
	t.Protocols = new(http.Protocols)
	t.Protocols.SetUnencryptedHTTP2(true)
	return 1
}
