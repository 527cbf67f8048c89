package browsertest

import (
	"fmt"
	"slices"
	"strings"
)

// A check looks at a page in one respect and says what is wrong with it.
type check struct {
	name  string
	views []view
	find  func(*tab) []string

	// Each of these, at the end of a page, spoils it so that the check must find
	// something. CSS, if it begins with no tag.
	spoilt []string
}

var (
	screens = []view{desk, desk.in(true), phone, phone.in(true)}
	small   = view{width: 320, scripts: true}
	paper   = view{width: 672, paper: true, scripts: true} // A4 within the margins of the page
)

var checks = []check{
	{
		name: "is quiet", views: []view{desk}, find: quiet,
		spoilt: []string{
			`<script>console.info("hello")</script>`,
			`<script>throw new Error("lost")</script>`,
			`<script>Promise.reject(new Error("lost"))</script>`,
			`<img alt="" src="http://127.0.0.1:1/x.png">`,
			`<img alt="" src="x.png">`,
			`<script>fetch("http://example.com/").catch(() => {})</script>`,
			`<link rel="stylesheet" href="http://127.0.0.1:1/x.css">`,
			`<script>pwned = 1</script>`,
		},
	},
	{
		name: "keeps nobody out", views: screens, find: accessible,
		spoilt: []string{
			`p { color: #999; background: #fff }`,
			`<img src="data:,">`,
			`<h5>a heading out of order</h5>`,
			`<div role="img"></div>`,
		},
	},
	{
		name: "sorts", views: []view{desk}, find: sorts,
		spoilt: []string{
			`<script>document.addEventListener("click", e => e.stopPropagation(), true)</script>`,
			`<script>document.addEventListener("keydown", e => e.preventDefault())</script>`,
			`<script>new MutationObserver(() => document.querySelectorAll("[aria-sort]").forEach(h => h.removeAttribute("aria-sort"))).observe(document, {subtree: true, attributes: true})</script>`,
			`<script>document.addEventListener("click", () => document.querySelectorAll("table.data tbody").forEach(b => b.prepend(b.lastElementChild)))</script>`,
			`<script>document.addEventListener("click", () => document.querySelectorAll("table.data tbody").forEach(b => b.lastElementChild.remove()))</script>`,
		},
	},
	{
		name: "filters", views: []view{desk, phone}, find: filters,
		spoilt: []string{
			`tr[hidden] { display: table-row !important }`,
			`<script>document.addEventListener("input", e => e.stopPropagation(), true)</script>`,
			`<script>document.addEventListener("input", () => { document.querySelector("table.data tbody tr").hidden = true })</script>`,
			`<script>document.querySelector("#filter-status").remove()</script>`,
			`<script>document.querySelector("#filter-status").id = "other"; document.body.append(Object.assign(document.createElement("p"), {id: "filter-status", textContent: "rows"}))</script>`,
		},
	},
	{
		name: "needs no scripts", views: []view{{width: 1280}, {width: 390}}, find: calling("visible.js"),
		spoilt: []string{
			`html:not(.js) table { display: none }`,
			`html:not(.js) section:last-of-type { visibility: hidden }`,
			`html:not(.js) svg { opacity: 0 }`,
			`html:not(.js) main { height: 0; overflow: hidden }`,
		},
	},
	{
		name: "follows the colour scheme", views: []view{desk, phone}, find: schemes,
		spoilt: []string{
			`html, body { background: #fff !important }`,
			`html, body, main, section { color: #777 !important }`,
			`svg.il * { fill: #0072b2 !important; stroke: #0072b2 !important }`,
			`@media (prefers-color-scheme: dark) { svg.il text { fill: #222 !important } }`,
		},
	},
	{
		name: "fits", views: []view{desk, phone, small}, find: calling("fits.js"),
		spoilt: []string{
			`<div style="width: 1500px">wide</div>`,
			`<div style="overflow-x: hidden"><div style="width: 1500px">cut</div></div>`,
			`body { overflow-x: hidden } main { width: 1500px; max-width: none }`,
			`table.data { font-size: 500% } div, figure { overflow: visible !important }`,
			`svg.il text { font-size: 900px !important }`,
			`table [scope=row] { position: sticky; left: 0; min-width: 50rem }`,
		},
	},
	{
		name: "prints", views: []view{paper, paper.in(true)}, find: prints,
		spoilt: []string{
			`@media print { section { display: none } }`,
			`@media print { .scroll { width: 80px; overflow: auto !important } td { white-space: nowrap !important } }`,
			`@media print { body, table, td { color: #eee !important } }`,
			`@media print { svg.il text { fill: #eee !important } }`,
			`@media print { table { width: 2000px !important } }`,
			`@media print { details::details-content { display: none !important } }`,
		},
	},
	{
		name: "is led through by keyboard", views: []view{desk}, find: led,
		spoilt: []string{
			`* { outline: none !important; box-shadow: none !important }`,
			`<script>document.body.prepend(Object.assign(document.createElement("a"), {href: "#x", textContent: "first"}))</script>`,
			`a { visibility: hidden !important }`,
		},
	},
	{
		name: "leads somewhere", views: []view{desk}, find: calling("links.js"),
		spoilt: []string{
			`<a href="#nowhere">nowhere</a>`,
			`<p aria-labelledby="main nowhere">unnamed</p>`,
			`<p id="main">twice</p>`,
		},
	},
	{
		name: "tells more", views: []view{desk, phone}, find: explains,
		spoilt: []string{
			`[role=tooltip] { display: none !important }`,
			`<script>document.querySelectorAll("[data-tip]").forEach(e => e.removeAttribute("data-tip"))</script>`,
			`<script>document.addEventListener("keydown", e => e.stopPropagation(), true)</script>`,
			`<script>document.addEventListener("focusin", e => e.stopPropagation(), true)</script>`,
			`<script>document.addEventListener("mouseover", e => e.stopPropagation(), true)</script>`,
		},
	},
	{
		name: "says where one is", views: []view{desk, phone}, find: follows,
		spoilt: []string{
			`<script>document.querySelector("nav [aria-current]").outerHTML += ""</script>`,
			`<script>addEventListener("scroll", e => e.stopImmediatePropagation(), true)</script>`,
		},
	},
}

// calling returns a check that calls a file of testdata.
func calling(name string) func(*tab) []string {
	return func(p *tab) []string {
		p.Helper()
		return call[[]string](p, name)
	}
}

// quiet uses the page a little, since a request may wait for that.
func quiet(p *tab) []string {
	p.Helper()
	call[[]string](p, "use.js")
	p.settle()
	var wrong []string
	if eval[bool](p, `"pwned" in window`) {
		wrong = append(wrong, "text of the run was run as a script")
	}
	return append(wrong, p.heard()...)
}

// accessible asks axe-core for all that it knows, which is more than the
// guidelines for accessibility ask.
func accessible(p *tab) []string {
	p.Helper()
	source := axe(p.T)
	eval[bool](p, source+"; true")
	return call[[]string](p, "axe.js")
}

// prints looks at the page as it is on paper.
func prints(p *tab) []string {
	p.Helper()
	wrong := append(call[[]string](p, "prints.js"), call[[]string](p, "visible.js")...)
	return append(wrong, call[colours](p, "colours.js").Wrong...)
}

// colours are those of a page, and what cannot be read for them.
type colours struct {
	Wrong  []string
	Page   [2]string // background, text
	Charts [][]string
}

// schemes looks at the page in both schemes, and while it is open.
func schemes(p *tab) (wrong []string) {
	p.Helper()
	var seen [2]colours
	v := p.view
	for i, dark := range []bool{false, true} {
		p.look(v.in(dark))
		p.settle()
		seen[i] = call[colours](p, "colours.js")
		for _, w := range seen[i].Wrong {
			wrong = append(wrong, v.in(dark).scheme()+": "+w)
		}
	}
	light, dark := seen[0], seen[1]
	for i, what := range []string{"background", "text"} {
		if light.Page[i] == dark.Page[i] {
			wrong = append(wrong, fmt.Sprintf("the page's %s is %s in the light and in the dark", what, light.Page[i]))
		}
	}
	if n := len(light.Charts); n == 0 || n != len(dark.Charts) {
		return append(wrong, fmt.Sprintf("%d charts in the light and %d in the dark", len(light.Charts), len(dark.Charts)))
	}
	for i := range light.Charts {
		if slices.Equal(light.Charts[i], dark.Charts[i]) {
			wrong = append(wrong, fmt.Sprintf("chart %d has the same colours in the light and in the dark: %s", i+1, strings.Join(light.Charts[i], " ")))
		}
	}
	return wrong
}
