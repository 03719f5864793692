package pdf

import (
	"errors"
	"io"

	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/raster"
)

// samples gives the rows of an image from its unpacked bytes.
type samples struct {
	src  io.ReadCloser
	form raster.Form
	y    int
	neg  byte // 0xff to swap black and white
}

func (s *samples) Form() raster.Form { return s.form }

func (s *samples) Next(row []byte) error {
	if s.y == s.form.Height {
		return errors.Join(io.EOF, s.src.Close())
	}
	if _, err := io.ReadFull(s.src, row); err != nil {
		return errors.Join(fault.Unread("PDF", err), s.src.Close())
	}
	s.y++
	if s.neg != 0 {
		for i := range row {
			row[i] ^= s.neg
		}
	}
	return nil
}
