package explore

// An Object is something that threads share, by its name: what Read and Write
// steps touch. Steps on different objects are independent, and so are two that
// only read, which is what the strategy Pruned makes use of.
type Object struct {
	name  string
	index int
	state state // nil for an object whose state the explorer does not know
}

// A state is what an object holds.
type state interface {
	// show returns it for a trace, "" for nothing worth a word.
	show() string
	// append adds it to a fingerprint.
	append(key []byte) []byte
}

// anything is what a Step touches.
var anything = new(Object)

// NewObject names something that threads share and that the body holds itself:
// a map, a slice, a struct.
func NewObject(t *T, name string) *Object {
	o := new(Object)
	o.register(t, name, nil)
	return o
}

func (o *Object) register(t *T, name string, s state) {
	o.name, o.index, o.state = name, len(t.objects), s
	t.objects = append(t.objects, o)
}

// Name is the name that the object was made with.
func (o *Object) Name() string { return o.name }

// Read takes a step that reads the object and touches nothing else.
func (o *Object) Read(th *Thread, label string, f func()) {
	th.step(op{verb: label, obj: o, reads: true})
	f()
}

// Write takes a step that reads and writes the object and touches nothing
// else.
func (o *Object) Write(th *Thread, label string, f func()) {
	th.step(op{verb: label, obj: o, reads: true, writes: true})
	f()
}
