package intake

import (
	"math"

	"hoso/pipeline"
	"hoso/pipeline/intake/raster"
)

const (
	a4Long   = 11.69 // inches
	a3Long   = 16.6
	usualDPI = 200
	// The sides that PDF/A-2 allows a page (ISO 19005-2, 6.1.13), in points.
	leastPt = 3
	mostPt  = 14400
)

// leafOf makes the leaf of a scanned image whose page is as large as the image.
func leafOf(pic *raster.Picture) Leaf {
	img := &pic.Image
	img.DPIX, img.DPIY = resolution(*img)
	w, h := float64(img.Width)*72/img.DPIX, float64(img.Height)*72/img.DPIY
	if pic.Turn%2 == 1 {
		w, h = h, w
	}
	return finish(pic, w, h)
}

// finish makes the leaf of a scanned image on an upright page of the given size in
// points.
func finish(pic *raster.Picture, widthPt, heightPt float64) Leaf {
	img := pic.Image
	img.Digest, img.Size = pipeline.Sum(pic.Carrier), int64(len(pic.Carrier))
	leaf := Leaf{
		Origin: pipeline.Scan, Image: img, Carrier: pic.Carrier, Readable: pic.Readable, Turn: pic.Turn,
		WidthPt: widthPt, HeightPt: heightPt,
	}
	if math.Min(img.DPIX, img.DPIY) < 199 { // scanners that say 199.9 mean 200
		leaf.Flags = append(leaf.Flags, pipeline.LowResolution)
	}
	if pic.Redrawn {
		leaf.Flags = append(leaf.Flags, pipeline.Rendered)
	}
	return leaf
}

// resolution is the one that the image declares, if a sheet of paper can be so, and
// else that of A4 if it has about its shape.
//
// Cameras and editors write 72 or 96 without meaning it; a page larger than A3 at so
// few dots is taken for such a one.
func resolution(img pipeline.Image) (x, y float64) {
	x, y = img.DPIX, img.DPIY
	if y == 0 {
		y = x
	}
	long, short := float64(max(img.Width, img.Height)), float64(min(img.Width, img.Height))
	if possible(x, img.Width) && possible(y, img.Height) && x/y < 4 && y/x < 4 {
		if inches := math.Max(float64(img.Width)/x, float64(img.Height)/y); inches <= a3Long || math.Min(x, y) > 96 {
			return x, y
		}
	}
	dpi := float64(usualDPI)
	if shape := long / short; shape > 1.25 && shape < 1.6 {
		dpi = long / a4Long
	}
	dpi = math.Max(dpi, long*72/mostPt)
	dpi = math.Min(dpi, short*72/leastPt)
	return dpi, dpi
}

func possible(dpi float64, pixels int) bool {
	pt := float64(pixels) * 72 / dpi
	return dpi >= 20 && dpi <= 10000 && pt >= leastPt && pt <= mostPt
}
