package pipeline

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Sketch is what a paper is recognized by when it comes again: hashes of the numbers
// and the words on it, of each kind the smallest, ascending and without doubles. A
// number with many digits has a small hash, see NumberHash: what is kept first is what
// tells one paper from all others. Package likeness makes sketches; they hold nothing
// that can be read, but short numbers can be guessed from them.
type Sketch struct {
	Numbers []uint32
	Words   []uint32
	Quality
}

// Quality is what a scan is worth to who has two of one paper. What is not known is 0.
type Quality struct {
	Confidence int `json:"conf,omitzero"` // the mean over what was read, in percent
	DPI        int `json:"dpi,omitzero"`  // of most pages
}

// MostHashes bounds each kind of hashes in a sketch, which has 389 bytes at most.
const MostHashes = 48

// Better reports whether a scan is plainly better than another: read with more certainty,
// or with as much at a higher resolution.
func (q Quality) Better(than Quality) bool {
	if q.Confidence == 0 || than.Confidence == 0 {
		return false
	}
	more := q.Confidence - than.Confidence
	return more >= 3 || more >= 0 && than.DPI > 0 && 5*q.DPI > 6*than.DPI
}

// NumberHash makes the hash of a number with so many digits from any hash of it.
func NumberHash(digits int, hash uint32) uint32 {
	rank := uint32(3)
	switch {
	case digits >= 8: // an owner's, a date in figures, a dossier's
		rank = 0
	case digits >= 6:
		rank = 1
	case digits >= 4:
		rank = 2
	}
	return rank<<30 | hash>>2
}

// weighed is what a number says by being shared: one of two digits stands on every other
// paper.
func weighed(hash uint32) int { return 4 - int(hash>>30) }

func counted(uint32) int { return 1 }

// IsZero reports whether there is nothing to recognize a paper by.
func (s Sketch) IsZero() bool { return len(s.Numbers) == 0 && len(s.Words) == 0 }

// mostMarks is by how many of its numbers a paper is looked up at most.
const mostMarks = 16

// Marks are the hashes by which papers like this one are looked up: of its longest
// numbers. A paper without numbers has none.
func (s Sketch) Marks() []uint32 { return s.Numbers[:min(len(s.Numbers), mostMarks)] }

// LikenessKind says in which way two papers are alike.
type LikenessKind string

// The kinds of likeness.
const (
	LikeRescan LikenessKind = "rescan" // the same sheets scanned again, for the same dossier
	LikeCopy   LikenessKind = "copy"   // the same sheets in another dossier
	LikePart   LikenessKind = "part"   // one of the two holds the other
)

// Alike is a paper that looks like another one: a hint for people, on which hoso does not
// act.
type Alike struct {
	Paper Paper        `json:"paper"`
	Kind  LikenessKind `json:"kind"`
	Score float32      `json:"score"` // 0 to 100
	Quality
}

// Likenesses are the papers that look like one, and what its own scan is worth.
type Likenesses struct {
	Quality
	Alike []Alike `json:"alike"` // the likest first, of those the newest
}

// Likeness is what the history of a paper keeps of one like it.
type Likeness struct {
	Paper PaperID      `json:"paper"`
	Kind  LikenessKind `json:"kind"`
	Score float32      `json:"score"`
}

// Between tells rescans from copies. A paper of which nobody knows the dossier may be of
// the same.
func (k LikenessKind) Between(a, b DossierNumber) LikenessKind {
	if k == LikeCopy && (a.IsZero() || b.IsZero() || a.Key() == b.Key()) {
		return LikeRescan
	}
	return k
}

// How much two sketches must have in common, measured in package likeness. The weights of
// numbers shared below fewNumbers may be those of the form itself, such as that of the
// circular which prescribes it.
const (
	leastShared = 6 // of weight, to say anything
	fewNumbers  = 12
	partShared  = 20
)

// alike tells whether as much of the numbers and of the words is common as two
// readings of the same sheets have: the fewer numbers, the more of the words.
func alike(numbers, words float64, few bool) bool {
	switch {
	case words >= 0.9:
		return numbers >= 0.45
	case few:
		return words >= 0.86 && numbers >= 0.6
	}
	return words >= 0.6 && numbers >= 0.6
}

// Like tells whether two sketches are of the same sheets: LikeCopy, LikePart, or "" if
// they are not. score is how much they have in common, 0 to 100.
func (s Sketch) Like(t Sketch) (kind LikenessKind, score float32) {
	n := common(s.Numbers, t.Numbers, weighed)
	w := common(s.Words, t.Words, counted)
	switch {
	case n.shared < leastShared:
		return "", 0
	case alike(n.ofBoth(), w.ofBoth(), n.shared < fewNumbers):
		return LikeCopy, float32(100 * (2*n.ofBoth() + w.ofBoth()) / 3)
	case n.shared >= partShared && n.ofLess() >= 0.9 && w.ofLess() >= 0.75:
		return LikePart, float32(100 * (2*n.ofLess() + w.ofLess()) / 3)
	}
	return "", 0
}

// overlap is the weight of what two lists share, and of each.
type overlap struct{ shared, one, other int }

func (o overlap) ofBoth() float64 { return share(o.shared, o.one+o.other-o.shared) }
func (o overlap) ofLess() float64 { return share(o.shared, min(o.one, o.other)) }

func share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

// common compares two lists of the smallest hashes as far as both tell.
func common(a, b []uint32, weigh func(uint32) int) (o overlap) {
	upTo := min(told(a), told(b))
	for _, h := range a {
		if h > upTo {
			break
		}
		o.one += weigh(h)
		if _, both := slices.BinarySearch(b, h); both {
			o.shared += weigh(h)
		}
	}
	for _, h := range b {
		if h > upTo {
			break
		}
		o.other += weigh(h)
	}
	return o
}

// told is up to where a list has all hashes that there are.
func told(all []uint32) uint32 {
	if len(all) < MostHashes {
		return ^uint32(0)
	}
	return all[len(all)-1]
}

// sketchHead is the bytes before the hashes: version, confidence, resolution, and how
// many of the hashes are of numbers.
const (
	sketchHead    = 5
	sketchVersion = 1
)

// MarshalBinary writes the sketch; nothing for the zero sketch.
func (s Sketch) MarshalBinary() ([]byte, error) {
	if s.IsZero() {
		return nil, nil
	}
	if len(s.Numbers) > MostHashes || len(s.Words) > MostHashes {
		return nil, fmt.Errorf("writing a sketch of %d and %d hashes: %w", len(s.Numbers), len(s.Words), ErrSketch)
	}
	b := []byte{sketchVersion, byte(min(max(s.Confidence, 0), 100))}
	b = binary.LittleEndian.AppendUint16(b, uint16(min(max(s.DPI, 0), 1<<16-1)))
	b = append(b, byte(len(s.Numbers)))
	for _, all := range [][]uint32{s.Numbers, s.Words} {
		for _, h := range all {
			b = binary.LittleEndian.AppendUint32(b, h)
		}
	}
	return b, nil
}

// ErrSketch is returned for bytes that are no sketch.
var ErrSketch = errors.New("not a sketch")

// UnmarshalBinary reads what MarshalBinary wrote.
func (s *Sketch) UnmarshalBinary(b []byte) error {
	*s = Sketch{}
	if len(b) == 0 {
		return nil
	}
	if len(b) < sketchHead || b[0] != sketchVersion || (len(b)-sketchHead)%4 != 0 {
		return fmt.Errorf("reading a sketch of %d bytes: %w", len(b), ErrSketch)
	}
	numbers, all := int(b[4]), make([]uint32, 0, (len(b)-sketchHead)/4)
	for at := sketchHead; at < len(b); at += 4 {
		all = append(all, binary.LittleEndian.Uint32(b[at:]))
	}
	if numbers > min(len(all), MostHashes) || len(all)-numbers > MostHashes ||
		!ascending(all[:numbers]) || !ascending(all[numbers:]) {
		return fmt.Errorf("reading a sketch of %d hashes: %w", len(all), ErrSketch)
	}
	s.Quality = Quality{Confidence: int(b[1]), DPI: int(binary.LittleEndian.Uint16(b[2:]))}
	s.Numbers, s.Words = all[:numbers:numbers], all[numbers:]
	return nil
}

func ascending(all []uint32) bool {
	for i := 1; i < len(all); i++ {
		if all[i] <= all[i-1] {
			return false
		}
	}
	return true
}
