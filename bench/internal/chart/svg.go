package chart

import (
	"bytes"
	"cmp"
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
	// style is the attribute with what gonum says about every element.
	style = regexp.MustCompile(`\s+style="([^"]*)"`)
	drawn = regexp.MustCompile(`^<(path|circle|text) `)
)

// finishSVG turns what gonum writes into what is published: a root that names
// the picture for screen readers, the fonts to try, classes for colours, short
// numbers.
func finishSVG(raw []byte, f *Figure) ([]byte, error) {
	start := bytes.Index(raw, []byte("<g "))
	if start < 0 {
		return nil, errors.New("gonum wrote an SVG without a group")
	}
	var bad error
	used := make(map[string]bool)
	// Only tags are rewritten: the texts between them are the caller's.
	body := tag.ReplaceAllFunc(raw[start:], func(t []byte) []byte {
		if bytes.Contains(t, []byte("NaN")) || bytes.Contains(t, []byte("Inf")) {
			bad = fmt.Errorf("a coordinate is not finite: %s", t)
			return t
		}
		t, err := upright(t, f.height.Points())
		bad = cmp.Or(bad, err)
		t, err = classify(number.ReplaceAllFunc(t, roundBytes), used)
		bad = cmp.Or(bad, err)
		return t
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="il" role="img" width="%[1]spt" height="%[2]spt" viewBox="0 0 %[1]s %[2]s" font-family="%[3]s" font-size="%[4]s">
<title>%[5]s</title>
`, round(f.width.Points()), round(f.height.Points()), families, round(leastText.Points()), html.EscapeString(clean(f.title)))
	if f.subtitle != "" {
		fmt.Fprintf(&out, "<desc>%s</desc>\n", html.EscapeString(clean(f.subtitle)))
	}
	out.WriteString(styleSheet(used))
	out.Write(body)
	return out.Bytes(), bad
}

// classify puts classes in the place of the colours of a tag, notes them, and
// leaves away what the root has said for all.
func classify(t []byte, used map[string]bool) ([]byte, error) {
	var bad error
	t = style.ReplaceAllFunc(t, func(attr []byte) []byte {
		var classes, rest []string
		for decl := range strings.SplitSeq(string(style.FindSubmatch(attr)[1]), ";") {
			property, value, _ := strings.Cut(decl, ":")
			switch {
			case property == "fill" && value == "none": // the class of the stroke says it
			case property == "fill" || property == "stroke":
				name, err := paintOf(value)
				bad = cmp.Or(bad, err)
				if property == "stroke" {
					name += "-l"
				}
				classes = append(classes, "il-"+name)
			case decl == "fill-opacity:0.5":
				classes = append(classes, "il-half")
			case property == "font-weight" && value == "bold":
				rest = append(rest, decl)
			case strings.HasPrefix(property, "font-") && property != "font-size", decl == "font-size:"+round(leastText.Points())+"px":
			default:
				rest = append(rest, decl)
			}
		}
		for _, c := range classes {
			used[c] = true
		}
		if len(classes) == 0 {
			return nil
		}
		text := fmt.Sprintf(" class=%q", strings.Join(classes, " "))
		if len(rest) > 0 {
			text += fmt.Sprintf(" style=%q", strings.Join(rest, ";"))
		}
		return []byte(text)
	})
	if !bytes.Contains(t, []byte(" class=")) && drawn.Match(t) {
		bad = cmp.Or(bad, fmt.Errorf("%s has no colour", t))
	}
	return t, bad
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
