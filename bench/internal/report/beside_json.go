package report

// jsonBeside is what was measured in another language, as data.
type jsonBeside struct {
	Language       string          `json:"language"`
	Version        string          `json:"version,omitempty"`
	Implementation string          `json:"implementation,omitempty"`
	Lock           *bool           `json:"global_lock,omitempty"` // absent where it is not known
	Absent         string          `json:"absent,omitempty"`      // why there is nothing
	Sentence       string          `json:"sentence"`
	Ways           []jsonBesideWay `json:"ways"`
}

// Times are nanoseconds of one unit of the job in both languages.
type jsonBesideWay struct {
	Job     string       `json:"job"`
	Way     string       `json:"way"`
	Workers int          `json:"workers"`
	Unit    string       `json:"unit,omitempty"` // "" for the whole job
	Case    string       `json:"case"`           // of ours
	Go      *jsonOneSide `json:"go,omitempty"`
	Other   *jsonOneSide `json:"other,omitempty"`
	Void    string       `json:"void,omitempty"` // why the other has no numbers
}

type jsonOneSide struct {
	Time    *jsonInterval `json:"ns,omitempty"`
	Speedup *jsonInterval `json:"speedup,omitempty"`
	Trials  int           `json:"trials,omitempty"` // of a way that may go wrong, which has no speed
	Wrong   *int          `json:"wrong,omitempty"`  // of these
}

func (r *Report) besideJSON() *jsonBeside {
	i := r.Run.Peers.Interpreter
	if i == nil {
		return nil
	}
	out := &jsonBeside{
		Language: i.Language, Version: i.Version, Implementation: i.Implementation, Lock: i.Lock, Absent: i.Absent,
		Sentence: r.Beside.Sentence, Ways: []jsonBesideWay{},
	}
	for _, w := range r.besideWays() {
		one := jsonBesideWay{Job: w.Job, Way: w.Way, Workers: w.Workers, Unit: w.Unit, Case: w.Case}
		if w.void != nil {
			one.Void = w.void.Why
		}
		switch {
		case w.racing != nil:
			one.Go = &jsonOneSide{Trials: w.racing.Trials, Wrong: &w.racing.Wrong}
		case w.ours != nil && w.ours.Unclear:
			one.Go = &jsonOneSide{Time: interval(w.time)}
		case w.ours != nil:
			one.Go = &jsonOneSide{Time: interval(w.time), Speedup: interval(w.ours.Speedup)}
		}
		switch {
		case w.trials == 0:
		case w.Racy:
			one.Other = &jsonOneSide{Trials: w.trials, Wrong: &w.wrong}
		default:
			one.Other = &jsonOneSide{Time: interval(w.theirs), Speedup: interval(w.speedup)}
		}
		out.Ways = append(out.Ways, one)
	}
	return out
}
