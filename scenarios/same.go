package scenarios

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/interleave-go/interleave/scenarios/origin"
)

// The numbers that make a job in another language the same as ours.
const (
	SleepSteps    = sleepSteps   // lines of each task of sleep
	SleepStep     = sleepStep    // waited after each line
	PoolmapItems  = poolmapItems // in a slice of poolmap's grain 1us
	PoolmapRounds = microsecond  // of computing for each of these items
	DownloadCount = origin.Count // images of download
)

// ServeDownload starts the server of the download scenario as it is by
// default, with 20 ms before each answer. It returns the URL below which the
// images are, the SHA-256 in hexadecimal of the SHA-256 sums of all images one
// behind the other, and what ends the server.
func ServeDownload() (url, sum string, stop func() error, err error) {
	listener, err := origin.Listen()
	if err != nil {
		return "", "", nil, err
	}
	o := origin.Start(listener, downloadConfig("latency"))
	all := sha256.New()
	for _, image := range o.Images() {
		all.Write(image.SHA256[:])
	}
	return o.URL(), hex.EncodeToString(all.Sum(nil)), o.Close, nil
}
