package pipeline

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
)

// Ink tells where a page is not bare paper: what no word stands for, such as a drawing or
// what is written by hand, is in it, too. It divides the upright page into equal cells.
type Ink struct {
	Columns int    `json:"columns"`
	Rows    int    `json:"rows"`
	Cells   []byte `json:"cells"` // a bit each, the highest first, row after row, deflated (RFC 1951)
}

// MostInk is how many cells there may be. A0 has 900,000 of a millimetre.
const MostInk = 1_500_000

// NewInk takes the cells that have ink, row after row.
func NewInk(columns int, cells []bool) *Ink {
	bits := make([]byte, (len(cells)+7)/8)
	for i, marked := range cells {
		if marked {
			bits[i/8] |= 0x80 >> (i % 8)
		}
	}
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // the level is a valid one,
	_, _ = w.Write(bits)                         // and memory takes all
	_ = w.Close()
	return &Ink{Columns: columns, Rows: len(cells) / max(columns, 1), Cells: b.Bytes()}
}

// Marked gives the cells, row after row. What does not have as many as it says is an error.
func (k *Ink) Marked() ([]bool, error) {
	if k.Columns < 1 || k.Rows < 1 || k.Columns > MostInk || k.Rows > MostInk/k.Columns {
		return nil, fmt.Errorf("reading the ink of a page of %d by %d cells: %w", k.Columns, k.Rows, io.ErrUnexpectedEOF)
	}
	bits := make([]byte, (k.Columns*k.Rows+7)/8)
	if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(k.Cells)), bits); err != nil {
		return nil, fmt.Errorf("reading the ink of a page: %w", err)
	}
	cells := make([]bool, k.Columns*k.Rows)
	for i := range cells {
		cells[i] = bits[i/8]&(0x80>>(i%8)) != 0
	}
	return cells, nil
}
