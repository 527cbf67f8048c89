package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// pages are those that are looked at.
func pages(t *testing.T) []struct{ name, html string } {
	return []struct{ name, html string }{{"reference", reference(t)}, {"hostile", hostile(t)}}
}

// Nothing is wrong with a page, however it is looked at.
func TestPage(t *testing.T) {
	browser := start(t)
	for _, page := range pages(t) {
		url := asFile(t, page.html)
		for _, c := range checks {
			for _, v := range c.views {
				t.Run(strings.Join([]string{page.name, c.name, v.String()}, "/"), func(t *testing.T) { nothingWrong(t, browser, url, c, v) })
			}
		}
		c := checks[0] // where a page comes from matters to what it may ask for
		t.Run(page.name+"/from a server/"+c.name, func(t *testing.T) { nothingWrong(t, browser, served(t, page.html), c, desk) })
	}
}

func nothingWrong(t *testing.T, browser context.Context, url string, c check, v view) {
	p := open(t, browser, url, v)
	wrong := c.find(p)
	if len(wrong) == 0 {
		wrong = p.heard() // no page makes noise, whatever one does with it
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

// Every check finds what it is there for.
func TestChecksFind(t *testing.T) {
	browser := start(t)
	html := hostile(t)
	for _, c := range checks {
		for _, spoilt := range c.spoilt {
			t.Run(c.name+"/"+spoilt, func(t *testing.T) {
				p := open(t, browser, asFile(t, spoil(html, spoilt)), c.views[0])
				found := c.find(p)
				if len(found) == 0 {
					t.Errorf("it finds nothing wrong with %s", spoilt)
				}
				t.Log(strings.Join(found, "\n"))
			})
		}
	}
}

// spoil adds what is wrong to the end of a page.
func spoil(html, with string) string {
	if !strings.HasPrefix(with, "<") {
		with = "<style>" + with + "</style>"
	}
	return strings.Replace(html, "</body>", with+"</body>", 1)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// asFile returns the address of a page as a file.
func asFile(t *testing.T, html string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

// served returns the address of a page on a server, which fails the test if it
// is asked for anything else.
func served(t *testing.T, html string) string {
	t.Helper()
	var mu sync.Mutex
	var other []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/report.html" {
			mu.Lock()
			defer mu.Unlock()
			other = append(other, r.URL.String())
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html") // no charset: the page must say that itself
		w.Write([]byte(html))
	}))
	t.Cleanup(func() {
		server.Close()
		if len(other) > 0 {
			t.Errorf("the server was also asked for %q", other)
		}
	})
	return server.URL + "/report.html"
}
