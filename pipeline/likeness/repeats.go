package likeness

import (
	"math"
	"math/bits"
	"slices"

	"hoso/pipeline"
)

// Repeats finds the pages that stand twice in one paper: the same image file once more, or
// the same sheet fed through the scanner again. The zero value has seen no page. It keeps
// some 40 bytes of a page; of a paper of n pages it compares n²/2 times 16 of them, and the
// words of at most n times mostTried.
type Repeats struct {
	seen   []profile
	images map[pipeline.Digest]int // where each image stood first
}

// profile is what is kept of a page to find those that may be the same sheet.
type profile struct {
	number        int
	outline       outline
	width, height float32 // points
}

// mostTried is with how many earlier pages the words of a page are compared: the likest.
const mostTried = 4

// Add takes in the next page and gives the number of the first one that it repeats, 0 if it
// repeats none. again gives an earlier page anew, by its number; its error is returned.
// Blank pages repeat nothing, and pages of few words only by their very bytes.
func (r *Repeats) Add(p pipeline.Page, again func(number int) (pipeline.Page, error)) (of int, err error) {
	if p.Outcome == pipeline.PageBlank || p.Verdict == pipeline.VerdictBlank {
		return 0, nil
	}
	if of := r.sameImage(p); of > 0 {
		return of, nil
	}
	tokens := tokensOf(p)
	if !tells(tokens) {
		return 0, nil
	}
	own := profile{p.Number, outlineOf(tokens), float32(p.WidthPt), float32(p.HeightPt)}
	for _, number := range r.like(own) {
		other, err := again(number)
		if err != nil {
			return 0, err
		}
		if same(tokens, tokensOf(other)) {
			return number, nil // which stands for both
		}
	}
	r.seen = append(r.seen, own)
	return 0, nil
}

// sameImage gives the page with the very image of p, 0 if there is none before it.
func (r *Repeats) sameImage(p pipeline.Page) int {
	if p.Image.Digest.IsZero() {
		return 0
	}
	if of := r.images[p.Image.Digest]; of > 0 {
		return of
	}
	if r.images == nil {
		r.images = map[pipeline.Digest]int{}
	}
	r.images[p.Image.Digest] = p.Number
	return 0
}

// like gives the numbers of the pages whose words are most like those of a page, the likest
// first.
func (r *Repeats) like(p profile) []int {
	type near struct{ agree, number int }
	var all []near
	for _, q := range r.seen {
		if agree := p.outline.agree(q.outline); agree >= leastAgreed && p.asLarge(q) {
			at, _ := slices.BinarySearchFunc(all, agree, func(n near, agree int) int { return agree - n.agree })
			all = slices.Insert(all, at, near{agree, q.number})
			all = all[:min(len(all), mostTried)]
		}
	}
	numbers := make([]int, 0, len(all))
	for _, n := range all {
		numbers = append(numbers, n.number)
	}
	return numbers
}

// asLarge reports whether two pages may be the same sheet by their size. A feeding scanner
// that crops to the paper is right to a few millimetres.
func (p profile) asLarge(q profile) bool {
	const most = 1.25
	near := func(a, b float32) bool { return a <= 0 || b <= 0 || max(a, b) <= most*min(a, b) }
	return near(p.width, q.width) && near(p.height, q.height)
}

// outline is a bit of each of 128 minima of hashes of all pairs of neighbouring words: of
// two pages that have the share s of all their pairs in common, (1+s)/2 of the bits agree.
type outline [2]uint64

// leastAgreed is at what agreement two outlines may be of one sheet: of a quarter of the
// words misread in one of two readings, a third of all pairs is left. Pages that have nothing
// in common agree in 64 bits, give or take 6.
const leastAgreed = 85

func (o outline) agree(p outline) int {
	return 128 - bits.OnesCount64(o[0]^p[0]) - bits.OnesCount64(o[1]^p[1])
}

func outlineOf(tokens []token) (o outline) {
	pairs := make([]uint64, 0, len(tokens))
	for i := 1; i < len(tokens); i++ {
		pairs = append(pairs, tokens[i-1].hash*fnvPrime+tokens[i].hash)
	}
	for i := range 128 {
		least, salt := uint64(math.MaxUint64), uint64(i)*golden
		for _, h := range pairs {
			least = min(least, spread(h^salt))
		}
		o[i/64] |= least & 1 << (i % 64)
	}
	return o
}

// golden is 2⁶⁴ divided by the golden ratio.
const golden = 0x9e3779b97f4a7c15

// spread makes every bit of the result depend on every bit of h.
func spread(h uint64) uint64 {
	h = (h ^ h>>32) * golden
	h = (h ^ h>>29) * fnvPrime * golden
	return h ^ h>>32
}
