package explore

import (
	"fmt"
	"reflect"
	"strconv"
)

// A Var is a variable that threads share. Each method that takes a thread is
// one step, and atomic: what a Go program does with x++ are two, a Load and a
// Store.
type Var[V any] struct {
	obj   Object
	value V
}

// NewVar makes a variable with its first value.
func NewVar[V any](t *T, name string, value V) *Var[V] {
	v := &Var[V]{value: value}
	v.obj.register(t, name, v)
	return v
}

// Load reads the variable.
func (v *Var[V]) Load(th *Thread) V {
	th.step(op{verb: "load", obj: &v.obj, reads: true})
	if th.t.trace != nil {
		th.note("= %v", v.value)
	}
	return v.value
}

// Store writes the variable.
func (v *Var[V]) Store(th *Thread, value V) {
	th.step(op{verb: "store", obj: &v.obj, writes: true})
	v.value = value
	if th.t.trace != nil {
		th.note("= %v", value)
	}
}

// Update reads and writes the variable in one atomic step, and returns the new
// value. The verb is what a trace shows: "double".
func (v *Var[V]) Update(th *Thread, verb string, f func(V) V) V {
	th.step(op{verb: verb, obj: &v.obj, reads: true, writes: true})
	v.value = f(v.value)
	if th.t.trace != nil {
		th.note("= %v", v.value)
	}
	return v.value
}

// Value is the value of the variable, without a step: for the outcome after
// Wait, and for fingerprints.
func (v *Var[V]) Value() V { return v.value }

// CompareAndSwap stores a new value if the variable has the old one, in one
// atomic step, and reports whether it did.
func CompareAndSwap[V comparable](th *Thread, v *Var[V], old, new V) bool {
	th.step(op{verb: "swap", obj: &v.obj, reads: true, writes: true})
	if v.value != old {
		if th.t.trace != nil {
			th.t.trace.nothing()
			th.note("failed, not %v but %v", old, v.value)
		}
		return false
	}
	v.value = new
	if th.t.trace != nil {
		th.note("= %v", new)
	}
	return true
}

func (v *Var[V]) show() string { return fmt.Sprint(v.value) }

func (v *Var[V]) append(key []byte) []byte {
	switch x := any(v.value).(type) {
	case int:
		return strconv.AppendInt(key, int64(x), 10)
	case bool:
		return strconv.AppendBool(key, x)
	case string:
		return strconv.AppendQuote(key, x)
	}
	return appendValue(key, v.value)
}

// An Int is a whole number that threads share: a Var that can be added to.
type Int struct{ Var[int] }

// NewInt makes a number with its first value.
func NewInt(t *T, name string, value int) *Int {
	v := &Int{Var[int]{value: value}}
	v.obj.register(t, name, &v.Var)
	return v
}

// Add adds to the number in one atomic step, and returns the sum.
func (v *Int) Add(th *Thread, delta int) int {
	th.step(op{verb: "add to", obj: &v.obj, reads: true, writes: true})
	v.value += delta
	if th.t.trace != nil {
		th.note("(%+d) = %d", delta, v.value)
	}
	return v.value
}

// CompareAndSwap is the function of that name.
func (v *Int) CompareAndSwap(th *Thread, old, new int) bool {
	return CompareAndSwap(th, &v.Var, old, new)
}

// appendValue adds a value of any type that means the same in every run, which
// a pointer does not.
func appendValue(key []byte, value any) []byte {
	if value != nil && !plain(reflect.TypeOf(value)) {
		panic(opaque{fmt.Sprintf("%T", value)})
	}
	return fmt.Appendf(key, "%#v", value)
}

// An opaque value cannot be part of a fingerprint. The panic with it comes up
// where the thread or the body is called.
type opaque struct{ kind string }

func (o opaque) Error() string {
	return fmt.Sprintf("explore: states cannot be merged: a shared value holds a %s, which is another one in every run; keep values without pointers, or take another strategy", o.kind)
}

// plain reports whether equal values of a type print equally, and others not.
func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.Func, reflect.Chan, reflect.Interface:
		return false
	case reflect.Array, reflect.Slice:
		return plain(t.Elem())
	case reflect.Map:
		return plain(t.Key()) && plain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !plain(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}
