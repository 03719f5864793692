package pdf

import "fmt"

// Bounds of the walk to a page: nodes of the tree that are looked at, and kids of one
// node that are.
const (
	maxNodes = 20_000
	maxKids  = 20_000
)

// Page is a page of the tree.
type Page struct {
	Ref       Ref
	Dict      Dict // as it stands
	inherited Dict // what the nodes above hand down (ISO 32000-1, 7.7.3.4)
}

// Get gives an entry of the page or what it inherits for that.
func (p Page) Get(key string) Value {
	if v := p.Dict.Get(key); !v.IsNull() {
		return v
	}
	return p.inherited.Get(key)
}

// node is a part of the tree that is still to be looked at.
type node struct {
	value     Value
	inherited Dict
}

// Page finds page number, counted from 1, without reading the tree behind it. What the
// tree says of the number of its pages is not believed.
func (f *File) Page(catalog Dict, number int) (Page, error) {
	stack := []node{{value: catalog.Get("Pages")}}
	seen := map[int]bool{}
	for len(stack) > 0 && len(seen) < maxNodes {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		ref, ok := n.value.Ref()
		if !ok || seen[ref.Number] {
			break
		}
		seen[ref.Number] = true
		d, err := f.Dict(n.value)
		if err != nil {
			return Page{}, err
		}
		if d.Get("Kids").IsNull() && d.Get("Type").Name() == "Page" {
			if number--; number == 0 {
				return Page{ref, d, n.inherited}, nil
			}
			continue
		}
		kids, err := f.Array(d.Get("Kids"))
		if err != nil {
			return Page{}, err
		}
		down := handedDown(n.inherited, d)
		for i := min(len(kids), maxKids) - 1; i >= 0; i-- {
			stack = append(stack, node{kids[i], down})
		}
	}
	return Page{}, fmt.Errorf("finding a page: %w", ErrBroken)
}

// handedDown is what a node of the tree hands down, over what it has from above.
func handedDown(above, own Dict) Dict {
	for _, key := range []string{"MediaBox", "CropBox", "Rotate"} {
		if v := own.Get(key); !v.IsNull() {
			above = above.With(key, string(v.Raw))
		}
	}
	return above
}
