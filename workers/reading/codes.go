package reading

import (
	"context"

	"hoso/pipeline"
	"hoso/pipeline/codes"
	"hoso/pipeline/intake/patience"
	"hoso/pipeline/prepare"
)

// codes looks for QR codes and barcodes. It may take a small part of the page's time, and
// whatever goes wrong costs what was not found yet and nothing of the page.
func (r *Reader) codes(ctx context.Context, p *prepare.Prepared) []codes.Code {
	if r.opt.NoCodes {
		return nil
	}
	const share = 10 // of the page's patience
	within, cancel := patience.Within(ctx, r.opt.Patience/share, patience.Thread())
	defer cancel()
	found, _ := codes.Find(within, p.Plain())
	r.watch.done("codes")
	return found
}

// placedCodes gives codes with boxes in pixels of the upright page.
func placedCodes(found []codes.Code, p *prepare.Prepared) []pipeline.Code {
	var out []pipeline.Code
	for _, c := range found {
		out = append(out, pipeline.Code{Kind: c.Kind, Text: c.Text, Box: p.PlainBox(c.Box)})
	}
	return out
}
