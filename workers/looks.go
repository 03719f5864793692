package workers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io/fs"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
	"hoso/workers/document"
	"hoso/workers/reader"
)

// Looks says how signatures show on the records. The zero value shows none.
type Looks struct {
	Officer appearance.Profile
	Agency  appearance.Profile
	Form    string            // of the copy: SAO Y, SAO LỤC or TRÍCH SAO
	Name    string            // of the agency; "" is what its certificate says
	Seal    *appearance.Image // nil for none
}

// Look gives the look of a signer's signature on a paper that was copied when p was
// received.
func (l Looks) Look(who pipeline.Signer, p pipeline.Paper) document.Look {
	facts := appearance.Facts{Form: l.Form, Agency: l.Name, Copied: p.Received, Seal: l.Seal}
	if who == pipeline.ByOfficer {
		return document.Look{Profile: l.Officer, Facts: facts}
	}
	return document.Look{Profile: l.Agency, Facts: facts}
}

// Drawn draws pages; Pictures is the real one.
type Drawn interface {
	Page(ctx context.Context, paper pipeline.Paper, number int) (Picture, error)
	Whole(ctx context.Context, paper pipeline.Paper, number int) (Picture, error)
}

// sight tells of page 1 of p, from its words in the bucket and, where nobody has looked for
// its ink, a picture. What cannot be
// drawn just now is signed without having been seen: its words are known.
func (d *Desk) sight(ctx context.Context, p pipeline.Paper) (document.Sight, error) {
	page, err := firstPage(ctx, d.Office.Objects, p.Words)
	if errors.Is(err, fs.ErrNotExist) {
		return document.Sight{}, nil
	}
	if err != nil || page.Ink != nil || d.Pictures == nil {
		return document.Sight{Page: page}, err
	}
	draw := d.Pictures.Whole
	if document.SideOf(*page) == reader.Fine {
		draw = d.Pictures.Page
	}
	s := document.Sight{Page: page}
	drawn, err := draw(ctx, p, 1)
	if err == nil {
		s.Picture, err = jpeg.Decode(bytes.NewReader(drawn.JPEG))
	}
	if err != nil && ctx.Err() != nil {
		return s, fmt.Errorf("looking at page 1: %w", err)
	}
	return s, nil
}

// firstPage gives what was read of page 1; fs.ErrNotExist if nothing is there.
func firstPage(ctx context.Context, objects Blobs, words pipeline.Digest) (*pipeline.Page, error) {
	if words.IsZero() {
		return nil, fs.ErrNotExist
	}
	body, _, err := objects.Get(ctx, words)
	if err != nil {
		return nil, fmt.Errorf("fetching words: %w", err)
	}
	defer body.Close() //nolint:errcheck // only read from
	for page, err := range document.ReadWords(body) {
		return &page, err
	}
	return nil, fs.ErrNotExist
}
