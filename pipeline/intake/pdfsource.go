package intake

import (
	"context"

	"hoso/pipeline"
	"hoso/pipeline/intake/pdf"
)

// pdfSource is a PDF with its pages.
type pdfSource struct{ file *pdf.File }

func openPDF(ctx context.Context, in input) (source, error) {
	path, err := in.named()
	if err != nil {
		return nil, err
	}
	f, err := pdf.Open(ctx, path, in.size, pdf.Options{
		Pages: in.limits.Pages, Pixels: in.limits.Pixels, Encoded: encodedBytes, Decoded: in.limits.DecodedBytes, Dir: in.dir,
		Time: in.limits.ProgramTime,
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	return &pdfSource{f}, in.file.Close()
}

func (p *pdfSource) pages() int   { return p.file.Pages() }
func (p *pdfSource) signed() bool { return p.file.Signed() }
func (p *pdfSource) close() error { return nil }

// device prefers the program that made the pages, which scanners take for their own name,
// to the one that wrote them down as a PDF, mostly a library.
func (p *pdfSource) device(ctx context.Context) string {
	made := p.file.Made(ctx)
	if d := deviceOf(made.Make, made.Model, made.Creator); d != "" {
		return d
	}
	return deviceOf("", "", made.Producer)
}

func (p *pdfSource) page(ctx context.Context, n int) (Leaf, error) {
	got, err := p.file.Page(ctx, n)
	if got.Picture == nil {
		return Leaf{}, err //nolint:wrapcheck // it says all
	}
	leaf := finish(got.Picture, got.WidthPt, got.HeightPt)
	if got.Digital {
		leaf.Origin, leaf.Lines = pipeline.Digital, got.Lines
	}
	if got.Coarse {
		leaf.Flags = append([]pipeline.Flag{pipeline.LowResolution}, leaf.Flags...)
	}
	return leaf, err //nolint:wrapcheck // likewise
}
