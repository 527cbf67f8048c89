package browsertest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A view is how a page is looked at.
type view struct {
	width   int64 // CSS pixels
	dark    bool
	paper   bool
	scripts bool
}

var desk, phone = view{width: 1280, scripts: true}, view{width: 390, scripts: true}

func (v view) in(dark bool) view {
	v.dark = dark
	return v
}

func (v view) scheme() string {
	if v.dark {
		return "dark"
	}
	return "light"
}

func (v view) String() string {
	name := fmt.Sprintf("%s-%d", v.scheme(), v.width)
	if v.paper {
		name += "-paper"
	}
	if !v.scripts {
		name += "-no-scripts"
	}
	return name
}

// A tab shows a page, and keeps what the page said and asked for.
type tab struct {
	*testing.T
	ctx  context.Context
	view view

	mu    sync.Mutex
	noise []string
}

// open opens a page in a tab without a past. It is closed with the test.
func open(t *testing.T, browser context.Context, url string, v view) *tab {
	t.Helper()
	p := &tab{T: t}
	var cancel context.CancelFunc
	p.ctx, cancel = chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(func(event any) { p.hear(url, event) }))
	t.Cleanup(cancel)
	p.look(v)
	p.do(chromedp.Navigate(url))
	p.settle()
	return p
}

// hear keeps whatever a page should not do: say something to the console, even
// in a friendly way, or ask for anything but itself.
func (p *tab) hear(self string, event any) {
	var heard string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		heard = fmt.Sprintf("console.%s is called", e.Type)
		for _, arg := range e.Args {
			heard += fmt.Sprintf(" %s%s", arg.Value, arg.Description)
		}
	case *runtime.EventExceptionThrown:
		heard = "exception: " + (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error()
	case *log.EventEntryAdded:
		heard = fmt.Sprintf("the browser's log has an %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; url != self && !strings.HasPrefix(url, "data:") {
			heard = "request: " + url
		}
	case *network.EventWebSocketCreated:
		heard = "connection: " + e.URL
	}
	if heard != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.noise = append(p.noise, heard)
	}
}

// heard returns what the page did that it should not.
func (p *tab) heard() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.noise...)
}

// look changes how the page is looked at.
func (p *tab) look(v view) {
	p.Helper()
	p.view = v
	media := emulation.SetEmulatedMediaParams{Media: "screen", Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: v.scheme()},
		{Name: "prefers-reduced-motion", Value: "reduce"}, // otherwise it is not known when the page has come to rest
	}}
	if v.paper {
		media.Media = "print"
	}
	narrow := v.width < 600
	p.do(
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
			return err
		}),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !v.scripts})
			return err
		}),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
				Width: v.width, Height: 800, DeviceScaleFactor: 1, Mobile: narrow,
			})
			return err
		}),
	)
}

// settle waits until what was asked of the page is drawn. Without scripts, the
// page does not change once it is loaded.
func (p *tab) settle() {
	p.Helper()
	if !p.view.scripts {
		return
	}
	eval[bool](p, `document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// eval evaluates an expression in the page and waits for it, if it is a promise.
func eval[T any](p *tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

// call calls a file of testdata, which is a function that looks at the page.
func call[T any](p *tab, name string, argument ...int) T {
	p.Helper()
	arguments := strings.Trim(fmt.Sprint(argument), "[]")
	return eval[T](p, "("+read(p.T, filepath.Join("testdata", name))+"\n)("+arguments+")")
}

// press presses keys where the focus is.
func (p *tab) press(keys string) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys))
	p.settle()
}

// click clicks the middle of an element, which is given as an expression.
func (p *tab) click(element string) {
	p.Helper()
	x, y := p.middle(element)
	p.do(chromedp.MouseClickXY(x, y))
	p.settle()
}

// point moves the mouse to the middle of an element.
func (p *tab) point(element string) {
	p.Helper()
	x, y := p.middle(element)
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
	p.settle()
}

// middle brings an element to the screen and returns where that is.
func (p *tab) middle(element string) (x, y float64) {
	p.Helper()
	at := eval[[]float64](p, fmt.Sprintf(`(e => {
		e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
		const r = e.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})(%s)`, element))
	return at[0], at[1]
}

// pictures returns the first screen and then the whole page as PNGs, one below
// the other: there is a limit to what a browser can draw at once.
func (p *tab) pictures() (shots [][]byte) {
	p.Helper()
	const most = 12000
	size := eval[[]float64](p, `[document.documentElement.clientWidth, innerHeight, document.documentElement.scrollHeight]`)
	shots = append(shots, p.picture(0, size[0], size[1]))
	for y := 0.0; y < size[2]; y += most {
		shots = append(shots, p.picture(y, size[0], min(most, size[2]-y)))
	}
	return shots
}

// picture returns a part of the page, over its width.
func (p *tab) picture(y, width, height float64) []byte {
	p.Helper()
	shot, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Clip: &page.Viewport{Y: y, Width: width, Height: height, Scale: 1}, CaptureBeyondViewport: new(true),
	})
	if err != nil {
		p.Fatal(err)
	}
	return shot.Data
}
