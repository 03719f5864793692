package web

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"strconv"

	"hoso/pipeline"
)

// pixelLimit bounds the pictures that are taken apart here.
const pixelLimit = 16 << 20

// crop shows a page as it was scanned, or the place around a box of it, which is framed.
func (s *Site) crop(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil || s.Pictures == nil {
		return fs.ErrNotExist
	}
	box, err := boxOf(v.r.URL.Query().Get("box"))
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "picture"); err != nil {
		return err
	}
	drawn, err := s.Pictures.Page(v.r.Context(), p.Paper, number)
	if err != nil {
		return err
	}
	body := drawn.JPEG
	if !box.IsZero() {
		if body, err = around(drawn, box); err != nil {
			return err
		}
	}
	sendJPEG(v, body)
	return nil
}

func sendJPEG(v *visit, body []byte) {
	h := v.w.Header()
	h.Set("Content-Security-Policy", imagePolicy)
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = v.w.Write(body) // the reader may have gone
}

// boxOf reads x0,y0,x1,y1; nothing is no box.
func boxOf(text string) (b pipeline.Box, err error) {
	if text == "" {
		return b, nil
	}
	if _, err := fmt.Sscanf(text, "%d,%d,%d,%d", &b.X0, &b.Y0, &b.X1, &b.Y1); err != nil || b.X1 <= b.X0 || b.Y1 <= b.Y0 {
		return b, badRequest("box", "a box is x0,y0,x1,y1", err)
	}
	return b, nil
}

// around cuts the place around a box out of a page and frames the box.
func around(p Picture, box pipeline.Box) ([]byte, error) {
	size, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
	if err != nil || p.Width <= 0 || p.Height <= 0 || size.Width*size.Height > pixelLimit {
		return nil, fmt.Errorf("cutting a picture of %dx%d for a page of %dx%d: %w", size.Width, size.Height, p.Width, p.Height, err)
	}
	page, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		return nil, fmt.Errorf("cutting a picture: %w", err)
	}
	at := image.Rect(box.X0*size.Width/p.Width, box.Y0*size.Height/p.Height, box.X1*size.Width/p.Width, box.Y1*size.Height/p.Height)
	view := roomAround(at).Intersect(page.Bounds())
	if view.Empty() {
		view = page.Bounds()
	}
	out := image.NewRGBA(view)
	draw.Draw(out, view, page, view.Min, draw.Src)
	frame(out, at.Inset(-4))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: 80}); err != nil {
		return nil, fmt.Errorf("cutting a picture: %w", err)
	}
	return b.Bytes(), nil
}

// roomAround is a box with so much around it that a person sees where it stands: three
// lines above and below, and at least a third of a page's usual width.
func roomAround(at image.Rectangle) image.Rectangle {
	const narrowest = 560
	tall := min(max(at.Dy(), 20), 60)
	side := max(40, (narrowest-at.Dx())/2)
	return image.Rect(at.Min.X-side, at.Min.Y-2*tall, at.Max.X+side, at.Max.Y+2*tall)
}

// frame draws a thin frame.
func frame(on *image.RGBA, at image.Rectangle) {
	const thick = 2
	ink := image.NewUniform(color.RGBA{0x0b, 0x5f, 0x59, 0xff})
	for _, edge := range []image.Rectangle{
		image.Rect(at.Min.X, at.Min.Y, at.Max.X, at.Min.Y+thick), image.Rect(at.Min.X, at.Max.Y-thick, at.Max.X, at.Max.Y),
		image.Rect(at.Min.X, at.Min.Y, at.Min.X+thick, at.Max.Y), image.Rect(at.Max.X-thick, at.Min.Y, at.Max.X, at.Max.Y),
	} {
		draw.Draw(on, edge, ink, image.Point{}, draw.Src)
	}
}
