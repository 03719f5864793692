package web

import (
	"context"
	"fmt"
	"slices"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// mostKin bounds the papers of one original that are looked at.
const mostKin = 300

// relative is a paper whose pages are in the original of another one.
type relative struct {
	pipeline.Paper

	before int // pages of that original that stand before those of the relative's own
}

// family are the papers that have pages in the original of one of them.
type family struct {
	all   []relative
	named map[pipeline.PaperID]bool
	whole bool // these are all; there may be more than anybody looks at
}

func (f *family) add(p pipeline.Paper, before int) {
	switch {
	case f.named[p.ID]:
	case len(f.all) >= mostKin:
		f.whole = false
	default:
		f.named[p.ID] = true
		f.all = append(f.all, relative{p, before})
	}
}

// kin are the papers that were made of a paper's original by splitting it, itself among
// them. In the original of a bundle there are those, too, that it was made of, with all
// pages of their originals, and so all that have pages of these.
func (s *Site) kin(ctx context.Context, p pipeline.Paper) (family, error) {
	f := family{named: map[pipeline.PaperID]bool{}, whole: true}
	root, err := s.rootOf(ctx, p)
	if err != nil {
		return f, err
	}
	f.add(root, 0)
	for i := 0; i < len(f.all) && f.whole; i++ {
		one := f.all[i]
		for _, id := range one.Parts {
			part, err := s.Catalog.Paper(ctx, id)
			if err != nil {
				return f, err
			}
			f.add(part, one.before)
		}
		if err := s.bundled(ctx, &f, one); err != nil {
			return f, err
		}
	}
	f.whole = f.whole && f.named[p.ID]
	return f, nil
}

// rootOf gives the paper that the others of p's original were parted from.
func (s *Site) rootOf(ctx context.Context, p pipeline.Paper) (pipeline.Paper, error) {
	for range mostKin {
		if p.Parted == "" {
			break
		}
		above, err := s.Catalog.Paper(ctx, p.Parted)
		if err != nil {
			return p, err
		}
		p = above
	}
	return p, nil
}

// bundled adds what a bundle was made of: each original once, in the order of its papers.
func (s *Site) bundled(ctx context.Context, f *family, bundle relative) error {
	at, total := map[pipeline.Digest]int{}, 0
	for _, id := range bundle.Merged {
		p, err := s.Catalog.Paper(ctx, id)
		if err != nil {
			return err
		}
		if p.Original == bundle.Original { // a part that came back
			f.add(p, bundle.before)
			continue
		}
		if _, there := at[p.Original]; !there {
			at[p.Original] = total
			total += p.Sheets()
		}
		root, err := s.rootOf(ctx, p)
		if err != nil {
			return err
		}
		f.add(root, bundle.before+at[p.Original])
	}
	return nil
}

// seesWhole reports whether who asks may see the whole original of a paper that they may
// see: there may be papers of other units in it.
func (s *Site) seesWhole(v *visit, p pipeline.Paper) (bool, error) {
	who := v.session.Who
	alone := len(p.Leaves) == 0 && p.Parted == "" && len(p.Parts)+len(p.Merged) == 0
	if who.Unit == "" || alone {
		return true, nil
	}
	f, err := s.kin(v.r.Context(), p)
	if err != nil {
		return false, err
	}
	strange := func(one relative) bool { return one.ID != p.ID && !gate.May(who, v.route.act, thing(one.Paper)) }
	return f.whole && !slices.ContainsFunc(f.all, strange), nil
}

// wholeOriginal errs unless who asks may see the whole original of p.
func (s *Site) wholeOriginal(v *visit, p pipeline.Paper) error {
	sees, err := s.seesWhole(v, p)
	if err != nil || sees {
		return err
	}
	return &problem{
		status: 403, code: "original-of-others", detail: "the original has pages of papers of other units",
		say: "Tệp gốc này có cả trang của giấy tờ thuộc đơn vị khác nên tài khoản này không mở được. Hãy xem ảnh trang hoặc bản lưu của giấy tờ; nếu cần tệp gốc, hãy liên hệ người quản trị.",
	}
}

// leftOut are the pages of a paper's original that neither it has nor any other paper that
// was made of that original, so that it may take them back: none where who asks may not see
// all of these papers, since a page may have been one of theirs.
func (s *Site) leftOut(v *visit, p pipeline.Paper) ([]int, error) {
	if len(p.Leaves) == 0 {
		return nil, nil
	}
	if sees, err := s.seesWhole(v, p); err != nil || !sees {
		return nil, err
	}
	f, err := s.kin(v.r.Context(), p)
	if err != nil || !f.whole {
		return nil, err
	}
	used := map[int]bool{}
	for _, one := range f.all {
		if f.named[one.Into] { // which has them, or has left them out
			continue
		}
		for _, l := range one.AllLeaves() {
			used[one.before+l.Page] = true
		}
	}
	var all []int
	for n := 1; n <= p.Sheets(); n++ {
		if !used[n] {
			all = append(all, n)
		}
	}
	return all, nil
}

// mayTake errs where a paper would take pages of its original that another paper has, or
// that who asks may not see: pages are moved by splitting and merging.
func (s *Site) mayTake(v *visit, p pipeline.Paper, leaves []pipeline.Leaf) error {
	own := map[int]bool{}
	for _, l := range p.AllLeaves() {
		own[l.Page] = true
	}
	more := slices.DeleteFunc(slices.Clone(leaves), func(l pipeline.Leaf) bool {
		return own[l.Page] || l.Page < 1 || l.Page > p.Sheets()
	})
	if len(more) == 0 {
		return nil
	}
	free, err := s.leftOut(v, p)
	if err != nil {
		return err
	}
	for _, l := range more {
		if !slices.Contains(free, l.Page) {
			return &problem{
				status: 422, code: "page-of-another", detail: fmt.Sprintf("page %d of the original is not free to be taken", l.Page),
				say: fmt.Sprintf("Không lấy được trang %d của tệp gốc: trang này thuộc giấy tờ khác hoặc ngoài phạm vi của tài khoản này. Nếu có quyền với cả hai giấy tờ, hãy ghép lại rồi tách.", l.Page),
			}
		}
	}
	return nil
}
