package scenarios

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// partSuffix marks a file that is not whole yet.
const partSuffix = ".part"

// baseNames returns the file names of URLs, which must differ from each other:
// the second of two would silently replace the first.
func baseNames(urls []string) ([]string, error) {
	names := make([]string, len(urls))
	taken := make(map[string]string) // name in lower case, as some file systems see it
	for i, u := range urls {
		name, err := baseName(u)
		if err != nil {
			return nil, err
		}
		key := strings.ToLower(name)
		if other, ok := taken[key]; ok {
			return nil, fmt.Errorf("%s: its file name %q is taken by %s", u, name, other)
		}
		names[i], taken[key] = name, u
	}
	return names, nil
}

// baseName returns the file name for a URL: the last part of its path, without
// the query. The path is split first and unescaped then. The other way round,
// /a%2Fb would quietly become b, and what looks like an attack should be
// refused, not repaired.
func baseName(rawURL string) (string, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "", err // it names the URL
	}
	path := u.EscapedPath()
	name, err := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:])
	if err == nil {
		err = checkFileName(name)
	}
	if err != nil {
		return "", fmt.Errorf("%s: no file name in it: %w", rawURL, err)
	}
	return name, nil
}

// checkFileName returns why a name cannot be that of a file in the directory,
// on any system, or nil.
func checkFileName(name string) error {
	switch {
	case name == "":
		return errors.New("the path ends in a slash")
	case name == "." || name == "..":
		return fmt.Errorf("%q is a directory", name)
	case strings.ContainsAny(name, `/\`):
		return fmt.Errorf("%q contains a separator", name)
	case strings.Contains(name, ":"): // C:x.png, or a stream of a file
		return fmt.Errorf("%q contains a colon, which makes it absolute on Windows", name)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("%q contains a control character, or is not UTF-8", name)
	case strings.HasSuffix(strings.ToLower(name), partSuffix):
		return fmt.Errorf("%q ends in %s, which marks files that are not whole yet", name, partSuffix)
	case !filepath.IsLocal(name):
		return fmt.Errorf("%q is no file here", name) // NUL and the like, on Windows
	}
	return nil
}
