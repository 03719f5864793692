package wear

import (
	"image"
	"math"
)

// one is the sum of a kernel's integer weights.
const one = 1 << 12

// Blur takes the sharpness away as a lens out of focus does: a Gaussian of the
// given standard deviation in pixels.
func Blur(img *image.RGBA, sigma float64) {
	if sigma <= 0 {
		return
	}
	k := gaussian(sigma)
	rows(img, k)
	columns(img, k)
}

// Smear drags the picture along its height by a length in pixels, as an uneven
// transport does; a negative length drags it along its width.
func Smear(img *image.RGBA, length float64) {
	switch {
	case length > 0:
		columns(img, box(length))
	case length < 0:
		rows(img, box(-length))
	}
}

// gaussian gives an odd number of weights that add up to one.
func gaussian(sigma float64) []int {
	reach := int(math.Ceil(2.5 * sigma))
	w := make([]float64, 2*reach+1)
	for i := range w {
		d := float64(i-reach) / sigma
		w[i] = math.Exp(-d * d / 2)
	}
	return whole(w)
}

// box gives the weights of a running mean whose ends may be fractions.
func box(length float64) []int {
	reach := int(math.Ceil((length - 1) / 2))
	w := make([]float64, 2*max(reach, 0)+1)
	for i := range w {
		w[i] = 1
	}
	if n := len(w); n > 1 {
		w[0] = (length - float64(n-2)) / 2
		w[n-1] = w[0]
	}
	return whole(w)
}

// whole scales weights to integers whose sum is one; the middle takes what
// rounding leaves.
func whole(w []float64) []int {
	total := 0.0
	for _, v := range w {
		total += v
	}
	k, rest := make([]int, len(w)), one
	for i, v := range w {
		k[i] = int(v / total * one)
		rest -= k[i]
	}
	k[len(k)/2] += rest
	return k
}

// rows applies a kernel along the rows. Beyond the edge the edge goes on.
func rows(img *image.RGBA, kernel []int) {
	width, reach := 4*img.Rect.Dx(), len(kernel)/2
	line := make([]byte, width+8*reach)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:width]
		copy(line[4*reach:], row)
		for i := range reach {
			copy(line[4*i:], row[:4])
			copy(line[4*reach+width+4*i:], row[width-4:])
		}
		for x := range row {
			sum := one / 2
			for i, w := range kernel {
				sum += w * int(line[x+4*i])
			}
			row[x] = byte(sum / one)
		}
	}
}

// columns applies a kernel down the columns.
func columns(img *image.RGBA, kernel []int) {
	width, height, reach := 4*img.Rect.Dx(), img.Rect.Dy(), len(kernel)/2
	source := append([]byte(nil), img.Pix...)
	sums := make([]int32, width)
	for y := range height {
		for x := range sums {
			sums[x] = one / 2
		}
		for i, w := range kernel {
			from := source[min(max(y+i-reach, 0), height-1)*img.Stride:][:width]
			for x, v := range from {
				sums[x] += int32(w) * int32(v)
			}
		}
		row := img.Pix[y*img.Stride:][:width]
		for x, s := range sums {
			row[x] = byte(s / one)
		}
	}
}

// Weight makes dark strokes thicker by radius pixels on each side, or thinner
// where the radius is negative.
func Weight(img *image.RGBA, radius float64) {
	for left := math.Abs(radius); left > 0.01; left-- {
		spread(img, min(left, 1), radius > 0)
	}
}

// spread moves each pixel the given share of the way to the darkest or lightest of
// its four neighbours.
//
//nolint:revive // flag-parameter: darker and lighter differ in one comparison.
func spread(img *image.RGBA, share float64, darker bool) {
	width, height := 4*img.Rect.Dx(), img.Rect.Dy()
	source := append([]byte(nil), img.Pix...)
	part := int(share * 256)
	for y := 1; y < height-1; y++ {
		for x := 4; x < width-4; x++ {
			at := y*img.Stride + x
			v, low, high := source[at], source[at-4], source[at-4]
			for _, n := range [3]byte{source[at+4], source[at-img.Stride], source[at+img.Stride]} {
				low, high = min(low, n), max(high, n)
			}
			to := max(v, high)
			if darker {
				to = min(v, low)
			}
			img.Pix[at] = byte(int(v) + (int(to)-int(v))*part/256)
		}
	}
}
