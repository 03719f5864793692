package raster

// Redraw makes a picture of a page that was drawn in RGB: in black and white or
// gray if there is nothing else on it, without loss where that is small, and as a
// JPEG where it is a photograph.
func Redraw(m *Memory) (*Picture, error) {
	m = simplest(m)
	pic, err := Exact(m)
	if err != nil {
		return nil, err
	}
	// Letters and lines take a tenth of this; noise of a photograph ten times as
	// much.
	if m.Shape.Bits == 1 || int64(len(pic.Carrier))*8 < m.Shape.Pixels() {
		return pic, nil
	}
	photo, err := Photo(&Memory{Shape: m.Shape, Pix: m.Pix})
	if err != nil || 2*len(photo.Carrier) > len(pic.Carrier) {
		return pic, err
	}
	return photo, nil
}

// Exact makes a picture of an image in RGB without loss, in black and white or gray
// if there is nothing else on it.
func Exact(m *Memory) (*Picture, error) {
	if m.Shape.Channels == 3 {
		m = simplest(m)
	}
	pic, err := Encode(func() (Rows, error) { return &Memory{Shape: m.Shape, Pix: m.Pix}, nil })
	if err != nil {
		return nil, err
	}
	pic.Redrawn = true
	return pic, nil
}

// simplest drops colour and gray from an image that has none.
func simplest(m *Memory) *Memory {
	gray, bilevel := true, true
	for i := 0; i+2 < len(m.Pix) && gray; i += 3 {
		r, g, b := m.Pix[i], m.Pix[i+1], m.Pix[i+2]
		gray = r == g && g == b
		bilevel = bilevel && (r == 0 || r == 255)
	}
	if !gray {
		return m
	}
	f := m.Shape
	f.Channels = 1
	if !bilevel {
		out := &Memory{Shape: f, Pix: make([]byte, f.Stride()*f.Height)}
		for i := range out.Pix {
			out.Pix[i] = m.Pix[3*i]
		}
		return out
	}
	f.Bits = 1
	out := &Memory{Shape: f, Pix: make([]byte, f.Stride()*f.Height)}
	for y := range f.Height {
		for x := range f.Width {
			if m.Pix[3*(y*f.Width+x)] != 0 {
				out.Pix[y*f.Stride()+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return out
}
