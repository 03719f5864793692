package prepare

import (
	"image"

	"hoso/pipeline/prepare/leptonica"
)

// binary parts ink from paper, for measuring only: recognizing from two levels
// loses tone marks. The bounds keep a page without ink from being parted into
// light and lighter paper.
func binary(page *leptonica.Pix) (*leptonica.Pix, error) {
	const darkest, lightest = 110, 190
	level, err := page.Otsu()
	if err != nil {
		return nil, err
	}
	return page.Below(min(max(level, darkest), lightest))
}

// orientation gives the quarter turns clockwise that make text upright, 0 if its
// letters do not tell.
func orientation(img *image.Gray) (int, error) {
	page, err := leptonica.FromGray(img)
	if err != nil {
		return 0, err
	}
	defer page.Free()
	ink, err := binary(page)
	if err != nil {
		return 0, err
	}
	defer ink.Free()
	quarters, _ := ink.Orientation()
	return quarters, nil
}

// blank reports whether the ink on a page can be no text: fewer than five pieces
// the size of a letter, and nothing large but what touches the border (shadows of
// the lid, edges of the sheet).
func blank(boxes []image.Rectangle, page image.Rectangle, dpi int) bool {
	const letters, figures = 5, 2
	small, large := dpi/32, dpi*2/3 // about 5 pt and 48 pt
	inner := page.Inset(dpi / 12)
	found, figure := 0, 0
	for _, b := range boxes {
		switch {
		case !b.In(inner):
		case b.Dy() >= small && b.Dy() <= large && b.Dx() >= small/3 && b.Dx() <= 2*large:
			found++
		case b.Dy() > large && b.Dx() > large:
			figure++
		}
	}
	return found < letters && figure < figures
}
