package jpeg

import (
	"bytes"
	"image/jpeg"

	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/raster"
)

// Rows decodes a JPEG, in gray or RGB. It holds the whole image.
func Rows(b []byte) (raster.Rows, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fault.Broken("JPEG", err)
	}
	return raster.FromImage(img), nil
}
