package pipeline

// Image describes an encoded image stream exactly as it will stand in the record
// (ISO 32000-1, 8.9.5), without its bytes. Bytes that came encoded from a scanner
// are carried untouched.
type Image struct {
	Filter  Filter     `json:"filter"`
	Width   int        `json:"w"` // pixels as stored, before Page.Turn
	Height  int        `json:"h"`
	Bits    int        `json:"bits"` // per component: 1, 2, 4, 8 or 16
	Color   ColorSpace `json:"color"`
	Palette []byte     `json:"palette,omitempty"` // RGB triples, for Indexed
	ICC     Digest     `json:"icc,omitzero"`      // reserved for an embedded profile
	Decode  []float64  `json:"decode,omitempty"`  // as in the PDF, empty for the default
	Mask    bool       `json:"mask,omitzero"`     // an ImageMask: 1 bit, painted black
	DPIX    float64    `json:"dpi_x"`             // 0 if unknown
	DPIY    float64    `json:"dpi_y"`

	Fax       FaxParms       `json:"fax,omitzero"`        // for CCITT
	Predictor PredictorParms `json:"predictor,omitzero"`  // for Flate
	Globals   []byte         `json:"globals,omitempty"`   // JBIG2 global segments
	Transform *int           `json:"transform,omitempty"` // DCT: /ColorTransform if the source set one

	Digest Digest `json:"sha256"` // of the stream's bytes as carried
	Size   int64  `json:"size"`
	Source bool   `json:"source"` // true: the very bytes of the original; false: encoded by us
}

// Filter is the compression of an image stream.
type Filter string

// The filters allowed in PDF/A-2 for images that hoso carries.
const (
	DCT   Filter = "DCTDecode"
	Flate Filter = "FlateDecode"
	CCITT Filter = "CCITTFaxDecode"
	JBIG2 Filter = "JBIG2Decode"
	JPX   Filter = "JPXDecode"
)

// ColorSpace is the colour space of an image stream.
type ColorSpace string

// The colour spaces that hoso carries. JPXColor means the codestream says it itself.
const (
	Gray     ColorSpace = "DeviceGray"
	RGB      ColorSpace = "DeviceRGB"
	Indexed  ColorSpace = "Indexed"
	JPXColor ColorSpace = "JPX"
)

// FaxParms are the parameters of CCITTFaxDecode (ISO 32000-1, table 11).
type FaxParms struct {
	K          int  `json:"k"`
	EndOfLine  bool `json:"eol,omitzero"`
	ByteAlign  bool `json:"align,omitzero"`
	Columns    int  `json:"columns"`
	Rows       int  `json:"rows"`
	NoEndBlock bool `json:"no_end_block,omitzero"` // EndOfBlock false
	BlackIs1   bool `json:"black_is_1,omitzero"`
}

// PredictorParms are the parameters of FlateDecode (ISO 32000-1, table 8).
type PredictorParms struct {
	Predictor int `json:"predictor"`
	Colors    int `json:"colors"`
	Bits      int `json:"bits"`
	Columns   int `json:"columns"`
}
