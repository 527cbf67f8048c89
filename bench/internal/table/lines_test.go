package table

import (
	"slices"
	"testing"
)

func TestLines(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{" one  two\n", 7, []string{"one two"}},
		{"one two", 6, []string{"one", "two"}},
		{"µs µs µs", 5, []string{"µs µs", "µs"}},
		{"a longword b", 3, []string{"a", "longword", "b"}},
	} {
		if got := Lines(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("Lines(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}
