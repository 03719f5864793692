package batch

import (
	"slices"

	"hoso/pipeline"
)

// Lists are mended, and some come after the scans. What a list says of a paper is handed in
// with it, once; of what it says later the files' remarks tell, so that nobody is sent to
// look for what was mended, and what was not known at the receipt is known to be missing.

// listsContradict gives the codes for which a list makes a paper be held.
func listsContradict() []string { return []string{"list-number", "list-disagrees", "numbers-disagree"} }

// listsLack gives the codes of remarks on papers that a list does not name, or did not.
func listsLack() []string {
	return []string{unlisted().Code, listedLate(pipeline.DossierNumber{}).Code}
}

// relist says of a received file that is of a paper again what the lists say of that now.
func (r *run) relist(l *ledgerwork, paper int32, one part) {
	f, p := r.book.received(one), &l.plan.Papers[paper]
	if f == nil || len(f.Remarks) == 0 && !l.lacks(paper) { // most: nothing was said, and nothing is to be
		return
	}
	r.remarkAnew(f, listsContradict(), pipeline.Reason{})
	lacked := slices.ContainsFunc(f.Remarks, func(x pipeline.Reason) bool { return slices.Contains(listsLack(), x.Code) })
	switch {
	case l.lacks(paper):
		r.remarkAnew(f, listsLack(), unlisted())
	case lacked && len(p.Rows) > 0:
		r.remarkAnew(f, listsLack(), listedLate(p.Number))
	}
}

// remarkAnew puts a remark in the place of those of its kind, or takes them away if it is
// zero.
func (r *run) remarkAnew(f *pipeline.ShelfFile, kind []string, now pipeline.Reason) {
	row := *f
	row.Remarks = slices.DeleteFunc(slices.Clone(row.Remarks), func(x pipeline.Reason) bool {
		return slices.Contains(kind, x.Code) && x != now
	})
	if !now.IsZero() {
		row.Remarks = remark(row.Remarks, now)
	}
	r.book.write(row)
}
