package scenarios

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBaseName(t *testing.T) {
	for _, tt := range []struct {
		url  string
		want string // "" for an error
		err  string // part of it
	}{
		{"http://h/image/07.png", "07.png", ""},
		{"http://h/07.png?size=large&x=/../y", "07.png", ""},
		{"http://h/07.png#part", "07.png", ""},
		{"http://h/a%20b.png", "a b.png", ""},
		{"http://h/%C3%A4.png", "ä.png", ""},
		{"http://h/a+b.png", "a+b.png", ""},
		{"http://h/..png", "..png", ""},
		{"http://h/%2541.png", "%41.png", ""}, // unescaped once, not twice
		{"/07.png", "07.png", ""},

		{"http://h", "", "ends in a slash"},
		{"http://h/", "", "ends in a slash"},
		{"http://h/image/", "", "ends in a slash"},
		{"http://h/image/?name=07.png", "", "ends in a slash"},
		{"", "", "ends in a slash"},
		{"http://h/.", "", "is a directory"},
		{"http://h/image/..", "", "is a directory"},
		{"http://h/image/%2E%2e", "", "is a directory"},
		{"http://h/%2Fetc%2Fpasswd", "", "separator"},
		{"http://h/image/..%2F..%2Fpasswd", "", "separator"},
		{"http://h/%2F", "", "separator"},
		{"http://h/a%5Cb.png", "", "separator"},
		{`http://h/..\b.png`, "", "separator"},
		{"http://h/C:07.png", "", "colon"},
		{"http://h/a%00.png", "", "control character"},
		{"http://h/a%0A.png", "", "control character"},
		{"http://h/%FF.png", "", "not UTF-8"},
		{"http://h/07.png.part", "", "not whole"},
		{"http://h/07.png.PART", "", "not whole"},
		{"http://h/%zz.png", "", "invalid URL escape"},
	} {
		got, err := baseName(tt.url)
		switch {
		case got != tt.want || (err == nil) != (tt.err == ""):
			t.Errorf("baseName(%q) = %q, %v, want %q", tt.url, got, err, tt.want)
		case err != nil && (!strings.Contains(err.Error(), tt.err) || !strings.Contains(err.Error(), tt.url)):
			t.Errorf("baseName(%q): error %q, want the URL and %q", tt.url, err, tt.err)
		}
	}
}

func TestBaseNames(t *testing.T) {
	got, err := baseNames([]string{"http://h/a/1.png", "http://h/b/2.png", "http://h/1.jpg"})
	if want := []string{"1.png", "2.png", "1.jpg"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, tt := range []struct {
		urls []string
		want string
	}{
		{[]string{"http://h/a/1.png", "http://h/b/1.png"}, `http://h/b/1.png: its file name "1.png" is taken by http://h/a/1.png`},
		{[]string{"http://h/1.png", "http://h/1.png?again"}, "is taken by http://h/1.png"},
		{[]string{"http://h/1.png", "http://h/%31.PNG"}, "is taken by http://h/1.png"},
		{[]string{"http://h/1.png", "http://h/.."}, "is a directory"},
	} {
		if names, err := baseNames(tt.urls); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("baseNames(%q) = %q, %v, want an error with %q", tt.urls, names, err, tt.want)
		}
	}
}

// Whatever the URL, the name is that of a file in the directory itself.
func FuzzBaseName(f *testing.F) {
	for _, seed := range []string{"http://h/image/07.png", "http://h/..%2f..%5cx?y#z", "//h/%2e%2e", "http://h/C:x", "http://h/a%00b", "x:y/z", "http://[::1]/%25%32%46"} {
		f.Add(seed)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, url string) {
		name, err := baseName(url)
		if err != nil {
			if name != "" {
				t.Errorf("%q: name %q beside the error %v", url, name, err)
			}
			return
		}
		switch {
		case name == "" || name == "." || name == "..":
			t.Errorf("%q: name %q", url, name)
		case strings.ContainsAny(name, "/\\\x00"):
			t.Errorf("%q: name %q has a separator", url, name)
		case !filepath.IsLocal(name) || filepath.IsAbs(name) || filepath.Base(name) != name:
			t.Errorf("%q: name %q is not local", url, name)
		case filepath.Dir(filepath.Join(dir, name)) != dir:
			t.Errorf("%q: name %q leaves the directory", url, name)
		case filepath.Join(dir, name+partSuffix) == filepath.Join(dir, name):
			t.Errorf("%q: name %q is that of its own part", url, name)
		}
	})
}
