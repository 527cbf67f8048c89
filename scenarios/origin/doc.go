// Package origin is the server that the download scenario fetches from: a real
// net/http server with thirty images, made without a file and the same in every
// process, and with a network between it and the client that can be told to be
// slow or faulty.
//
//	listener, err := origin.Listen()
//	if err != nil {
//		return err
//	}
//	o := origin.Start(listener, origin.Config{Latency: 20 * time.Millisecond})
//	defer o.Close()
//	for _, image := range o.Images() {
//		fetch(image.URL) // and compare with image.SHA256
//	}
//
// The slowness is on the server's side, so a client that is measured has
// nothing to take part in. Latency is waited once for each request. Bandwidth
// is limited for each connection, or for all together, by pacing the bytes
// against deadlines.
//
// The server takes any net.Listener: [Listen] opens one on the loopback
// interface, and a test can pass one that lives in memory, inside a bubble of
// testing/synctest, where latency and bandwidth are exact.
package origin
