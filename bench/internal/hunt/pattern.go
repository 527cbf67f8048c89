package hunt

import (
	"fmt"
	"regexp"
	"strings"
)

// below returns the part of an expression for -run that is on subtests, with
// its slash.
func below(expr string) string {
	_, rest := split(expr)
	return rest
}

// split cuts an expression at its first slash outside of brackets.
func split(expr string) (first, rest string) {
	depth := 0
	for i := 0; i < len(expr); i++ {
		switch expr[i] {
		case '\\':
			i++
		case '[', '(':
			depth++
		case ']', ')':
			depth--
		case '/':
			if depth == 0 {
				return expr[:i], expr[i:]
			}
		}
	}
	return expr, ""
}

// CheckRun says what is wrong with an expression for Options.Run.
func CheckRun(expr string) error {
	for rest := expr; rest != ""; rest = strings.TrimPrefix(rest, "/") {
		var part string
		if part, rest = split(rest); part == "" && rest == "" {
			break
		}
		if _, err := regexp.Compile(part); err != nil {
			return fmt.Errorf("-run %s: %q is not a regular expression", expr, part)
		}
	}
	return nil
}
