// Package prepare makes the picture that the recognizer looks at: gray, about 200
// dots per inch, even paper, level lines, nothing on it that only confuses (red
// seals, dotted leaders). The clean-up is for the recognizer's eyes only; the image
// that goes into the record is never touched. Since people search in the record and
// not in the clean picture, every place found on it can be traced back to pixels of
// the page as it was scanned.
//
// A page that a telephone saw from aside is laid flat (keystone.go), since the recognizer
// follows lines that slope or draw together only a little way. Of twelve clean pages bent
// so, shares of an edge lost at either end, letters wrong in %, as they are and laid flat:
//
//	right edge   5 %  6.2  0.5     upper edge  15 %  0.7  0.5
//	            10 % 29.2  0.4                 20 %  1.2  0.7
//	            15 % 45.1  0.6                 25 %  1.9  1.5
//	            20 % 52.8  0.9     both edges  10 % 39.2  0.5
//	                                           15 % 74.6  0.5
//
// and of eight generated photographs of class oblique 9.4 and 0.2. Measuring takes 4 ms a
// page. Of 296 pages that lay flat, none was taken for oblique. What is left at the far
// ends is print that has become too small.
//
// Two faults of a scan are told for whoever looks over thousands of pages: streaks of a
// dirty glass (streaks.go) and print that is cut off at an edge (cropped.go). A false alarm
// costs more than a miss. Of 169 pages without either, generated ones in all states of wear
// (all that have folds or printed frames and all faxes among them) and real scans, none was
// taken for one. With one to four streaks of a pixel or more, by their darkness in %:
//
//	60 %  37 of 37     20 %  30 of 31     5 %  16 of 27
//	35 %  33 of 33     10 %  23 of 26
//
// With up to 30 streaks, however the page is ruled, all are told but the faintest; a black lid
// around the sheet hides them, since they do not reach the edge then. They are wiped off the
// picture for the recognizer (wipe.go): of 30 generated pages with 2 to 20 streaks 5.0 % of
// the letters are wrong as they are, 1.7 % wiped, and 0.3 % from a clean glass; where print
// shows through the streaks 3.4 % and 0.3 %. Wiping takes 1 to 3 ms of such a page.
//
// Cut 10 or 20 mm inside their print at the left or the right, 25 of 31 were told, cut 2 or
// 5 mm inside 11 of 28, mostly pages with few full rows; cut at the upper or the lower edge
// 24 of 70, since a cut between two rows leaves nothing to see. Both together take 15 ms of
// a page's 800, measured on a busy machine.
package prepare

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// Hint is what the file that held the page says of it. What EXIF or a PDF's /Rotate
// asks for is in Turn; the encoded bytes are not looked at for it.
type Hint struct {
	Width, Height int     // pixels of the stored image; 0 if the encoded one has as many
	DPIX, DPIY    float64 // of the stored image, 0 if unknown
	Sure          bool    // Turn is right, whatever the letters say
	Turn          int     // quarter turns clockwise that make the stored image upright
}

// Options bound what strangers may ask for. The zero value has sensible bounds.
type Options struct {
	DecodedBytes int64 // memory for the decoded image; 0 means 640 MiB
	Glance       bool  // keep a small picture of the page, see Prepared.Glance
}

// Prepared is the picture of one page and what was seen while it was made. It holds
// no C memory. It is not changed by its methods.
type Prepared struct {
	Gray  *image.Gray       // the picture for the recognizer
	DPI   int               // of Gray
	Ink   []image.Rectangle // the connected pieces of ink on Gray
	Rules []image.Rectangle // the ruled lines that were taken out of Gray

	Width, Height int     // pixels of the upright original page
	Sure          bool    // the letters clearly say that Turn is right
	Turn          int     // quarter turns clockwise from the stored image to the upright page, 0 to 3
	Skew          float64 // degrees clockwise by which the lines of the upright page run
	NativeDPI     float64 // of the original, the smaller of both directions
	Known         bool    // NativeDPI comes from the file; otherwise the page is taken to be A4
	Blank         bool    // nothing on it worth recognizing
	Crowded       bool    // more pieces of ink than any text has: a screen, a pattern, noise
	RedFraction   float64 // share of red pixels, 0 to 1

	Regions []pipeline.Region // what people put onto the print, in pixels of the upright original page, the largest first

	coloured []pipeline.Region // those of Regions that are told by their colour

	glance *image.Gray // the page small and as the file says it lies, nil unless asked for
	plain  *image.Gray // the page as it came out of its file, at working size
	turned int         // quarter turns clockwise from plain to the upright page
	level  *image.Gray // Gray before it was straightened and freed of leaders
	red    *image.Gray // the red layer of the stored image at working size, nil without red
	place  placement

	streaks int // of dirt on the glass, which Gray is without
}

// SealFraction is the share of red pixels from which a page is taken to bear a seal
// or a stamp.
const SealFraction = 0.002

// fadeFraction is the share from which red is taken out of the picture: a weak seal has
// less than SealFraction.
const fadeFraction = 0.0004

// Prepare decodes one page image (JPEG, PNG, TIFF, PNM, JPEG 2000) and makes the
// picture to recognize. What cannot be read is a Refusal: image-unreadable,
// image-too-large, image-too-small. It takes about a tenth of a second and looks at
// ctx between its steps.
func Prepare(ctx context.Context, encoded []byte, hint Hint, opt Options) (*Prepared, error) {
	header, err := leptonica.ReadHeader(encoded)
	if err != nil {
		return nil, pipeline.Refuse(unreadable(), err)
	}
	plan, err := planFor(header, hint, opt)
	if err != nil {
		return nil, err
	}
	p, page, err := decode(encoded, header, plan)
	if err != nil {
		return nil, err
	}
	defer func() { page.Free() }()
	p.Sure = hint.Sure
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("preparing page: %w", err)
	}
	p.plain = page.Gray()
	if page, err = p.wiped(page); err != nil {
		return nil, err
	}
	if page, err = righted(page, plan.dpi); err != nil {
		return nil, err
	}
	even, err := evened(page, plan.nativeDPI)
	if err != nil {
		return nil, err
	}
	defer even.Free()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("preparing page: %w", err)
	}
	if err := p.straighten(even); err != nil {
		return nil, err
	}
	return p, nil
}

// decode gives the page in gray at working size, upright as the file says.
func decode(encoded []byte, h leptonica.Header, plan plan) (*Prepared, *leptonica.Pix, error) {
	full, err := leptonica.Decode(encoded, h, plan.reduction)
	if err != nil {
		return nil, nil, pipeline.Refuse(unreadable(), err)
	}
	defer full.Free()
	p := &Prepared{
		DPI: plan.dpi, Turn: plan.turn, NativeDPI: plan.nativeDPI, Known: plan.known,
		Width: plan.stored.X, Height: plan.stored.Y,
		RedFraction: full.RedFraction(4),
	}
	found, err := colourRegions(full, plan)
	if err != nil {
		return nil, nil, err
	}
	p.coloured = turnedRegions(found, plan.turn, p.Width, p.Height)
	if plan.turn%2 == 1 {
		p.Width, p.Height = p.Height, p.Width
	}
	if plan.glance {
		if p.glance, err = glanceAt(full, plan); err != nil {
			return nil, nil, err
		}
	}
	page, err := p.reduced(full, plan)
	return p, page, err
}

// reduced gives the red channel at working size, upright. In red light seals nearly
// vanish and the signature under them can be read.
func (p *Prepared) reduced(full *leptonica.Pix, plan plan) (*leptonica.Pix, error) {
	scaled, err := full.Scaled(leptonica.RedLight, plan.size)
	if err != nil {
		return nil, err
	}
	defer scaled.Free()
	if p.RedFraction > fadeFraction {
		if err := p.partRed(scaled, full, plan); err != nil {
			return nil, err
		}
	}
	return scaled.Turned(plan.turn)
}

// evened evens out the paper. Below 150 dpi strokes are so thin that clipping near
// white would break them.
func evened(page *leptonica.Pix, nativeDPI float64) (*leptonica.Pix, error) {
	const white, leastDPI = 230, 150
	even, err := page.Background()
	if err != nil {
		return page.Clone() // of few tiles, with no background to even out; it is read as it is
	}
	if nativeDPI < leastDPI {
		return even, nil
	}
	if err := even.Clip(white); err != nil {
		even.Free()
		return nil, err
	}
	return even, nil
}

// straighten makes Gray of the even page: it turns the page if its letters clearly lie
// another way, measures the slope of the lines, levels them if they slope enough to
// matter, judges whether there is anything to read, and takes out what only confuses.
func (p *Prepared) straighten(page *leptonica.Pix) error {
	ink, err := binary(page)
	if err != nil {
		return err
	}
	defer ink.Free()
	p.Skew = skewOf(ink)
	p.level = page.Gray()
	p.place = placementFor(p.level.Rect.Size(), p.Skew)
	if err := p.lay(page, ink); err != nil {
		return err
	}
	quarters, sure := 0, true
	if !p.Sure {
		quarters, sure = facing(p.Ink, p.DPI)
	}
	p.Sure = sure
	if quarters == 0 {
		if err := p.flatten(page); err != nil {
			return err
		}
		p.Regions = p.regions()
		return nil
	}
	turned, err := page.Turned(quarters)
	if err != nil {
		return err
	}
	defer turned.Free()
	p.turn(quarters)
	return p.straighten(turned)
}

// lay makes Gray of the page as its placement says, of which ink is the dark part.
func (p *Prepared) lay(page, ink *leptonica.Pix) error {
	if p.place.onSheet == unmoved() {
		p.Gray = p.level
		return p.clean(ink)
	}
	sheet, err := p.place.lay(page)
	if err != nil {
		return err
	}
	defer sheet.Free()
	p.Gray = sheet.Gray()
	if ink, err = binary(sheet); err != nil {
		return err
	}
	defer ink.Free()
	return p.clean(ink)
}

// turn notes that the page was turned.
func (p *Prepared) turn(quarters int) {
	p.coloured = turnedRegions(p.coloured, quarters, p.Width, p.Height)
	p.Turn = (p.Turn + quarters) % 4
	p.turned = (p.turned + quarters) % 4
	if quarters%2 == 1 {
		p.Width, p.Height = p.Height, p.Width
	}
}

// clean takes rules, rows of dots and dust out of Gray and notes what ink is left.
func (p *Prepared) clean(ink *leptonica.Pix) error {
	runs, rules, err := rulesOf(ink, p.DPI)
	if err != nil {
		return err
	}
	boxes, dust, err := piecesOf(ink, p.DPI)
	if errors.Is(err, leptonica.ErrCrowded) {
		p.Crowded, p.Skew, p.Ink, p.Rules = true, 0, nil, nil // patterns have no lines
		return nil
	}
	if err != nil {
		return err
	}
	p.Blank = blank(boxes, p.Gray.Rect, p.DPI) && p.RedFraction <= SealFraction
	boxes, pupils := withoutPupils(boxes, p.DPI)
	dots := leaders(boxes, p.DPI)
	kept, specks := specksOf(boxes, p.DPI)
	specks = slices.Concat(specks, dust, pupils)
	p.Ink, p.Rules = kept, rules
	if len(runs)+len(dots)+len(specks) == 0 {
		return nil
	}
	clean := *p.Gray
	clean.Pix = slices.Clone(clean.Pix)
	withoutRules(&clean, runs)
	withoutLeaders(&clean, dots)
	withoutLeaders(&clean, specks)
	p.Gray = &clean
	return nil
}

// skewOf gives the slope of the lines in degrees clockwise, 0 if there is none to
// be seen.
func skewOf(ink *leptonica.Pix) float64 {
	const sweep, wide, trusted = 7, 16, 3
	angle, confidence := ink.Skew(sweep)
	if confidence < trusted {
		angle, confidence = ink.Skew(wide)
	}
	if confidence < trusted {
		return 0
	}
	return -angle
}

// Upright looks at the letters for the way the page should be turned. It gives a
// new Prepared turned that way, or nil if the page is upright already or its
// letters do not tell. It is for pages on which recognition found little sense:
// asking takes as long as half of Prepare.
func (p *Prepared) Upright(ctx context.Context) (*Prepared, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("orienting page: %w", err)
	}
	page, err := leptonica.FromGray(p.level)
	if err != nil {
		return nil, err
	}
	defer page.Free()
	quarters, err := orientation(p.Gray)
	if err != nil || quarters == 0 {
		return nil, err
	}
	turned, err := page.Turned(quarters)
	if err != nil {
		return nil, err
	}
	defer turned.Free()
	q := *p
	q.turn(quarters)
	q.Sure = true
	if err := q.straighten(turned); err != nil {
		return nil, err
	}
	return &q, nil
}
