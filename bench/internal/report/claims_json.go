package report

// A jsonClaim is a claim as data. Figures are ratios, or nanoseconds, or of
// rules that count how many of all.
type jsonClaim struct {
	Name    string       `json:"name"`
	Text    string       `json:"text"`
	Rule    string       `json:"rule"`
	Ruling  Ruling       `json:"ruling"`
	Finding string       `json:"finding"`
	Figures []jsonFigure `json:"figures"`
	Charts  []string     `json:"charts,omitempty"`
}

type jsonFigure struct {
	Label  string        `json:"label"`
	Text   string        `json:"text"`
	Bound  string        `json:"bound"`
	Ruling Ruling        `json:"ruling"`
	Beside bool          `json:"beside,omitempty"` // the claim does not stand on it
	Value  *jsonInterval `json:"value,omitempty"`
	Count  *uint64       `json:"count,omitempty"`
	Of     uint64        `json:"of,omitempty"`
	Why    string        `json:"why,omitempty"`
}

func (r *Report) jsonClaim(i int) jsonClaim {
	c := &r.Claims[i]
	out := jsonClaim{Name: c.Name, Text: c.Text, Rule: c.Rule, Ruling: c.Ruling, Finding: c.Finding, Charts: c.Charts}
	for k, f := range c.Figures {
		a := &r.judged[i].Rules[k]
		jf := jsonFigure{Label: f.Label, Text: f.Value, Bound: f.Bound, Ruling: f.Ruling, Beside: f.Beside, Why: a.Why}
		if a.Rule.Counts() {
			if a.N > 0 {
				jf.Count, jf.Of = &a.K, a.N
			}
		} else {
			jf.Value = interval(a.Value)
		}
		out.Figures = append(out.Figures, jf)
	}
	return out
}
