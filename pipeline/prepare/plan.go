package prepare

import (
	"image"
	"math"

	"hoso/pipeline"
	"hoso/pipeline/prepare/leptonica"
)

// plan is how an image comes to working size, decided from its header alone.
type plan struct {
	stored    image.Point // pixels of the image in the record
	nativeDPI float64     // likewise, the smaller of both directions
	dots      [2]float64  // likewise, across and down
	known     bool
	reduction int         // of a JPEG while it is decoded
	size      image.Point // working size in pixels, as stored
	dpi       int         // of the working size
	turn      int
	glance    bool // a small picture is wanted, too
}

const (
	workingDPI   = 200
	scaleDownAt  = 220 // from here on up the page is made smaller
	scaleUpBelow = 150 // below this it is made larger
	workingLimit = 80 << 20
	decodedLimit = 640 << 20
	leastSide    = 16
)

func planFor(h leptonica.Header, hint Hint, opt Options) (plan, error) {
	if h.Width < leastSide || h.Height < leastSide {
		return plan{}, pipeline.Refuse(tooSmall(), nil)
	}
	stored := image.Pt(hint.Width, hint.Height)
	if stored.X <= 0 || stored.Y <= 0 {
		stored = image.Pt(h.Width, h.Height)
	}
	dpiX, dpiY, known := resolution(stored, hint)
	p := plan{stored: stored, nativeDPI: min(dpiX, dpiY), dots: [2]float64{dpiX, dpiY}, known: known, reduction: 1, turn: ((hint.Turn % 4) + 4) % 4, glance: opt.Glance}
	dpiX *= float64(h.Width) / float64(stored.X)
	dpiY *= float64(h.Height) / float64(stored.Y)
	p.dpi = workingDPI
	if min(dpiX, dpiY) >= scaleUpBelow && max(dpiX, dpiY) < scaleDownAt {
		p.dpi = int(math.Round(min(dpiX, dpiY)))
	}
	p.size = sized(h, float64(p.dpi)/dpiX, float64(p.dpi)/dpiY)
	if area := float64(p.size.X) * float64(p.size.Y); area > workingLimit {
		shrink := math.Sqrt(workingLimit / area)
		p.size = image.Pt(int(float64(p.size.X)*shrink), int(float64(p.size.Y)*shrink))
		p.dpi = max(1, int(float64(p.dpi)*shrink))
	}
	if min(p.size.X, p.size.Y) < leastSide/2 {
		return plan{}, pipeline.Refuse(tooSmall(), nil)
	}
	limit := opt.DecodedBytes
	if limit <= 0 {
		limit = decodedLimit
	}
	if h.Format == leptonica.JPEG {
		p.reduction = reductionFor(h, p.size)
	}
	if decodedBytes(h, p.reduction) > limit {
		return plan{}, pipeline.Refuse(tooLarge(), nil)
	}
	return p, nil
}

func sized(h leptonica.Header, x, y float64) image.Point {
	if x == 1 && y == 1 {
		return image.Pt(h.Width, h.Height)
	}
	return image.Pt(max(1, int(math.Round(float64(h.Width)*x))), max(1, int(math.Round(float64(h.Height)*y))))
}

// resolution is what the file says, where that can be: phones and web pages write
// 72 or 96 into pictures of any size, and then the page is taken to be A4.
func resolution(stored image.Point, hint Hint) (x, y float64, known bool) {
	const longA4, longest, shortest = 11.69, 60, 1.5 // inches
	x, y = hint.DPIX, hint.DPIY
	if x <= 0 || y <= 0 {
		x, y = max(x, y), max(x, y)
	}
	long := float64(max(stored.X, stored.Y))
	if x > 0 && max(x, y) <= 4800 && max(x, y) <= 8*min(x, y) {
		inches := max(float64(stored.X)/x, float64(stored.Y)/y)
		guessed := max(x, y) <= 96 && long > scaleUpBelow*longA4
		if inches <= longest && inches >= shortest && !guessed {
			return x, y, true
		}
	}
	dpi := min(max(long/longA4, 50), 1200)
	return dpi, dpi, false
}

// reductionFor is the largest reduction a JPEG decoder can make for nothing that
// still leaves at least the working size.
func reductionFor(h leptonica.Header, size image.Point) int {
	r := 1
	for r < 8 && h.Width/(2*r) >= size.X && h.Height/(2*r) >= size.Y {
		r *= 2
	}
	return r
}

// decodedBytes is the memory that decoding takes at its height.
func decodedBytes(h leptonica.Header, reduction int) int64 {
	pixels := int64(h.Width) * int64(h.Height)
	switch {
	case h.Format == leptonica.JP2: // the decoder keeps four bytes per sample beside the result
		return pixels * int64(4*h.Samples+4)
	case h.Bits == 1 && h.Samples == 1:
		return pixels / 4
	case h.Format == leptonica.JPEG:
		// A progressive JPEG keeps all its coefficients, two bytes each.
		return pixels*2*int64(h.Samples) + pixels*4/int64(reduction*reduction)
	case h.Samples == 1:
		return pixels * int64(max(h.Bits, 8)/8) * 2
	}
	return pixels * 8
}

func unreadable() pipeline.Reason {
	return pipeline.Reason{
		Code: "image-unreadable", English: "the page image cannot be decoded",
		Vietnamese: "Không đọc được ảnh của trang này (tệp hỏng hoặc định dạng lạ). Vui lòng quét lại trang.",
	}
}

func tooLarge() pipeline.Reason {
	return pipeline.Reason{
		Code: "image-too-large", English: "the page image has more pixels than may be decoded",
		Vietnamese: "Ảnh của trang này quá lớn, vượt giới hạn cho phép. Vui lòng quét lại ở độ phân giải 200–300 dpi.",
	}
}

func tooSmall() pipeline.Reason {
	return pipeline.Reason{
		Code: "image-too-small", English: "the page image is too small to hold text",
		Vietnamese: "Ảnh của trang này quá nhỏ, không thể chứa chữ. Vui lòng quét lại trang.",
	}
}
