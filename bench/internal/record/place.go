package record

import "bytes"

// parsePlace parses the trial event of a measurement as the writer writes it.
// There is one above every benchmark line: taking them through encoding/json
// took as long as all else together. ok is false for whatever is written
// otherwise, which is left to encoding/json.
func parsePlace(body []byte) (at Place, ok bool) {
	rest, ok := bytes.CutPrefix(body, []byte(`{"trial":{"fork":`))
	if !ok {
		return Place{}, false
	}
	if at.Fork, rest, ok = cutCount(rest, `,"round":`); !ok {
		return Place{}, false
	}
	if at.Round, rest, ok = cutCount(rest, `,"order":`); !ok {
		return Place{}, false
	}
	if at.Order, rest, ok = cutCount(rest, `}}`); !ok || len(rest) > 0 {
		return Place{}, false
	}
	return at, true
}

// cutCount parses a positive number of at most nine digits in front of what
// must follow.
func cutCount(text []byte, then string) (n int, rest []byte, ok bool) {
	i := 0
	for i < len(text) && i < 9 && '0' <= text[i] && text[i] <= '9' {
		n = 10*n + int(text[i]-'0')
		i++
	}
	if i == 0 || text[0] == '0' || !bytes.HasPrefix(text[i:], []byte(then)) {
		return 0, nil, false
	}
	return n, text[i+len(then):], true
}
