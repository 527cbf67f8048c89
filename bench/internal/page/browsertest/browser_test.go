package browsertest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/interleave-go/interleave/bench/internal/child"
)

// limit ends the browser, and with it all tests, when something hangs.
const limit = 5 * time.Minute

// browsers are the programs that will do, in the order of scripts/browser.
// Where there is a google-chrome, chromium may be a package that cannot see the
// temporary files of others.
var browsers = []string{"google-chrome", "chromium", "chromium-browser", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}

func findBrowser() (string, error) {
	if path := os.Getenv("INTERLEAVE_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium: make browser installs it")
}

// skip skips a test that lacks something. Under make browser nothing may lack.
func skip(t *testing.T, why ...any) {
	t.Helper()
	if os.Getenv("INTERLEAVE_BROWSER") == "required" {
		t.Fatal(why...)
	}
	t.Skip(why...)
}

// start starts a browser with a profile of its own and returns the context of
// its first tab. The browser and whatever it started are ended with the test.
func start(t *testing.T) context.Context {
	if testing.Short() {
		t.Skip("a browser takes its time, and the race detector cannot look into it")
	}
	path, err := findBrowser()
	if err != nil {
		skip(t, err)
	}
	axe(t) // before anything else is tried, as make browser installs both
	var process *exec.Cmd
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), // the page has all of the width
		// Nothing leaves this machine, whatever the page or the browser asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) {
			child.DieWithParent(cmd)
			process = cmd
		}),
	)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if process != nil {
			child.Kill(process)
		}
		cancelAllocator() // waits for the process, and removes its profile
		cancel()
	})
	if err := chromedp.Do(ctx); err != nil {
		skip(t, path, " does not start: ", err)
	}
	return ctx
}

// root is the top of the repository.
func root(t *testing.T) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("no path of this file")
	}
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..")
}

// axe returns the source of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root(t), "bin", "browser", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		skip(t, "no axe-core: make browser installs it: ", err)
	}
	return string(source)
}
