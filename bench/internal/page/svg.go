package page

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// The elements of a chart. Whatever else stands in a file, such as a script or
// a link to another, is no chart of ours, and an error.
var elements = []string{
	"svg", "g", "path", "rect", "line", "circle", "ellipse", "polyline", "polygon", "text", "tspan", "title", "desc", "style",
	"defs", "clipPath", "use", "pattern",
}

// reference is how one part of an SVG names another by its id.
var reference = regexp.MustCompile(`url\(\s*['"]?#([^)'"]+)['"]?\s*\)`)

// inlineFile reads a chart to stand in a page.
func inlineFile(path, prefix string) (template.HTML, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read a chart: %w: draw it again with interleave report", err)
	}
	svg, err := inline(data, prefix)
	if err != nil {
		return "", fmt.Errorf("%s: %w: draw it again with interleave report", path, err)
	}
	return svg, nil
}

// inline turns an SVG document into an element of a page: without the XML
// header and a size of its own, with the prefix before every id, so that two
// charts of a page never share one. It is written anew from its parts, and only
// parts that a chart has are let through.
func inline(data []byte, prefix string) (template.HTML, error) {
	in := xml.NewDecoder(bytes.NewReader(data))
	out := inliner{prefix: prefix}
	for {
		token, err := in.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("no SVG: %w", err)
		}
		if err := out.take(token); err != nil {
			return "", err
		}
	}
	if !out.ended || len(out.open) > 0 {
		return "", errors.New("no SVG: it has no end")
	}
	return template.HTML(out.b.String()), nil
}

// An inliner writes an SVG element from the tokens of a document.
type inliner struct {
	prefix string
	b      strings.Builder
	open   []string // the elements that have begun and not ended
	empty  bool     // the last of them has nothing in it so far
	ended  bool     // the outermost has ended
}

func (p *inliner) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		return p.end(t)
	case xml.CharData:
		if len(p.open) > 0 {
			return p.text(t)
		}
	}
	return nil // comments, the header and the document type are left out
}

func (p *inliner) start(t xml.StartElement) error {
	name := t.Name.Local
	switch {
	case t.Name.Space != "" || !slices.Contains(elements, name):
		return fmt.Errorf("a chart has no <%s>", qualified(t.Name))
	case p.ended || len(p.open) == 0 && name != "svg":
		return fmt.Errorf("a chart is one <svg>, and here is <%s>", name)
	}
	p.fill()
	p.b.WriteString("<" + name)
	for _, a := range t.Attr {
		value, keep, err := p.attribute(a, len(p.open) == 0)
		if err != nil {
			return err
		}
		if keep {
			fmt.Fprintf(&p.b, ` %s="%s"`, qualified(a.Name), template.HTMLEscapeString(value))
		}
	}
	p.open, p.empty = append(p.open, name), true
	return nil
}

// attribute returns an attribute's value in the page.
func (p *inliner) attribute(a xml.Attr, root bool) (value string, keep bool, err error) {
	name := a.Name.Local
	switch {
	case a.Name.Space != "":
		return "", false, nil // xml:space and the like say nothing here
	case name == "xmlns", root && (name == "width" || name == "height"):
		return "", false, nil
	case strings.HasPrefix(strings.ToLower(name), "on"):
		return "", false, fmt.Errorf("a chart has no attribute %s", name)
	case name == "id":
		return p.prefix + a.Value, true, nil
	case name == "href":
		id, ok := strings.CutPrefix(a.Value, "#")
		if !ok {
			return "", false, fmt.Errorf("a chart refers to nothing outside itself, and here is %q", a.Value)
		}
		return "#" + p.prefix + id, true, nil
	case name == "aria-labelledby" || name == "aria-describedby":
		ids := strings.Fields(a.Value)
		for i := range ids {
			ids[i] = p.prefix + ids[i]
		}
		return strings.Join(ids, " "), true, nil
	}
	value = a.Value
	if strings.Contains(value, "(") || name == "style" {
		err = outside(value)
		value = reference.ReplaceAllString(value, "url(#"+p.prefix+"$1)")
	}
	return value, true, err
}

// outside returns an error for text of a style that reaches out of the page. A
// backslash could hide what does.
func outside(style string) error {
	rest := strings.ToLower(reference.ReplaceAllString(style, ""))
	if strings.Contains(rest, "url(") || strings.Contains(rest, "@import") || strings.Contains(rest, `\`) {
		return fmt.Errorf("a chart asks for nothing from elsewhere, and here is %q", style)
	}
	return nil
}

func (p *inliner) end(t xml.EndElement) error {
	last := len(p.open) - 1
	if last < 0 || p.open[last] != t.Name.Local {
		return fmt.Errorf("no SVG: </%s> has no beginning", t.Name.Local)
	}
	if p.empty {
		p.b.WriteString("/>")
	} else {
		p.b.WriteString("</" + t.Name.Local + ">")
	}
	p.open, p.empty = p.open[:last], false
	p.ended = last == 0
	return nil
}

// text writes what stands between tags. Line ends between elements go: they
// are a tenth of a chart.
func (p *inliner) text(t xml.CharData) error {
	text, inside := string(t), p.open[len(p.open)-1]
	if inside != "text" && inside != "tspan" && strings.TrimSpace(text) == "" {
		return nil
	}
	p.fill()
	if inside == "style" {
		if err := outside(text); err != nil {
			return err
		}
		text = reference.ReplaceAllString(text, "url(#"+p.prefix+"$1)")
	}
	p.b.WriteString(template.HTMLEscapeString(text))
	return nil
}

// fill ends the tag of an element that turns out to have something in it.
func (p *inliner) fill() {
	if p.empty {
		p.b.WriteString(">")
		p.empty = false
	}
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
