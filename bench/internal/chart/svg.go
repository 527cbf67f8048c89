package chart

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// families are the fonts asked for, the one that was measured first. The
// others up to Arial have the same widths; without them a browser that lacks
// Liberation takes a wider font and the title runs out of the picture.
const families = "Liberation Sans, Arimo, Arial, Helvetica, sans-serif"

var (
	tag = regexp.MustCompile(`<[^>]*>`)
	// number matches only what has a fraction or a signed exponent. Whole
	// numbers need no rounding, and colours such as #56B4E9 must not match.
	number = regexp.MustCompile(`-?\d+\.\d+(e[-+]\d+)?|-?\d+e[-+]\d+`)
	// inherited is what gonum repeats in every text and the root says once.
	inherited = regexp.MustCompile(`font-family:[^;"]*;font-variant:[^;"]*;font-weight:([^;"]*);font-style:normal;`)
)

// finishSVG turns what gonum writes into what is published: a root that names
// the picture for screen readers, the fonts to try, short numbers.
func finishSVG(raw []byte, f *Figure) ([]byte, error) {
	start := bytes.Index(raw, []byte("<g "))
	if start < 0 {
		return nil, errors.New("gonum wrote an SVG without a group")
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%[1]spt" height="%[2]spt" viewBox="0 0 %[1]s %[2]s" font-family="%[3]s">
<title>%[4]s</title>
`, round(f.width.Points()), round(f.height.Points()), families, html.EscapeString(clean(f.title)))
	if f.subtitle != "" {
		fmt.Fprintf(&out, "<desc>%s</desc>\n", html.EscapeString(clean(f.subtitle)))
	}
	var bad error
	// Only tags are rewritten: the texts between them are the caller's.
	out.Write(tag.ReplaceAllFunc(raw[start:], func(t []byte) []byte {
		if bytes.Contains(t, []byte("NaN")) || bytes.Contains(t, []byte("Inf")) {
			bad = fmt.Errorf("a coordinate is not finite: %s", t)
		}
		t = bytes.ReplaceAll(t, []byte("\n\tstyle"), []byte(" style"))
		t = inherited.ReplaceAllFunc(t, func(m []byte) []byte {
			if bytes.Contains(m, []byte("weight:bold")) {
				return []byte("font-weight:bold;")
			}
			return nil
		})
		return number.ReplaceAllFunc(t, roundBytes)
	}))
	return out.Bytes(), bad
}

func roundBytes(b []byte) []byte {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return b
	}
	return []byte(round(v))
}

// round writes v with at most two decimals.
func round(v float64) string {
	s := strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}
