package chart

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// gonum counts heights from the bottom and turns the picture over, and every
// text in it back. Counted from the top as an SVG does, a document of many
// texts is a third shorter, and can be read.

var (
	turned = []byte(` transform="scale(1, -1)`)
	// textAt and pathOf are the beginnings of the two elements that gonum writes.
	textAt = regexp.MustCompile(`^<text x="([^"]*)" y="([^"]*)" transform="scale\(1, -1\)"`)
	pathOf = regexp.MustCompile(`^<path d="([^"]*)"`)
	piece  = regexp.MustCompile(`([A-Za-z])([^A-Za-z]*)`)
	// round is what gonum draws for a disc: two arcs of one radius.
	disc = regexp.MustCompile(`^M([-\d.e]+),([-\d.e]+)A([\d.e]+),[\d.e]+ 0 1 1 [-\d.e]+,[-\d.e]+A[\d.e, ]+ 0 1 1 [-\d.e]+,[-\d.e]+Z$`)
)

// upright rewrites a tag with heights from the top.
func upright(t []byte, height float64) ([]byte, error) {
	if m := textAt.FindSubmatch(t); m != nil {
		y, err := strconv.ParseFloat(string(m[2]), 64)
		return fmt.Appendf(nil, `<text x="%s" y="%s"%s`, m[1], round(height+y), t[len(m[0]):]), err
	}
	if m := pathOf.FindSubmatch(t); m != nil {
		path, err := uprightPath(string(m[1]), height)
		return append([]byte(path), t[len(m[0]):]...), err
	}
	if bytes.HasPrefix(t, []byte("<g")) && bytes.Contains(t, turned) {
		return []byte("<g>"), nil
	}
	return t, nil
}

// uprightPath returns the beginning of an element for a path: a circle where it
// is a disc, and else lines, by one number where they run along or up.
func uprightPath(d string, height float64) (string, error) {
	if m := disc.FindStringSubmatch(d); m != nil {
		var v [3]float64 // the rightmost point, and the radius
		for i := range v {
			var err error
			if v[i], err = strconv.ParseFloat(m[i+1], 64); err != nil {
				return "", fmt.Errorf("disc %q: %w", d, err)
			}
		}
		return fmt.Sprintf(`<circle cx="%s" cy="%s" r="%s"`, round(v[0]-v[2]), round(height-v[1]), round(v[2])), nil
	}
	var b strings.Builder
	lastX, lastY := "", ""
	for _, m := range piece.FindAllStringSubmatch(d, -1) {
		if m[1] == "Z" {
			b.WriteString("Z")
			continue
		}
		x, y, ok := point(m[2])
		if !ok || m[1] != "M" && m[1] != "L" {
			return "", fmt.Errorf("path %q is not of lines", d)
		}
		px, py := round(x), round(height-y)
		switch {
		case m[1] == "L" && py == lastY:
			b.WriteString("H" + px)
		case m[1] == "L" && px == lastX:
			b.WriteString("V" + py)
		default:
			b.WriteString(m[1] + px + "," + py)
		}
		lastX, lastY = px, py
	}
	return `<path d="` + b.String() + `"`, nil
}

// point reads "x,y".
func point(s string) (x, y float64, ok bool) {
	left, right, found := strings.Cut(s, ",")
	x, errX := strconv.ParseFloat(left, 64)
	y, errY := strconv.ParseFloat(right, 64)
	return x, y, found && errX == nil && errY == nil && !math.IsNaN(x+y)
}
