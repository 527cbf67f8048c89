package demo

import (
	"errors"
	"fmt"
	"strings"
)

// Expected is for Check: it says how many of the things are missing or too
// many, or "" when got is want.
func Expected(things string, want, got int) string {
	switch {
	case got < want:
		return fmt.Sprintf("%d of %d %s lost", want-got, want, things)
	case got > want:
		return fmt.Sprintf("%d %s too many, beyond %d", got-want, things, want)
	}
	return ""
}

// Some is for Check: it says that so many things of n went wrong, or "" when
// none did.
func Some(n, of int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d %s", n, of, what)
}

// Validate returns the first thing that is wrong with a list of demonstrations,
// as one sentence that names the demonstration and the remedy, or nil.
func Validate(demos []Demo) error {
	seen := make(map[string]bool)
	for i := range demos {
		d := &demos[i]
		switch {
		case !word(d.Name):
			return fmt.Errorf("demonstration %d has the name %q: give it one word of lower-case letters, digits and hyphens", i+1, d.Name)
		case seen[d.Name]:
			return fmt.Errorf("demonstration %q is defined twice: rename one", d.Name)
		}
		seen[d.Name] = true
		if err := d.validate(); err != nil {
			return fmt.Errorf("demonstration %q: %w", d.Name, err)
		}
	}
	return nil
}

func (d *Demo) validate() error {
	switch {
	case d.Doc == "":
		return errors.New("it has no Doc: say in one sentence what goes wrong")
	case len(d.Fixes) == 0:
		return errors.New("it has no fix: show at least one that is right")
	case d.Small < 0 || d.Many < 0:
		return errors.New("its Small or Many is negative")
	case len(d.Expect.HiddenOn) > 0 && d.Expect.Hidden == "":
		return errors.New("it is hidden somewhere without a reason: set Hidden")
	case d.Expect.Kind == LogicBug && d.Expect.Detector != Never:
		return errors.New("it is a logic bug, which the detector never sees: set Detector to Never")
	}
	ways := make(map[string]bool)
	for _, w := range d.Ways() {
		switch {
		case !word(w.Name):
			return fmt.Errorf("a way has the name %q: give it one word of lower-case letters, digits and hyphens", w.Name)
		case ways[w.Name]:
			return fmt.Errorf("the way %q is defined twice: rename one", w.Name)
		case w.New == nil:
			return fmt.Errorf("the way %q has no New", w.Name)
		}
		ways[w.Name] = true
	}
	return nil
}

// word reports whether a name can stand in a file name, a benchmark name and a
// command line without quotes.
func word(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && name[0] != '-'
}
