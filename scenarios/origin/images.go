package origin

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
)

const (
	// Count is how many images there are.
	Count = 30

	// NominalSize is about the size of each image in bytes, and no less.
	NominalSize = 64 << 10
)

// side is the width and height of an image: three bytes for each pixel and one
// for each line make 61 KiB. With the header that is just less than the 64 KiB
// which a fresh TCP connection takes without asking the reader; at a little
// more the sender has to wait for the reader in the middle of each image.
const side = 144

// An Image is what the origin announces of one image: two sums, since the one
// that says most takes 40 µs to compute, which is much beside the 180 µs of all
// else that client and server do for an image. The other takes 3.
type Image struct {
	URL    string
	Size   int64
	CRC32C uint32 // with the polynomial of Castagnoli
	SHA256 [sha256.Size]byte
}

// A picture is the content behind one URL.
type picture struct {
	png []byte
	crc uint32
	sum [sha256.Size]byte
}

// pictures makes all images, once in a process: that takes some 15 ms,
// which is most of what thirty connections take for all of their work.
var pictures = sync.OnceValue(func() []picture {
	all := make([]picture, Count)
	for i := range all {
		data := encode(noise(i))
		all[i] = picture{data, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)), sha256.Sum256(data)}
	}
	return all
})

// noise returns the pixels of image i. Noise does not compress, so no layer
// between here and the client's disk can make the work smaller.
func noise(i int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	rng := rand.NewPCG(uint64(i), Count)
	for p := 0; p < len(img.Pix); p += 4 {
		r := rng.Uint64()
		img.Pix[p], img.Pix[p+1], img.Pix[p+2], img.Pix[p+3] = byte(r), byte(r>>8), byte(r>>16), 0xff
	}
	return img
}

// encode writes a PNG. Trying to compress noise gains nothing, takes 14 times
// as long, and would let the bytes depend on the version of compress/flate.
func encode(img image.Image) []byte {
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.NoCompression}
	if err := encoder.Encode(&buf, img); err != nil {
		panic(err) // a buffer takes everything, and the image has a size
	}
	return buf.Bytes()
}

const (
	pathPrefix = "/image/"
	pathSuffix = ".png"
)

// path returns the path of image i in its URL.
func path(i int) string { return fmt.Sprintf("%s%02d%s", pathPrefix, i, pathSuffix) }

// number is the inverse of path.
func number(p string) (i int, ok bool) {
	digits, hasPrefix := strings.CutPrefix(p, pathPrefix)
	digits, hasSuffix := strings.CutSuffix(digits, pathSuffix)
	i, err := strconv.Atoi(digits)
	return i, hasPrefix && hasSuffix && err == nil && i >= 0 && i < Count && path(i) == p
}
