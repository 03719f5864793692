package pdf

import (
	"cmp"
	"fmt"
	"slices"
)

// Use is a place where an object is referred to: the object By, 0 for a trailer, and
// the Key at the top of its dictionary below which the reference stands, "" if it is no
// dictionary.
type Use struct {
	By  int
	Key string
}

// maxScanned bounds the objects that Uses looks at.
const maxScanned = 1 << 20

// Uses finds every place in the newest revision that refers to one of the wanted
// objects, whether it can be reached from the catalog or not. It reads each object once.
func (f *File) Uses(wanted map[int]bool) (map[int][]Use, error) {
	out := map[int][]Use{}
	if len(wanted) == 0 {
		return out, nil
	}
	next, err := f.Next()
	if err != nil {
		return nil, err
	}
	if next > maxScanned {
		return nil, fmt.Errorf("looking for uses among %d objects: %w", next, ErrBroken)
	}
	note := func(by int, v Value) {
		for _, u := range usesIn(v) {
			if wanted[u.target] {
				out[u.target] = append(out[u.target], Use{by, u.key})
			}
		}
	}
	for _, s := range f.Sections {
		note(0, Value{Raw: []byte(s.Trailer.String()), Offset: -1})
	}
	order, err := f.inOrder(next)
	if err != nil {
		return nil, err
	}
	for _, n := range order {
		v, err := f.Object(n)
		if err != nil {
			return nil, err
		}
		if err := f.spend(64); err != nil {
			return nil, err
		}
		note(n, v)
	}
	return out, nil
}

// inOrder gives the numbers below next in the order in which their objects stand, so
// that each object stream is read once.
func (f *File) inOrder(next int) ([]int, error) {
	places := make([]place, next)
	order := make([]int, 0, next)
	for n := 1; n < next; n++ {
		var err error
		if places[n], err = f.locate(n); err != nil {
			return nil, err
		}
		if places[n].kind != free {
			order = append(order, n)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(places[a].kind, places[b].kind), cmp.Compare(places[a].offset, places[b].offset), cmp.Compare(a, b))
	})
	return order, nil
}

// used is a reference by a key.
type used struct {
	target int
	key    string
}

func usesIn(v Value) []used {
	var out []used
	if d, err := v.Dict(); err == nil {
		for _, e := range d {
			for _, n := range references(e.Value.Raw) {
				out = append(out, used{n, e.Key})
			}
		}
		return out
	}
	for _, n := range references(v.Raw) {
		out = append(out, used{n, ""})
	}
	return out
}

// references gives the numbers of the objects that a value refers to, at any depth.
func references(raw []byte) []int {
	_, numbers := Cut(raw)
	return numbers
}

// endOr is the end of a value; what has none goes on to the end.
func endOr(end int, err error) int {
	if err != nil {
		return 1 << 30
	}
	return end
}

// wordEnd gives the end of the word or name at i.
func wordEnd(b []byte, i int) int {
	for i++; i < len(b) && !isSpace(b[i]) && !isDelimiter(b[i]); i++ {
	}
	return i
}

// referenceAt reads "N G R", of which N ends at end.
func referenceAt(b []byte, i, end int) (target, after int, ok bool) {
	n, j, ok1 := number(b, i)
	_, k, ok2 := number(b, j)
	l := skipSpace(b, k)
	if !ok1 || !ok2 || j != end || n > 1<<24 || l >= len(b) || b[l] != 'R' || wordEnd(b, l) != l+1 {
		return 0, 0, false
	}
	return int(n), l + 1, true
}
