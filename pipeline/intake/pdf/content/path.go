package content

import "math"

// pathOperator builds, paints and clips with paths, of which only the box matters.
func (rd *reader) pathOperator(op string, args []any) {
	switch op {
	case "re":
		v := numbers(args, 4)
		rd.flat = !rd.some && rd.upright()
		rd.extend(v[0], v[1])
		rd.extend(v[0]+v[2], v[1]+v[3])
	case "m", "l":
		v := numbers(args, 2)
		rd.flat = false
		rd.extend(v[0], v[1])
	case "c", "v", "y":
		rd.flat = false
		for v := numbers(args, len(args)); len(v) >= 2; v = v[2:] {
			rd.extend(v[0], v[1])
		}
	case "W", "W*":
		rd.clip = true
	case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
		rd.mark(op)
		rd.end()
	case "n":
		rd.end()
	}
}

// mark counts a painted path that can be seen: not off the page, and not a white
// ground below everything else.
func (rd *reader) mark(op string) {
	seen := rd.path.And(rd.s.clip).And(rd.page)
	if !rd.some || seen.X1 < seen.X0 || seen.Y1 < seen.Y0 {
		return
	}
	ground := rd.s.white && (op[0] == 'f' || op[0] == 'F')
	if !ground || len(rd.out.Images)+rd.out.Glyphs+rd.out.Paths > 0 {
		rd.out.Paths++
	}
}

func (rd *reader) upright() bool {
	m := rd.s.ctm
	return m[1] == 0 && m[2] == 0 || m[0] == 0 && m[3] == 0
}

func (rd *reader) extend(x, y float64) {
	x, y = rd.s.ctm.apply(x, y)
	if !rd.some {
		rd.path, rd.some = Rect{x, y, x, y}, true
		return
	}
	p := &rd.path
	p.X0, p.Y0, p.X1, p.Y1 = math.Min(p.X0, x), math.Min(p.Y0, y), math.Max(p.X1, x), math.Max(p.Y1, y)
}

// end finishes a path, which may clip what follows.
func (rd *reader) end() {
	if rd.clip && rd.some {
		rd.s.clip = rd.s.clip.And(rd.path)
		rd.s.odd = rd.s.odd || !rd.flat
	}
	rd.clip, rd.some, rd.flat = false, false, false
}
