package pipeline

// Leaf is a page of a paper as a person or a separator sheet chose it: which page of the
// original it is, and how it is to be turned. Originals are never altered; a paper that
// is split, put in order or turned is other leaves of the same original.
type Leaf struct {
	Page int `json:"page"` // of the original, from 1
	// Turn is by how many degrees clockwise the stored image is to be turned to be upright:
	// 90, 180, 270, or 360 for not at all; 0 leaves it to recognition.
	Turn int `json:"turn,omitempty"`
}

// Collation is how the fronts and the backs of sheets, which came as two files of one
// paper, are put together.
type Collation string

// The collations. The zero one is of papers that are in order as they are.
const (
	CollateSame    Collation = "same"    // the backs in the order of the fronts
	CollateReverse Collation = "reverse" // the last back first, as a turned stack gives them
)

// ReasonMerged is the code of why a paper is rejected whose pages a person put into
// another one.
const ReasonMerged = "merged"
