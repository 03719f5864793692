package raster

// Redraw makes a picture of a page that was drawn in RGB: without loss where that is
// small, and as a JPEG where it is a photograph.
func Redraw(m *Memory) (*Picture, error) {
	pic, err := Exact(m)
	if err != nil {
		return nil, err
	}
	// Letters and lines take a tenth of this; noise of a photograph ten times as
	// much.
	if pic.Image.Bits == 1 || int64(len(pic.Carrier))*8 < m.Shape.Pixels() {
		return pic, nil
	}
	open, err := Simplest(m.again)
	if err != nil {
		return nil, err
	}
	rows, err := open()
	if err != nil {
		return nil, err
	}
	photo, err := Photo(rows)
	if err != nil || 2*len(photo.Carrier) > len(pic.Carrier) {
		return pic, err
	}
	return photo, nil
}

// Exact makes a picture of an image that was drawn, without loss.
func Exact(m *Memory) (*Picture, error) {
	pic, err := Encode(m.again)
	if err != nil {
		return nil, err
	}
	pic.Redrawn = true
	return pic, nil
}

// again gives the rows of m from the first.
func (m *Memory) again() (Rows, error) { return &Memory{Shape: m.Shape, Pix: m.Pix}, nil }
