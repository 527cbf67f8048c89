package chart

import (
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// A pen writes in one size, weight and colour.
type pen struct {
	face  font.Face
	color color.Color
}

func newPen(size vg.Length, bold bool, c color.Color) pen {
	f := sans
	if bold {
		f.Weight = 3 // font.WeightBold of golang.org/x/image; SemiBold has no face and silently falls back
	}
	return pen{font.DefaultCache.Lookup(f, size), c}
}

// in returns the pen with another colour.
func (p pen) in(c color.Color) pen {
	p.color = c
	return p
}

func (p pen) size() vg.Length          { return p.face.Font.Size }
func (p pen) width(s string) vg.Length { return p.face.Width(clean(s)) }
func (p pen) widest(ss ...string) (w vg.Length) {
	for _, s := range ss {
		w = max(w, p.width(s))
	}
	return w
}

// An anchor says which part of a text stands at its x.
type anchor vg.Length

const (
	fromLeft anchor = 0
	centred  anchor = 0.5
	toRight  anchor = 1
)

// write puts s with its baseline at y.
func (p pen) write(c vg.Canvas, s string, x, y vg.Length, a anchor) {
	if s = clean(s); s == "" {
		return
	}
	c.SetColor(p.color)
	c.FillString(p.face, vg.Point{X: x - vg.Length(a)*p.face.Width(s), Y: y}, s)
}

// center puts s so that its capitals are centred on y. gonum's own YCenter
// centres the box with the descenders, which looks too low beside a dot.
func (p pen) center(c vg.Canvas, s string, x, y vg.Length, a anchor) {
	p.write(c, s, x, y-0.35*p.size(), a)
}

// clean makes s a single line of characters that XML can hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r == 0xFFFE || r == 0xFFFF:
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// wrap breaks s into lines no wider than width, between words where it can and
// inside a word that is wider than a whole line.
func (p pen) wrap(s string, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range words(s) {
		if line != "" && p.width(line+" "+word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; p.width(line) > width; {
			n := p.fitting(line, width)
			lines = append(lines, line[:n])
			line = line[n:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// words splits s at spaces, but not at those that are to hold words together.
func words(s string) []string {
	return strings.FieldsFunc(clean(s), func(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' })
}

// balance is wrap with lines of about equal width: a title that overflows by
// one word should not leave that word alone on the second line.
func (p pen) balance(s string, width vg.Length) []string {
	lines := p.wrap(s, width)
	if len(lines) < 2 {
		return lines
	}
	for w := width - 4; w > width/2; w -= 4 {
		narrower := p.wrap(s, w)
		if len(narrower) > len(lines) {
			break
		}
		lines = narrower
	}
	return lines
}

// fitting returns how many bytes of s fit into width, at least one rune.
func (p pen) fitting(s string, width vg.Length) int {
	_, n := utf8.DecodeRuneInString(s)
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		if p.width(s[:end]) > width {
			break
		}
		n = max(n, end)
	}
	return n
}

// elide shortens s to the given number of characters and width, with an
// ellipsis in place of the rest.
func (p pen) elide(s string, chars int, width vg.Length) string {
	s = clean(s)
	if utf8.RuneCountInString(s) <= chars && p.width(s) <= width {
		return s
	}
	runes := []rune(s)
	for n := min(chars-1, len(runes)); n > 0; n-- {
		short := strings.TrimRight(string(runes[:n]), " ") + "…"
		if p.width(short) <= width {
			return short
		}
	}
	return "…"
}

// shorten is elide for names: what is left out is in the middle, as names often
// differ in their ends.
func (p pen) shorten(s string, chars int, width vg.Length) string {
	s = clean(s)
	if utf8.RuneCountInString(s) <= chars && p.width(s) <= width {
		return s
	}
	runes := []rune(s)
	for n := min(chars, len(runes)) - 1; n > 1; n-- {
		short := strings.TrimRight(string(runes[:(n+1)/2]), " ") + "…" + strings.TrimLeft(string(runes[len(runes)-n/2:]), " ")
		if p.width(short) <= width {
			return short
		}
	}
	return "…"
}
