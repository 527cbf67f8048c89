package runner

import (
	"strings"
	"testing"
)

func TestOpener(t *testing.T) {
	for goos, want := range map[string]string{
		"linux": "xdg-open", "freebsd": "xdg-open", "darwin": "open", "windows": "rundll32 url.dll,FileProtocolHandler",
	} {
		if got := strings.Join(opener(goos), " "); got != want {
			t.Errorf("%s: %q, want %q", goos, got, want)
		}
	}
}

// Where nothing can open a page, the error names the page.
func TestOpenFileWithout(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := openFile("report.html")
	if err == nil || !strings.Contains(err.Error(), "there is no ") || !strings.Contains(err.Error(), "report.html in a browser") {
		t.Errorf("error %v", err)
	}
}
