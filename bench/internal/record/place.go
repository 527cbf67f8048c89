package record

import (
	"bytes"
	"math"
)

// A trialLine is a trial event and the line where it stands. There is one for
// each measurement, so it is small.
type trialLine struct {
	line               int
	fork, round, order int32
	whole              *Place // if it has more, or larger numbers
}

func newTrialLine(line int, at Place) trialLine {
	if (at != Place{Fork: at.Fork, Round: at.Round, Order: at.Order}) || max(at.Fork, at.Round, at.Order) > math.MaxInt32 {
		return trialLine{line: line, whole: &at}
	}
	return trialLine{line, int32(at.Fork), int32(at.Round), int32(at.Order), nil}
}

func (t *trialLine) place() Place {
	if t.whole != nil {
		return *t.whole
	}
	return Place{Fork: int(t.fork), Round: int(t.round), Order: int(t.order)}
}

// trialPrefix begins the line of a trial event.
var trialPrefix = []byte(`#il {"trial":`)

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
