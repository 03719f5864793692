package compose

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"hoso/pipeline"
)

// maxSide bounds the sides of an image: far above any scanner, far below overflow.
const maxSide = 1 << 20

// checkImage refuses descriptions that ISO 32000-1, 8.9.5 or PDF/A-2 do not allow.
// Four-colour JPEG is among them: the output intent is sRGB, so intake converts it.
func checkImage(im pipeline.Image) error {
	switch {
	case im.Width < 1 || im.Height < 1 || im.Width > maxSide || im.Height > maxSide:
		return fmt.Errorf("checking a size of %d by %d pixels: %w", im.Width, im.Height, ErrImage)
	case im.Size < 1 || im.Digest.IsZero():
		return fmt.Errorf("checking an image without size or digest: %w", ErrImage)
	case !bitsAllowed(im):
		return fmt.Errorf("checking %d bits per component in %s %s: %w", im.Bits, im.Filter, im.Color, ErrImage)
	case !colorAllowed(im):
		return fmt.Errorf("checking colour space %q in %s: %w", im.Color, im.Filter, ErrImage)
	}
	return checkDecode(im)
}

func bitsAllowed(im pipeline.Image) bool {
	switch im.Filter {
	case pipeline.DCT:
		return im.Bits == 8
	case pipeline.CCITT, pipeline.JBIG2:
		return im.Bits == 1
	case pipeline.JPX:
		return true // the codestream says it
	case pipeline.Flate:
		switch im.Bits {
		case 1:
			return true
		case 2, 4, 8:
			return !im.Mask
		case 16:
			return !im.Mask && im.Color != pipeline.Indexed
		}
	}
	return false
}

func colorAllowed(im pipeline.Image) bool {
	if im.Mask {
		return im.Filter != pipeline.DCT && im.Filter != pipeline.JPX
	}
	switch im.Color {
	case pipeline.Gray:
		return true
	case pipeline.RGB:
		return im.Filter != pipeline.CCITT && im.Filter != pipeline.JBIG2
	case pipeline.Indexed:
		n := len(im.Palette)
		return im.Filter != pipeline.DCT && im.Filter != pipeline.JPX &&
			n > 0 && n%3 == 0 && n <= 3<<im.Bits
	case pipeline.JPXColor:
		return im.Filter == pipeline.JPX
	}
	return false
}

func checkDecode(im pipeline.Image) error {
	if len(im.Decode) == 0 || im.Filter == pipeline.JPX {
		return nil
	}
	want := 2
	if im.Color == pipeline.RGB && !im.Mask {
		want = 6
	}
	if len(im.Decode) != want {
		return fmt.Errorf("checking a Decode array of %d numbers: %w", len(im.Decode), ErrImage)
	}
	for _, v := range im.Decode {
		if math.IsNaN(v) || math.Abs(v) > 1<<16 {
			return fmt.Errorf("checking a Decode array with %g: %w", v, ErrImage)
		}
	}
	if im.Mask && !slices.Equal(im.Decode, []float64{0, 1}) && !slices.Equal(im.Decode, []float64{1, 0}) {
		return fmt.Errorf("checking the Decode array %v of a mask: %w", im.Decode, ErrImage)
	}
	return nil
}

// writeImage copies the stream through its digest and gives its object number.
func (w *Writer) writeImage(im pipeline.Image, r io.Reader) (int, error) {
	globals := w.writeGlobals(im)
	num := w.out.reserve()
	w.out.begin(num)
	w.out.printf("<< %s /Length %d >>\nstream\n", imageEntries(im, globals), im.Size)

	sum := sha256.New()
	header := newHeaderCheck(im)
	n, err := io.Copy(io.MultiWriter(carrier{w.out}, sum, header), io.LimitReader(r, im.Size+1))
	if err != nil {
		return 0, fmt.Errorf("copying the image stream: %w", err)
	}
	digest := pipeline.DigestOf(sum)
	if n != im.Size {
		return 0, fmt.Errorf("copying an image stream of %d bytes (read %d): %w", im.Size, n, ErrMismatch)
	}
	if digest != im.Digest {
		return 0, fmt.Errorf("copying image stream %s (got %s): %w", im.Digest, digest, ErrMismatch)
	}
	if err := header.verdict(); err != nil {
		return 0, err
	}
	w.out.sum.Write(digest[:])
	w.out.printf("\nendstream\nendobj\n")
	return num, w.out.err
}

// writeGlobals gives the object number of a JBIG2 image's global segments, 0 for
// none. Pages of one source share them, so the last ones are remembered.
func (w *Writer) writeGlobals(im pipeline.Image) int {
	if im.Filter != pipeline.JBIG2 || len(im.Globals) == 0 {
		return 0
	}
	digest := pipeline.Sum(im.Globals)
	if digest != w.globals {
		w.globals, w.globalsNum = digest, w.out.reserve()
		w.out.stream(w.globalsNum, "", im.Globals)
	}
	return w.globalsNum
}

// imageEntries gives the entries of the image dictionary but for Length.
// Interpolate is never among them (ISO 19005-2, 6.2.8).
func imageEntries(im pipeline.Image, globals int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "/Type /XObject /Subtype /Image /Width %d /Height %d /Filter /%s", im.Width, im.Height, im.Filter)
	switch {
	case im.Mask:
		b.WriteString(" /ImageMask true /BitsPerComponent 1")
	case im.Filter == pipeline.JPX:
		b.WriteString(colorEntry(im))
	default:
		fmt.Fprintf(&b, "%s /BitsPerComponent %d", colorEntry(im), im.Bits)
	}
	if len(im.Decode) > 0 && im.Filter != pipeline.JPX {
		b.WriteString(" /Decode [")
		for i, v := range im.Decode {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(number(v))
		}
		b.WriteString("]")
	}
	if parms := decodeParms(im, globals); parms != "" {
		fmt.Fprintf(&b, " /DecodeParms << %s >>", parms)
	}
	return b.String()
}

func colorEntry(im pipeline.Image) string {
	switch im.Color {
	case pipeline.JPXColor:
		return ""
	case pipeline.Indexed:
		return fmt.Sprintf(" /ColorSpace [/Indexed /DeviceRGB %d <%X>]", len(im.Palette)/3-1, im.Palette)
	default:
		return " /ColorSpace /" + string(im.Color)
	}
}

func decodeParms(im pipeline.Image, globals int) string {
	switch im.Filter {
	case pipeline.CCITT:
		return faxParms(im)
	case pipeline.JBIG2:
		if globals != 0 {
			return fmt.Sprintf("/JBIG2Globals %d 0 R", globals)
		}
	case pipeline.DCT:
		if im.Transform != nil {
			return fmt.Sprintf("/ColorTransform %d", *im.Transform)
		}
	case pipeline.Flate:
		if p := im.Predictor; p.Predictor > 1 {
			// Zero stands for what a reader assumes of an entry left out.
			return fmt.Sprintf("/Predictor %d /Colors %d /BitsPerComponent %d /Columns %d",
				p.Predictor, cmp.Or(p.Colors, 1), cmp.Or(p.Bits, 8), cmp.Or(p.Columns, 1))
		}
	default: // JPX has no parameters
	}
	return ""
}

func faxParms(im pipeline.Image) string {
	f := im.Fax
	var b strings.Builder
	columns := f.Columns
	if columns == 0 {
		columns = im.Width
	}
	fmt.Fprintf(&b, "/K %d /Columns %d", f.K, columns)
	if f.Rows > 0 {
		fmt.Fprintf(&b, " /Rows %d", f.Rows)
	}
	if f.EndOfLine {
		b.WriteString(" /EndOfLine true")
	}
	if f.ByteAlign {
		b.WriteString(" /EncodedByteAlign true")
	}
	if f.NoEndBlock {
		b.WriteString(" /EndOfBlock false")
	}
	if f.BlackIs1 {
		b.WriteString(" /BlackIs1 true")
	}
	return b.String()
}
