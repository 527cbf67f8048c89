package gate

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A node is a piece of a YAML file with the line where it stands. Decoding into
// structs was tried first: it knows the line of an unknown key, but no longer
// that of a value which turns out to make no sense.
type node struct {
	line   int
	kind   nodeKind
	text   string // of a scalar
	items  []node // of a list
	fields []field
}

type nodeKind string

const (
	scalar  nodeKind = "a value"
	listed  nodeKind = "a list"
	mapping nodeKind = "a mapping"
	nothing nodeKind = "nothing"
)

// A field is a key of a mapping and its value.
type field struct {
	line  int
	key   string
	value node
}

// A fileError says what is wrong with a budgets file, and where.
type fileError struct {
	file string
	line int
	text string
}

func (e *fileError) Error() string {
	if e.line == 0 {
		return fmt.Sprintf("%s: %s", e.file, e.text)
	}
	return fmt.Sprintf("%s:%d: %s", e.file, e.line, e.text)
}

// bareBound is a bound that somebody forgot to quote.
var bareBound = regexp.MustCompile(`:\s*[<>]`)

// lineAt returns a line, which count from 1, or nothing if there is none.
func lineAt(data []byte, line int) []byte {
	lines := bytes.Split(data, []byte("\n"))
	if line < 1 || line > len(lines) {
		return nil
	}
	return lines[line-1]
}

// parseYAML reads one YAML document.
func parseYAML(name string, data []byte) (root node, err error) {
	fail := func(line int, format string, args ...any) (node, error) {
		return node{}, &fileError{name, line, fmt.Sprintf(format, args...)}
	}
	defer func() {
		// The library may panic on a broken file, and we cannot rule that out.
		if p := recover(); p != nil {
			root, err = fail(0, "this cannot be read as YAML: %v", p)
		}
	}()
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // some editors mark UTF-8 so
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return fail(1, "this is UTF-16: save it as UTF-8")
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) {
			line := lineOf(at.GetToken())
			if bareBound.Match(lineAt(data, line)) {
				return fail(line, "a bound needs quotes, such as \">= 1.9\": > begins a text of several lines in YAML")
			}
			return fail(line, "this is not YAML: %s", at.GetMessage())
		}
		text, _, _ := strings.Cut(err.Error(), "\n")
		return fail(0, "this is not YAML: %s", text)
	}
	docs := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d == nil || d.Body == nil })
	switch len(docs) {
	case 0:
		return node{kind: nothing}, nil
	case 1:
	default:
		return fail(lineOf(docs[1].Body.GetToken()), "there is a second document: write one list of rules")
	}
	root, bad := convert(docs[0].Body, 0)
	if bad != nil {
		bad.file = name
		return node{}, bad
	}
	return root, nil
}

func lineOf(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 0
	}
	return t.Position.Line
}

// maxDepth is far more than a budgets file needs.
const maxDepth = 20

// convert makes a node of what the library has parsed.
func convert(n ast.Node, depth int) (node, *fileError) {
	if n == nil {
		return node{kind: nothing}, nil
	}
	line := lineOf(n.GetToken())
	if depth > maxDepth {
		return node{}, &fileError{line: line, text: "this is nested too deeply"}
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return node{line: line, kind: nothing}, nil
	case *ast.MappingNode:
		return convertMapping(line, n.Values, depth)
	case *ast.MappingValueNode:
		return convertMapping(lineOf(n.Key.GetToken()), []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out := node{line: line, kind: listed}
		for _, v := range n.Values {
			item, err := convert(v, depth+1)
			if err != nil {
				return node{}, err
			}
			out.items = append(out.items, item)
		}
		return out, nil
	case *ast.StringNode:
		return node{line: line, kind: scalar, text: n.Value}, nil
	case *ast.LiteralNode:
		return node{}, &fileError{line: line, text: "a text over several lines makes no sense here; a bound needs quotes: \">= 1.9\""}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node{line: line, kind: scalar, text: n.GetToken().Value}, nil
	}
	return node{}, &fileError{line: line, text: "anchors, aliases and tags are not read: write the value itself"}
}

func convertMapping(line int, values []*ast.MappingValueNode, depth int) (node, *fileError) {
	out := node{line: line, kind: mapping}
	for i, v := range values {
		key, err := convert(v.Key, depth+1)
		if err != nil {
			return node{}, err
		}
		if i == 0 {
			out.line = key.line
		}
		if key.kind != scalar {
			return node{}, &fileError{line: key.line, text: "a key must be a word"}
		}
		value, err := convert(v.Value, depth+1)
		if err != nil {
			return node{}, err
		}
		if value.line == 0 {
			value.line = key.line
		}
		if slices.ContainsFunc(out.fields, func(f field) bool { return f.key == key.text }) {
			return node{}, &fileError{line: key.line, text: fmt.Sprintf("the key %q stands twice: leave one out", key.text)}
		}
		out.fields = append(out.fields, field{key.line, key.text, value})
	}
	return out, nil
}
