package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
)

// TIFF tags (TIFF 6.0, section 8).
const (
	tagSubfile     = 254
	tagWidth       = 256
	tagHeight      = 257
	tagBits        = 258
	tagCompression = 259
	tagPhotometric = 262
	tagStrips      = 273
	tagSamples     = 277
	tagRows        = 278
	tagBytes       = 279
	tagXResolution = 282
	tagYResolution = 283
	tagUnit        = 296
)

// Values of tags.
const (
	compressG4      = 4
	compressDeflate = 8
	whiteIsZero     = 0
	blackIsZero     = 1
	rgbColor        = 2
	inches          = 2
)

// TIFF writes pages into one file, a strip per page: *image.Paletted as CCITT
// Group 4, *image.Gray and *image.RGBA as Deflate.
func TIFF(pages []image.Image, dpi int) ([]byte, error) {
	out := []byte("II\x2a\x00\x00\x00\x00\x00")
	link := 4 // where the offset of the next directory is to be written
	for i, page := range pages {
		strip, tags, err := strip(page)
		if err != nil {
			return nil, fmt.Errorf("encoding page %d as TIFF: %w", i+1, err)
		}
		at := len(out)
		out = append(out, strip...)
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
		tags = append(tags, tag{tagStrips, at}, tag{tagBytes, len(strip)})
		out, link = directory(out, link, tags, page.Bounds(), dpi)
	}
	return out, nil
}

// tag is an entry of a directory whose value fits into four bytes.
type tag struct{ id, value int }

// strip encodes the pixels and gives the tags that tell how.
func strip(page image.Image) ([]byte, []tag, error) {
	switch img := page.(type) {
	case *image.Paletted:
		return g4(img), []tag{{tagBits, 1}, {tagCompression, compressG4}, {tagPhotometric, whiteIsZero}, {tagSamples, 1}}, nil
	case *image.Gray:
		b, err := deflate(img.Pix)
		return b, []tag{{tagBits, 8}, {tagCompression, compressDeflate}, {tagPhotometric, blackIsZero}, {tagSamples, 1}}, err
	case *image.RGBA:
		rgb := make([]byte, 0, len(img.Pix)/4*3)
		for i := 0; i < len(img.Pix); i += 4 {
			rgb = append(rgb, img.Pix[i:i+3]...)
		}
		b, err := deflate(rgb)
		return b, []tag{{tagBits, 8}, {tagCompression, compressDeflate}, {tagPhotometric, rgbColor}, {tagSamples, 3}}, err
	}
	return nil, nil, fmt.Errorf("no TIFF form for %T", page)
}

func deflate(b []byte) ([]byte, error) {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	if _, err := w.Write(b); err != nil {
		return nil, fmt.Errorf("deflating: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("deflating: %w", err)
	}
	return z.Bytes(), nil
}

// directory appends an image file directory, points link to it, and gives the
// place of its own link. Entries stand in the order of their tags.
func directory(out []byte, link int, tags []tag, size image.Rectangle, dpi int) ([]byte, int) {
	values := map[int]int{
		tagSubfile: 2, tagWidth: size.Dx(), tagHeight: size.Dy(), tagRows: size.Dy(), tagUnit: inches,
	}
	for _, t := range tags {
		values[t.id] = t.value
	}
	resolution := len(out)
	out = binary.LittleEndian.AppendUint32(out, uint32(dpi))
	out = binary.LittleEndian.AppendUint32(out, 1)
	bits := len(out) // three channels need a list of their own
	for range 4 {
		out = binary.LittleEndian.AppendUint16(out, 8)
	}
	binary.LittleEndian.PutUint32(out[link:], uint32(len(out)))
	order := []int{
		tagSubfile, tagWidth, tagHeight, tagBits, tagCompression, tagPhotometric, tagStrips,
		tagSamples, tagRows, tagBytes, tagXResolution, tagYResolution, tagUnit,
	}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(order)))
	const long, rational, short = 4, 5, 3
	for _, id := range order {
		kind, count, value := long, 1, values[id]
		switch {
		case id == tagXResolution || id == tagYResolution:
			kind, value = rational, resolution
		case id == tagBits && values[tagSamples] == 3:
			kind, count, value = short, 3, bits
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(id))
		out = binary.LittleEndian.AppendUint16(out, uint16(kind))
		out = binary.LittleEndian.AppendUint32(out, uint32(count))
		out = binary.LittleEndian.AppendUint32(out, uint32(value))
	}
	return append(out, 0, 0, 0, 0), len(out)
}
