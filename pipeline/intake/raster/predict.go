package raster

import (
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// The choice between the predictors is made on so many rows and holds for so many.
const (
	trialRows  = 32
	trialEvery = 256
)

// predictor writes rows with the filter that suits them: none, or Paeth's. Trial
// compression of an eighth of the rows tells which; the sum of differences, by which
// PNG writers usually choose, takes noise for detail and makes clean and noisy pages
// a sixth to a half larger. Rows of smaller pixels and indices are left as they are.
type predictor struct {
	out   io.Writer
	trial *zlib.Writer
	bpp   int // bytes of a pixel, 0 to leave rows as they are
	y     int
	paeth bool
	above []byte
	line  []byte // filter byte and row, as written
	band  []byte // rows that wait for the choice
}

func newPredictor(f Form, out io.Writer) (*predictor, error) {
	trial, err := zlib.NewWriterLevel(io.Discard, flateLevel)
	if err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	p := &predictor{out: out, trial: trial, line: make([]byte, f.Stride()+1), above: make([]byte, f.Stride())}
	if f.Bits >= 8 && f.Palette == nil {
		p.bpp = f.Channels * f.Bits / 8
	}
	return p, nil
}

// take writes a row or keeps it until the choice is made.
func (p *predictor) take(row []byte) error {
	place := p.y % trialEvery
	p.y++
	if p.bpp == 0 || place >= trialRows {
		return p.write(p.out, row)
	}
	p.band = append(p.band, row...)
	if place == trialRows-1 {
		return p.settle()
	}
	return nil
}

// settle chooses by the rows that wait, and writes them.
func (p *predictor) settle() error {
	if len(p.band) == 0 {
		return nil
	}
	least := 0
	choice := false
	above := string(p.above)
	for _, paeth := range []bool{false, true} {
		p.paeth = paeth
		var size counter
		p.trial.Reset(&size)
		if err := p.rows(p.trial); err != nil {
			return err
		}
		if err := p.trial.Close(); err != nil {
			return fmt.Errorf("compressing: %w", err)
		}
		copy(p.above, above)
		if !paeth || int(size) < least {
			least, choice = int(size), paeth
		}
	}
	p.paeth = choice
	err := p.rows(p.out)
	p.band = p.band[:0]
	return err
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// rows writes all rows that wait.
func (p *predictor) rows(out io.Writer) error {
	n := len(p.above)
	for at := 0; at < len(p.band); at += n {
		if err := p.write(out, p.band[at:at+n]); err != nil {
			return err
		}
	}
	return nil
}

// write writes one row with the chosen filter.
func (p *predictor) write(out io.Writer, row []byte) error {
	line := p.line[1:]
	if p.paeth {
		p.line[0] = 4
		for i := range min(p.bpp, len(row)) {
			line[i] = row[i] - p.above[i]
		}
		for i := p.bpp; i < len(row); i++ {
			line[i] = row[i] - paeth(row[i-p.bpp], p.above[i], p.above[i-p.bpp])
		}
	} else {
		p.line[0] = 0
		copy(line, row)
	}
	copy(p.above, row)
	if _, err := out.Write(p.line); err != nil {
		return fmt.Errorf("compressing: %w", err)
	}
	return nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
