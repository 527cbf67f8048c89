package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

// What others are told about the jobs is what the scenarios do.
func TestSame(t *testing.T) {
	g := grains[Poolmap.Params[0].Values[0]]
	if g.items != PoolmapItems || g.item(7) != spin(7, PoolmapRounds) {
		t.Errorf("poolmap has %d items by default", g.items)
	}
	if Sleep.Fixed != SleepSteps || Download.Fixed != DownloadCount || Download.Params[0].Values[0] != "latency" {
		t.Error("the scenarios are others by default")
	}
}

// The server that others get has the images that it announces, and ends.
func TestServeDownload(t *testing.T) {
	defer goleak.VerifyNone(t)
	url, sum, stop, err := ServeDownload()
	if err != nil {
		t.Skipf("no loopback interface: %v", err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	all := sha256.New()
	for i := range DownloadCount {
		resp, err := client.Get(fmt.Sprintf("%simage/%02d.png", url, i))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("image %d: status %s, error %v", i, resp.Status, err)
		}
		one := sha256.Sum256(body)
		all.Write(one[:])
	}
	if got := hex.EncodeToString(all.Sum(nil)); got != sum {
		t.Errorf("the images have the sum %s, announced was %s", got, sum)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
