package access

import "slices"

// blob is a connected piece of ink.
type blob struct {
	area
	ink int // pixels
}

// span is a run of ink in a row.
type span struct{ y, x0, x1, blob int }

// mostSpans bounds the memory of what is connected: a sheet with more is no writing.
const mostSpans = 6_000_000

// spans finds the runs of ink and which of them touch, corners included. Blobs are
// trees in parents; nil spans mean that there are too many.
func (k *ink) spans() (all []span, parents []int) {
	above := 0 // first span of the row above
	for y := range k.height {
		begin := len(all)
		row := k.tone[y*k.width : (y+1)*k.width]
		for x := 0; x < k.width; x++ {
			if row[x] == bare {
				continue
			}
			s := span{y: y, x0: x, blob: len(parents)}
			for x < k.width && row[x] != bare {
				x++
			}
			s.x1 = x
			parents = append(parents, s.blob)
			all = append(all, s)
		}
		if len(all) > mostSpans {
			return nil, nil
		}
		join(all[above:begin], all[begin:], parents)
		above = begin
	}
	return all, parents
}

// join makes one blob of spans that touch across two rows.
func join(above, below []span, parents []int) {
	i := 0
	for _, s := range below {
		for i > 0 && i <= len(above) && above[i-1].x1 >= s.x0 {
			i--
		}
		for ; i < len(above) && above[i].x0 <= s.x1; i++ {
			if above[i].y == s.y-1 && above[i].x1 >= s.x0 {
				a, b := root(parents, above[i].blob), root(parents, s.blob)
				parents[max(a, b)] = min(a, b)
			}
		}
	}
}

func root(parents []int, i int) int {
	for parents[i] != i {
		parents[i] = parents[parents[i]]
		i = parents[i]
	}
	return i
}

// clean takes off what is no writing: specks where no word is, and pictures.
func (k *ink) clean(words []area, dpi float64) {
	spans, parents := k.spans()
	side := tileSide(dpi)
	k.picture = make([]bool, ((k.width+side-1)/side)*((k.height+side-1)/side))
	if spans == nil {
		clear(k.tone)
		for i := range k.picture {
			k.picture[i] = true
		}
		return
	}
	blobs := make([]blob, len(parents))
	for i := range spans {
		s := &spans[i]
		s.blob = root(parents, s.blob)
		b := &blobs[s.blob]
		a := area{s.x0, s.y, s.x1, s.y + 1}
		if b.ink > 0 {
			a = a.union(b.area)
		}
		b.area, b.ink = a, b.ink+s.x1-s.x0
	}
	read := k.read(words)
	speck := max(1, int(dpi*dpi*6/90_000))
	for _, s := range spans {
		b := blobs[s.blob]
		switch {
		case b.picture(dpi):
			k.mark(b.area, side)
		case b.ink >= speck || read[(s.y/cell)*((k.width+cell-1)/cell)+s.x0/cell] && b.ink >= 3:
			continue
		}
		clear(k.tone[s.y*k.width+s.x0 : s.y*k.width+s.x1])
	}
}

// read tells the squares on which words stand.
func (k *ink) read(words []area) []bool {
	cols := (k.width + cell - 1) / cell
	on := make([]bool, cols*((k.height+cell-1)/cell))
	for _, w := range words {
		for y := w.y0 / cell; y <= (w.y1-1)/cell; y++ {
			for x := w.x0 / cell; x <= (w.x1-1)/cell; x++ {
				on[y*cols+x] = true
			}
		}
	}
	return on
}

// picture reports whether a blob is too large and too full to be letters, lines or a
// frame.
func (b blob) picture(dpi float64) bool {
	w, h := b.x1-b.x0, b.y1-b.y0
	return float64(min(w, h)) > dpi*0.4 && 3*b.ink > w*h
}

func tileSide(dpi float64) int { return max(2, int(dpi/5)/cell) * cell }

// mark notes the tiles of a picture.
func (k *ink) mark(a area, side int) {
	cols := (k.width + side - 1) / side
	for y := a.y0 / side; y <= (a.y1-1)/side; y++ {
		for x := a.x0 / side; x <= (a.x1-1)/side; x++ {
			k.picture[y*cols+x] = true
		}
	}
}

// pictured reports whether the middle of an area lies in a picture.
func (k *ink) pictured(a area, dpi float64) bool {
	side := tileSide(dpi)
	return k.picture[(a.y0+a.y1)/2/side*((k.width+side-1)/side)+(a.x0+a.x1)/2/side]
}

// merge joins areas that lie close to each other until none do.
func merge(all []area, near, width, height int) []area {
	for {
		var out []area
		for _, a := range all {
			i := slices.IndexFunc(out, func(b area) bool { return a.grown(near, width, height).meets(b) })
			if i < 0 {
				out = append(out, a)
			} else {
				out[i] = out[i].union(a)
			}
		}
		if len(out) == len(all) {
			return out
		}
		all = out
	}
}
