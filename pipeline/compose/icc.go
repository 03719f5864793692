package compose

import "math"

// sRGB builds the profile of the output intent: a version 2 matrix profile of the
// sRGB space (IEC 61966-2-1) with its primaries adapted to D50 by the Bradford
// transform. It is made here so that no file of another's licence is carried.
func sRGB() []byte {
	const curvePoints = 1024
	curve := be([4]byte([]byte("curv")), uint32(0), uint32(curvePoints))
	for i := range curvePoints {
		curve = append(curve, be(uint16(math.Round(65535*linear(float64(i)/(curvePoints-1)))))...)
	}
	return profile([]table{
		{"desc", description("sRGB IEC61966-2.1")},
		{"cprt", append(be([4]byte([]byte("text")), uint32(0)), "No copyright, use freely\x00"...)},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve},
		{"gTRC", nil}, // the same curve as before
		{"bTRC", nil},
	})
}

// linear undoes the transfer function of sRGB.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func xyz(values ...float64) []byte {
	b := be([4]byte([]byte("XYZ ")), uint32(0))
	for _, v := range values {
		b = append(b, be(int32(math.Round(v*65536)))...)
	}
	return b
}

// description is a textDescriptionType: ASCII, then empty Unicode and ScriptCode.
func description(s string) []byte {
	b := append(be([4]byte([]byte("desc")), uint32(0), uint32(len(s)+1)), s...) //nolint:gosec // a short constant
	return append(b, make([]byte, 1+4+4+2+1+67)...)
}

// profile lays tags out behind an ICC header (ICC.1:2001-04, 6.1). A tag without
// data shares that of the tag before it.
func profile(tags []table) []byte {
	offset := 128 + 4 + 12*len(tags)
	index := be(uint32(len(tags))) //nolint:gosec // a handful
	var body []byte
	at, length := 0, 0
	for _, t := range tags {
		if t.data != nil {
			at, length = offset+len(body), len(t.data)
			body = append(body, t.data...)
			body = append(body, make([]byte, -len(body)&3)...)
		}
		index = append(index, t.tag...)
		index = append(index, be(uint32(at), uint32(length))...)
	}
	head := be(uint32(offset+len(body)), uint32(0), uint32(0x02100000), //nolint:gosec // likewise
		[12]byte([]byte("mntrRGB XYZ ")),
		[6]uint16{2026, 1, 1, 0, 0, 0}, [4]byte([]byte("acsp")), [7]uint32{},
		[3]int32{0xF6D6, 0x10000, 0xD32D}, [12]uint32{})
	return append(append(head, index...), body...)
}
