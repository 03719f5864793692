package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// viewerScheme begins the address of the browser's own PDF viewer.
const viewerScheme = "chrome-extension://"

// Viewed waits until the browser's own viewer has drawn the PDF of the page, selects
// everything in it as Ctrl+A does, and gives the selected text.
func (d *Desk) Viewed() string {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.ctx, d.Patience)
	defer stop()
	id, err := d.viewer(ctx)
	if err != nil {
		d.fatal("waiting for the PDF viewer: %v", err)
	}
	inside, leave := chromedp.NewContext(ctx, chromedp.WithTargetID(id), chromedp.WithDetachOnCancel())
	defer leave()
	text, err := chromedp.Run(inside, chromedp.Evaluate[string](selectAll, chromedp.EvalAwaitPromise))
	if err != nil {
		d.fatal("selecting the text of the PDF: %v", err)
	}
	return text
}

// viewer waits for the viewer's own target.
func (d *Desk) viewer(ctx context.Context) (target.ID, error) {
	for {
		all, err := chromedp.Targets(ctx)
		if err != nil {
			return "", err
		}
		for _, one := range all {
			if strings.HasPrefix(one.URL, viewerScheme) {
				return one.TargetID, nil
			}
		}
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("no target of %d is a viewer: %w", len(all), err)
		}
	}
}

// selectAll waits for the viewer to load and lay out its document, then selects all
// text and reads the selection.
const selectAll = `(async () => {
	const drawn = () => new Promise(requestAnimationFrame);
	let viewer;
	while ((viewer = document.querySelector("pdf-viewer"))?.loadState_ !== "success") {
		if (viewer?.loadState_ === "failed") throw new Error("the viewer refuses the file");
		await drawn();
	}
	const plugin = viewer.pluginController_;
	plugin.selectAll();
	const {selectedText} = await plugin.getSelectedText();
	await drawn();
	return selectedText;
})()`
