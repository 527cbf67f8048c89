package chart

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
)

// A paint is a colour by what it is for: what it is on white paper, which is
// the only kind that a PNG has, and on dark paper, which an SVG turns to where
// its reader prefers that. No two are the same on white, as the finished SVG
// is told by the colour which paint was meant.
type paint struct {
	name        string
	light, dark color.RGBA
}

// The paints. Marks have at least three times the luminance of the paper or a
// third of it, on either kind, and text four and a half times.
var paints = []paint{
	{"paper", paper, rgb(0x121417)},
	{"ink", ink, rgb(0xF2F2F2)},
	{"text", text, rgb(0xDADADA)},
	{"faint", faint, rgb(0xA0A7AF)},
	{"rule", rule, rgb(0x7D848C)},
	{"grid", grid, rgb(0x2E3338)},
	{"track", track, rgb(0x1D2126)},
	{"on-dark", onDeep, rgb(0x0C0E10)}, // text on blue, vermilion and black
	{"on-light", onBright, rgb(0x0B0D0F)},
	{"1", palette[0], rgb(0x4FA8E0)},
	{"2", palette[1], rgb(0xF0AE2C)},
	{"3", palette[2], rgb(0x2CC295)},
	{"4", palette[3], rgb(0xF07E35)},
	{"5", palette[4], rgb(0xDD97BD)},
	{"6", palette[5], rgb(0x9AD3F5)},
	{"7", palette[6], rgb(0xF5F5F5)},
	{"8", palette[7], rgb(0x8F959B)},
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xFF}
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// paintOf returns the name of the paint that gonum wrote as #RRGGBB. What is
// half transparent was rounded on the way, and may be off by one.
func paintOf(s string) (string, error) {
	var r, g, b uint8
	if _, err := fmt.Sscanf(s, "#%02X%02X%02X", &r, &g, &b); err != nil {
		return "", fmt.Errorf("%q is no colour", s)
	}
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 1 }
	for _, p := range paints {
		if near(p.light.R, r) && near(p.light.G, g) && near(p.light.B, b) {
			return p.name, nil
		}
	}
	return "", fmt.Errorf("the colour %s is not among the paints, so it has no dark counterpart", s)
}

// SmallestWidth is the width in pixels at which the text of a chart is 9 pixels
// high. A page must not show one narrower, but let it be scrolled.
const SmallestWidth = 456

// leastText is the size in points of all text but the title.
const leastText = vg.Length(9)

// styleSheet returns the rules of an SVG for the classes that it uses. They
// apply to charts alone, and are the same in each, so that several stand on one
// page with no harm to it or to one another. The colour is said twice: programs
// that do not know custom properties keep to the first. A page that wants other
// ones sets them for svg.il; the rules that do it here have no weight.
func styleSheet(used map[string]bool) string {
	var rules, dark strings.Builder
	for _, p := range paints {
		fill, line := used["il-"+p.name], used["il-"+p.name+"-l"]
		if !fill && !line {
			continue
		}
		light := hex(p.light)
		if fill {
			fmt.Fprintf(&rules, "svg.il .il-%[1]s{fill:%[2]s;fill:var(--il-%[1]s,%[2]s)}\n", p.name, light)
		}
		if line {
			fmt.Fprintf(&rules, "svg.il .il-%[1]s-l{fill:none;stroke:%[2]s;stroke:var(--il-%[1]s,%[2]s)}\n", p.name, light)
		}
		fmt.Fprintf(&dark, "--il-%s:%s;", p.name, hex(p.dark))
	}
	if used["il-half"] {
		rules.WriteString("svg.il .il-half{fill-opacity:.5}\n")
	}
	return fmt.Sprintf(`<style>
%[1]s:where(body svg.il){max-width:100%%;min-width:%[2]dpx;height:auto}
@media screen and (prefers-color-scheme:dark){:where(svg.il){%[3]s}}
</style>
`, rules.String(), SmallestWidth, strings.TrimSuffix(dark.String(), ";"))
}
