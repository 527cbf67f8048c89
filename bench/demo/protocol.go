package demo

// ChildEnv is the environment variable that makes a process a child: it holds
// a [Job] in JSON. The child writes one [Event] a line, in JSON, to the file
// with descriptor [EventFD]. Standard output and error belong to the code.
const (
	ChildEnv = "INTERLEAVE_RACE"
	EventFD  = 3
	Protocol = "1"
)

// A Job is what a child is to do: so many trials of one way at one level.
type Job struct {
	Protocol string `json:"protocol"`
	Demo     string `json:"demo"`
	Way      string `json:"way"`
	Level    Level  `json:"level"`
	Trials   int    `json:"trials"`
	N        int    `json:"n"`
	Workers  int    `json:"workers"`

	// Beats is after how many heartbeats a trial counts as hung.
	Beats int `json:"beats"`

	// Bare leaves a panic to the runtime, which ends the process, as it
	// would end the program of a reader.
	Bare bool `json:"bare,omitempty"`

	// Until is when no further trial begins, in milliseconds from the start.
	// 0 is never.
	Until int `json:"until,omitempty"`
}

// An Event is one message of a child. Exactly one field is set.
type Event struct {
	Hello  string   `json:"hello,omitempty"` // the protocol; before the first trial
	Result *Result  `json:"result,omitempty"`
	Hung   *Hung    `json:"hung,omitempty"` // the trial will not end; last event
	Done   *Summary `json:"done,omitempty"` // all trials were made; last event
	Failed string   `json:"failed,omitempty"`
}

// A Result is what came of one trial.
type Result struct {
	Anomaly string `json:"anomaly,omitempty"`
	Panic   bool   `json:"panic,omitempty"` // the anomaly is a panic
	Overlap bool   `json:"overlap"`         // two goroutines were in Body at once
	Nanos   int64  `json:"ns"`              // of the whole trial, with set-up and check
}

// Hung describes a trial that does not end.
type Hung struct {
	// Beats is how often a goroutine of its own has woken up since the trial
	// began: the process was not merely left without a core.
	Beats int `json:"beats"`

	// States are what the goroutines of the trial do, as the runtime names
	// it: "running", "sync.Mutex.Lock".
	States []string `json:"states"`
}

// A Summary ends a job.
type Summary struct {
	Trials int      `json:"trials"`
	Pinned bool     `json:"pinned"` // every thread had a core of its own
	Leaked []string `json:"leaked,omitempty"`
}
