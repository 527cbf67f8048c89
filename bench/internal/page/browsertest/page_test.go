package browsertest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The page of a run, and what is wrong with it in a browser.
func TestPage(t *testing.T) {
	browser := start(t)
	pages := map[string]string{"reference": reference(t), "hostile": hostile(t)}
	for name, html := range pages {
		for from, url := range map[string]string{"file": asFile(t, html), "server": served(t, html)} {
			for _, c := range checks {
				if from == "server" && c.name != "is quiet" {
					continue
				}
				for _, v := range c.views {
					t.Run(strings.Join([]string{name, from, c.name, v.String()}, "/"), func(t *testing.T) {
						p := open(t, browser, url, v)
						for _, wrong := range c.find(p) {
							t.Error(wrong)
						}
						if !t.Failed() {
							for _, wrong := range p.heard() {
								t.Error(wrong)
							}
						}
					})
				}
			}
		}
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
