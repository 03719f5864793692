package prepare

import "math"

// projection maps points of one plane onto another as a camera does: a matrix of three
// by three, row by row, for homogeneous coordinates.
type projection [9]float64

// unmoved leaves every point where it is.
func unmoved() projection { return moved(0, 0) }

// moved shifts points.
func moved(dx, dy float64) projection { return projection{1, 0, dx, 0, 1, dy, 0, 0, 1} }

// turned turns points about the origin, clockwise as the eye sees it: y runs downwards.
func turned(degrees float64) projection {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return projection{cos, -sin, 0, sin, cos, 0, 0, 0, 1}
}

// depth is how far from the eye the point at x, y lies, where 1 is the distance of the
// origin; not above 0 it cannot be seen.
func (m projection) depth(x, y float64) float64 { return (m[6]*x + m[7]*y + m[8]) / m[8] }

// at gives where the point at x, y comes to lie.
func (m projection) at(x, y float64) (float64, float64) {
	w := m[6]*x + m[7]*y + m[8]
	return (m[0]*x + m[1]*y + m[2]) / w, (m[3]*x + m[4]*y + m[5]) / w
}

// then gives the projection that maps by m first and by next after it.
func (m projection) then(next projection) projection {
	var out projection
	for row := range 3 {
		for col := range 3 {
			for k := range 3 {
				out[3*row+col] += next[3*row+k] * m[3*k+col]
			}
		}
	}
	return out.scaled()
}

// back gives the projection the other way: the adjugate of m is its inverse but for a
// factor, which homogeneous coordinates do not know.
func (m projection) back() projection {
	a, b, c, d, e, f, g, h, i := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]
	return projection{
		e*i - f*h, c*h - b*i, b*f - c*e,
		f*g - d*i, a*i - c*g, c*d - a*f,
		d*h - e*g, b*g - a*h, a*e - b*d,
	}.scaled()
}

// scaled gives the same projection with 1 as its last figure.
func (m projection) scaled() projection {
	last := m[8]
	for i := range m {
		m[i] /= last
	}
	return m
}
