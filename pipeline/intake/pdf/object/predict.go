package object

import (
	"errors"
	"fmt"
	"io"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/raster"
)

// Predictor reads the parameters of a filter (ISO 32000-1, table 8).
func (r *Set) Predictor(d Dict) pipeline.PredictorParms {
	p := pipeline.PredictorParms{Predictor: int(r.Number(d["Predictor"], 1))}
	if p.Predictor <= 1 {
		return pipeline.PredictorParms{}
	}
	p.Colors, p.Bits = int(r.Number(d["Colors"], 1)), int(r.Number(d["BitsPerComponent"], 8))
	p.Columns = int(r.Number(d["Columns"], 1))
	return p
}

// predicted undoes the predictor of a filter, if it has one.
func (r *Set) predicted(d Dict, src io.Reader) io.Reader {
	p := r.Predictor(d)
	if p.Predictor == 0 {
		return src
	}
	bits := p.Colors * p.Bits
	if bits < 1 || bits > 64*16 || p.Columns < 1 || p.Columns > 1<<24 {
		return broken{fault.Broken("PDF", fmt.Errorf("impossible predictor %v", p))}
	}
	n := (p.Columns*bits + 7) / 8
	return &unpredict{src: src, parms: p, cur: make([]byte, n+1), above: make([]byte, n+1)}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// unpredict gives rows with their predictor undone.
type unpredict struct {
	src        io.Reader
	parms      pipeline.PredictorParms
	cur, above []byte
	left       []byte
	err        error
}

func (u *unpredict) Read(b []byte) (int, error) {
	for len(u.left) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		if u.err = u.row(); len(u.left) == 0 && u.err == nil {
			u.err = io.EOF
		}
	}
	n := copy(b, u.left)
	u.left = u.left[n:]
	return n, nil
}

func (u *unpredict) row() error {
	if u.parms.Predictor == 2 {
		n, err := io.ReadFull(u.src, u.cur[1:])
		u.left = u.cur[1 : 1+n]
		difference(u.left, u.parms)
		return whole(err)
	}
	u.cur, u.above = u.above, u.cur
	n, err := io.ReadFull(u.src, u.cur)
	if n <= 1 {
		return whole(err)
	}
	clear(u.cur[n:])
	if bad := raster.Unfilter(u.cur, u.above, max(1, u.parms.Colors*u.parms.Bits/8)); bad != nil {
		return fault.Broken("PDF", bad)
	}
	u.left = u.cur[1:n]
	return whole(err)
}

// whole makes a short last row the end.
func whole(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	}
	return err
}

// difference undoes predictor 2 for samples of whole bytes; smaller ones are not
// carried by anything that writes scans.
func difference(row []byte, p pipeline.PredictorParms) {
	switch p.Bits {
	case 8:
		for i := p.Colors; i < len(row); i++ {
			row[i] += row[i-p.Colors]
		}
	case 16:
		for i := 2 * p.Colors; i+1 < len(row); i += 2 {
			v := uint16(row[i])<<8 | uint16(row[i+1])
			w := uint16(row[i-2*p.Colors])<<8 | uint16(row[i-2*p.Colors+1])
			v += w
			row[i], row[i+1] = byte(v>>8), byte(v)
		}
	}
}
