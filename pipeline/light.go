package pipeline

// Light is a page of an access copy (bản xem nhanh): a few small images laid over
// each other that together look like the page, and what was found when they were
// compared with it.
type Light struct {
	Layers []Layer `json:"layers"` // from the bottom to the top
	Words  int     `json:"words"`  // recognized words that were compared
	// Patched is how many of them are shown by a piece of the page itself, since
	// their ink could not be told from the paper or from other ink.
	Patched int `json:"patched"`
	// Differs are the places, in pixels of the upright page, where strokes of the
	// page are missing in the copy or stand where the page has none.
	Differs []Box `json:"differs,omitempty"`
}

// LightNote names the access copy of a record, and says what was found when the two
// were compared.
type LightNote struct {
	Record  Digest `json:"record"`
	Copy    Stored `json:"copy"`
	Words   int    `json:"words"`   // that were compared
	Patched int    `json:"patched"` // that are shown by a piece of the scan
	Differ  []int  `json:"differ,omitempty"`
}

// Layer is one image of a page that is made of several.
type Layer struct {
	Image Image    `json:"image"`          // a JPEG, or a mask
	Ink   [3]uint8 `json:"ink,omitzero"`   // the sRGB colour that a mask is painted in
	Place Place    `json:"place,omitzero"` // where it lies
}

// Place is a rectangle in shares of the width and height of the upright page, from
// the top left corner: 0,0 to 1,1 is all of it.
type Place struct {
	X0 float64 `json:"x0"`
	Y0 float64 `json:"y0"`
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
}
