package page

import (
	"regexp"
	"strings"
)

// A Block is a piece of a document: exactly one of its parts is set.
type Block struct {
	Level int      // of a heading, from 1
	Text  string   // of a heading
	Lines []string // of a paragraph
	Items []Item   // of a list
	Code  string   // as it stands
	Table *Grid
}

// An Item is a line of a list. Deeper ones follow the one that they belong to.
type Item struct {
	Depth int // from 0
	Text  string
	Link  bool // the text is the address of a page to read
}

var (
	headingLine = regexp.MustCompile(`^(#{1,6}) (.*)$`)
	itemLine    = regexp.MustCompile(`^( *)- (.*)$`)
	ruleLine    = regexp.MustCompile(`^\|[-:| ]+\|$`)
	codeSpan    = regexp.MustCompile("`([^`]*)`")
	escaped     = strings.NewReplacer(`\|`, "|", "&lt;", "<", "&gt;", ">", `\*`, "*", `\_`, "_", "\\`", "`", `\[`, "[", `\]`, "]")
)

// parse reads the part of Markdown that our own commands write: headings,
// paragraphs, lists, tables and fenced code. Marks within a line are left out,
// as these files have none but code spans, and pictures too: a page shows the
// charts themselves. Whatever it does not know is a paragraph.
func parse(text string) []Block {
	var blocks []Block
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); {
		line := lines[i]
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "!["):
			i++
		case strings.HasPrefix(line, "```"):
			end := i + 1
			for end < len(lines) && !strings.HasPrefix(lines[end], "```") {
				end++
			}
			blocks = append(blocks, Block{Code: strings.Join(lines[i+1:end], "\n") + "\n"})
			i = end + 1
		case headingLine.MatchString(line):
			m := headingLine.FindStringSubmatch(line)
			blocks = append(blocks, Block{Level: len(m[1]), Text: plain(m[2])})
			i++
		case strings.HasPrefix(line, "|"):
			end := run(lines, i, func(l string) bool { return strings.HasPrefix(l, "|") })
			blocks = append(blocks, Block{Table: tableOf(lines[i:end])})
			i = end
		case itemLine.MatchString(line):
			end := run(lines, i, itemLine.MatchString)
			blocks = append(blocks, Block{Items: itemsOf(lines[i:end])})
			i = end
		default:
			end := run(lines, i, func(l string) bool {
				return strings.TrimSpace(l) != "" && !strings.HasPrefix(l, "#") && !strings.HasPrefix(l, "|") && !strings.HasPrefix(l, "```")
			})
			end = max(end, i+1)
			blocks = append(blocks, Block{Lines: linesOf(lines[i:end])})
			i = end
		}
	}
	return blocks
}

// run returns the end of the lines from i on that are of a kind.
func run(lines []string, i int, kind func(string) bool) int {
	for i < len(lines) && kind(lines[i]) {
		i++
	}
	return i
}

// linesOf joins the lines of a paragraph, but for those that end with the two
// spaces of a line break.
func linesOf(lines []string) []string {
	var out []string
	joined := false
	for _, l := range lines {
		text := plain(l)
		if joined {
			out[len(out)-1] += " " + text
		} else {
			out = append(out, text)
		}
		joined = !strings.HasSuffix(l, "  ")
	}
	return out
}

func itemsOf(lines []string) []Item {
	var items []Item
	for _, l := range lines {
		m := itemLine.FindStringSubmatch(l)
		text := plain(m[2])
		link := strings.HasPrefix(text, "https://") && !strings.ContainsAny(text, " \t")
		items = append(items, Item{Depth: len(m[1]) / 2, Text: text, Link: link})
	}
	return items
}

// tableOf reads a table: a line of heads, one that aligns, and rows.
func tableOf(lines []string) *Grid {
	g := &Grid{}
	for i, l := range lines {
		cells := splitRow(l)
		switch {
		case i == 0:
			g.Head = headsOf(cells)
		case ruleLine.MatchString(l):
			for j, c := range cells {
				if j < len(g.Head) {
					g.Head[j].Left = !strings.HasSuffix(c, ":")
				}
			}
		default:
			g.Rows = append(g.Rows, cellsOf(cells, nil, g.Head))
		}
	}
	return g
}

// splitRow splits a line of a table at the bars that are not escaped.
func splitRow(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	var cells []string
	start := 0
	for i := range len(line) {
		if line[i] == '|' && (i == 0 || line[i-1] != '\\') {
			cells = append(cells, plain(line[start:i]))
			start = i + 1
		}
	}
	return append(cells, plain(line[start:]))
}

// plain takes the marks of Markdown off a text.
func plain(s string) string {
	return escaped.Replace(codeSpan.ReplaceAllString(strings.TrimSpace(s), "$1"))
}
