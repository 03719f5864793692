// Package browsertest puts a clerk in front of a real browser.
//
// What a page does is only known from a browser that does it: focus, keys, dropped
// files, streams of news, the viewer that draws a PDF. A Desk is a headless Chromium of
// the size that offices have, driven by what a person sees and presses. Every step
// waits for what it is about and none for the clock, and a script that fails anywhere
// fails the test.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// ShotsVariable names the environment variable with a directory for pictures of every
// screen. Tests ask for it and hand its value to Open.
const ShotsVariable = "HOSO_TEST_SCREENSHOTS"

// Desk is a browser with one open page, for one goroutine.
type Desk struct {
	// Patience is how long a step may take.
	Patience time.Duration

	t     testing.TB
	ctx   context.Context //nolint:containedctx // chromedp keeps its browser in a context
	shots string
}

// Open starts a browser that ends with the test. Pictures go to the directory shots;
// "" takes none.
func Open(t testing.TB, shots string) *Desk {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("chromium is needed for this test: %v", err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("no-first-run", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Env("LC_ALL=C.UTF-8"), // file names are Vietnamese, whatever the locale of whoever runs this
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1366, 768))
	ctx, stopBrowser := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), opts...)
	t.Cleanup(stopBrowser)
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("closing the browser: %v", err)
		}
		stop()
	})
	d := &Desk{Patience: 20 * time.Second, t: t, ctx: ctx, shots: shots}
	err = chromedp.Listen(ctx, func(e any) {
		if thrown, ok := e.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page's script failed: %s", thrown.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	return d
}

// Do runs actions one after the other, and says what they were for if one fails.
func (d *Desk) Do(what string, actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.ctx, d.Patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		d.fatal("%s: %v; the page: %s", what, err, d.seen())
	}
}

// Ask evaluates an expression in the page of d and gives its value; a promise is
// waited for.
func Ask[T any](d *Desk, expression string) T {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.ctx, d.Patience)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		d.fatal("asking the page %s: %v", expression, err)
	}
	return value
}

// Holds waits until an expression is true in the page.
func (d *Desk) Holds(what, expression string) {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.ctx, d.Patience)
	defer stop()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression))
		if err == nil {
			return
		}
		// A page that is just being left takes its predicate with it, hence the attempts.
		if ctx.Err() != nil {
			d.fatal("waiting for %s: %v; the page: %s", what, err, d.seen())
		}
	}
}

// seen tells what a page shows and what is in focus, for who has to find out why it is
// not what was expected.
func (d *Desk) seen() string {
	ctx, stop := context.WithTimeout(d.ctx, 5*time.Second)
	defer stop()
	const look = `location.pathname + " focus " + (document.activeElement?.name || document.activeElement?.tagName) + ": " + document.body.innerText.replace(/\s+/g, " ").slice(0, 1500)`
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](look))
	if err != nil {
		return err.Error()
	}
	return text
}

// ran is true in a page whose own scripts have run: keys that come before are lost.
const ran = `performance.getEntriesByType("navigation")[0]?.domContentLoadedEventEnd > 0`

// Says waits until an element says something, whatever the white space between words, and
// the page listens to keys.
func (d *Desk) Says(selector, text string) {
	d.t.Helper()
	d.Holds(fmt.Sprintf("%s to say %q", selector, text),
		fmt.Sprintf("%s && [...document.querySelectorAll(%s)].some(e => e.textContent.replace(/\\s+/g, ' ').includes(%s))", ran, quoted(selector), quoted(text)))
}

// Text gives what an element says, with single spaces.
func (d *Desk) Text(selector string) string {
	d.t.Helper()
	text := Ask[string](d, fmt.Sprintf("document.querySelector(%s).textContent", quoted(selector)))
	return strings.Join(strings.Fields(text), " ")
}

// Choose hands files to a file field, as its dialog would.
func (d *Desk) Choose(selector string, files ...string) {
	d.t.Helper()
	d.Do("choosing files", chromedp.SetUploadFiles(selector, files))
}

// Shot takes a picture of what is in the window.
func (d *Desk) Shot(name string) {
	d.t.Helper()
	if d.shots == "" {
		return
	}
	png, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		d.t.Errorf("taking a picture of %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(d.shots, name+".png"), png, 0o600); err != nil {
		d.t.Errorf("keeping a picture of %s: %v", name, err)
	}
}

func (d *Desk) fatal(format string, args ...any) {
	d.t.Helper()
	d.Shot("failure")
	d.t.Fatalf(format, args...)
}

// quoted writes text as a string of JavaScript.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""` // a string can always be written
	}
	return string(b)
}
