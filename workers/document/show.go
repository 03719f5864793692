package document

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
	"hoso/pipeline/sign"
	"hoso/workers/reader"
)

// Look says how a signature is to look. The zero Look shows nothing.
type Look struct {
	Profile appearance.Profile
	Facts   appearance.Facts // of Signer and Agency, what is empty is taken from the certificate
}

// Sight is what is known of page 1 of a file that is to be signed.
type Sight struct {
	Page    *pipeline.Page // nil if nothing was read of it
	Picture image.Image    // upright; nil if it cannot be had, or is not needed as the ink is known
}

// demoNotice is what a signature shows of the demonstration's keys.
const demoNotice = "CHỮ KÝ DÙNG THỬ, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"

// Show has a signature of the PDF/A at path look as it should: see tells of page 1 and is
// asked only if something is to be shown. What the request tells of it goes into the
// record's manifest, also why nothing shows.
func Show(ctx context.Context, path string, q sign.Request, look Look, see func(context.Context) (Sight, error)) (sign.Request, error) {
	if look.Profile.IsZero() || len(q.Identity.Chain) == 0 {
		return q, nil
	}
	sheet, err := lookAt(path)
	if err != nil {
		return q, err
	}
	known, err := see(ctx)
	if err != nil {
		return q, err
	}
	choice, err := appearance.Choose(look.Profile, factsOf(q, look.Facts), pageOf(sheet, known))
	if err != nil {
		return q, fmt.Errorf("showing a signature: %w", err)
	}
	q.Shown = &pipeline.Shown{Profile: look.Profile.Name, Why: choice.Why}
	if choice.Why != "" {
		return q, nil
	}
	q.Shown.Page, q.Shown.Frame = sheet.Number, choice.Frame
	q.Shown.Place, q.Shown.Covers = string(choice.Place), math.Round(choice.Covers*1000)/1000
	q.Appearance = drawn(sheet.At(choice.Frame), choice.Drawing)
	return q, nil
}

// lookAt gives page 1 of a file.
func lookAt(path string) (sign.Sheet, error) {
	in, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return sign.Sheet{}, fmt.Errorf("showing a signature: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read from
	info, err := in.Stat()
	if err != nil {
		return sign.Sheet{}, fmt.Errorf("showing a signature: %w", err)
	}
	return sign.Look(in, info.Size(), 1)
}

// factsOf completes what is to be written.
func factsOf(q sign.Request, f appearance.Facts) appearance.Facts {
	leaf := q.Identity.Chain[0]
	if f.Signer == "" {
		f.Signer = leaf.Subject.CommonName
	}
	if f.Agency == "" && len(leaf.Subject.Organization) > 0 {
		f.Agency = leaf.Subject.Organization[0]
	}
	if f.Agency == "" {
		f.Agency = leaf.Subject.CommonName
	}
	f.Time = q.Time
	if f.Copied.IsZero() {
		f.Copied = q.Time
	}
	if q.Identity.Demo || sign.IsDemo(leaf) {
		f.Notice = demoNotice
	}
	return f
}

// pageOf puts together what is known of a page. Words and pictures of another shape than
// the page are not of this page. What was set aside has words that nobody knows.
func pageOf(s sign.Sheet, known Sight) appearance.Page {
	p := appearance.Page{Width: s.Width, Height: s.Height, Kept: s.Taken, Blind: true}
	if read := known.Page; read != nil && (read.WidthPt > 0 && alike(s, read.WidthPt, read.HeightPt) || alike(s, float64(read.Width), float64(read.Height))) {
		p.Blind = read.Outcome == pipeline.PageFailed || read.Outcome == pipeline.PageTimedOut
		p.Know(*read)
	}
	if known.Picture != nil && p.Ink == nil {
		if b := known.Picture.Bounds(); alike(s, float64(b.Dx()), float64(b.Dy())) {
			p.Ink = appearance.Look(known.Picture, s.Width, s.Height)
		}
	}
	return p
}

// alike reports whether a page has this shape.
func alike(s sign.Sheet, width, height float64) bool {
	if width <= 0 || height <= 0 || s.Width <= 0 || s.Height <= 0 {
		return false
	}
	return math.Abs(math.Log(width/height*s.Height/s.Width)) < 0.03
}

// drawn fills an appearance in.
func drawn(a *sign.Appearance, d appearance.Drawing) *sign.Appearance {
	f := sign.Font{
		Name: d.Font.Name, File: d.Font.File, Box: d.Font.Box,
		Ascent: d.Font.Ascent, Descent: d.Font.Descent, Capital: d.Font.Capital,
	}
	for _, g := range d.Font.Glyphs {
		f.Glyphs = append(f.Glyphs, sign.Glyph(g))
	}
	a.Content, a.Fonts = d.Content, []sign.Font{f}
	if m := d.Image; m != nil {
		a.Images = []sign.Image{{Width: m.Width, Height: m.Height, RGB: m.RGB, Alpha: m.Alpha}}
	}
	return a
}

// Sight tells of page 1 of what was read: its words and its ink or, where nobody has looked
// for that, a picture of it. A page that cannot be drawn has no picture.
func (r Reading) Sight(ctx context.Context) (Sight, error) {
	p, err := r.Folder.Page(1)
	if errors.Is(err, fs.ErrNotExist) {
		return Sight{}, nil
	}
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Page: &p}
	if p.Ink != nil {
		return s, nil
	}
	drawer, ok := r.Readers.(interface {
		Picture(ctx context.Context, job reader.Job, known pipeline.Page, side reader.Side, file string) error
	})
	if !ok || missing(p) {
		return s, nil
	}
	known, file := r.inOriginal(p), filepath.Join(r.Folder.dir, "sight.jpg")
	known.Lines = nil // a reader need not hear of them
	err = drawer.Picture(ctx, r.job(), known, SideOf(p), file)
	if err == nil {
		s.Picture, err = readPicture(file)
	}
	if unavailable := (*pipeline.Unavailable)(nil); ctx.Err() != nil || errors.As(err, &unavailable) {
		return s, fmt.Errorf("looking at page 1: %w", err)
	}
	return s, nil
}

// SideOf is how fine a picture has to be for ink to show: 100 dots per inch of small
// pages, 50 of the largest.
func SideOf(p pipeline.Page) reader.Side {
	if max(p.WidthPt, p.HeightPt) > 1000 {
		return reader.Fine
	}
	return reader.Whole
}

func readPicture(file string) (image.Image, error) {
	in, err := os.Open(file) //nolint:gosec // a path of our own folder
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read from
	picture, err := jpeg.Decode(in)
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	return picture, nil
}
