package morning

import (
	"cmp"
	"iter"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

// mostSpots is how many pages of a kind the HTML names.
const mostSpots = 48

// What may be told of a page by a scanner's flaws.
const (
	cropped  = "cropped"
	streaked = "streaked"
)

// otherNumber is told of a page that names another dossier than its paper is filed under.
const otherNumber = "other-number"

// look is one thing that a page may be looked at for.
type look struct{ what, title, do string }

// looks lists them, the most urgent first.
func looks() []look {
	return []look{
		{string(pipeline.PageFailed), "Không đọc được", "Ảnh trang vẫn được lưu nguyên trong bản PDF/A nhưng không tra cứu được chữ. Hãy mở xem; nếu ảnh hỏng thì quét lại."},
		{string(pipeline.PageTimedOut), "Đọc quá lâu, đã để qua", "Ảnh trang vẫn được lưu nguyên nhưng không tra cứu được chữ. Hãy yêu cầu đọc lại lúc máy rảnh."},
		{string(pipeline.VerdictUnreadable), "Chữ không tin được", "Phần lớn chữ nhận dạng sai. Hãy quét lại rõ hơn nếu còn bản giấy."},
		{otherNumber, "Ghi mã số hồ sơ khác", "Giấy tờ được lưu theo tên thư mục, bảng kê hoặc tờ phân cách, nhưng trên trang ghi mã số khác. Giấy của hồ sơ trước kèm theo thì đúng; nếu xếp nhầm hồ sơ thì mở giấy tờ và sửa mã số."},
		{streaked, "Có sọc dọc", "Kính quét của máy có bụi hoặc vết bẩn. Hãy lau kính rồi quét lại các trang này."},
		{cropped, "Chữ bị cắt ở mép", "Giấy đặt lệch hoặc khổ quét nhỏ hơn giấy. Hãy quét lại đủ mép."},
		{string(pipeline.Repeated), "Trang lặp lại", "Cùng một tờ đã đứng trước trong giấy tờ: quét hai lần hoặc tệp ảnh để hai chỗ. Hãy so hai trang; nếu đúng thì mở giấy tờ, vào Sắp xếp trang và bỏ một trang (lấy lại được). hoso không tự bỏ."},
		{string(pipeline.VerdictDoubtful), "Chữ khó đọc", "Xếp từ trang khó nhất. Hãy xem và sửa chữ, hoặc quét lại ở 300 dpi."},
		{string(pipeline.Skewed), "Quét lệch", "Trang nghiêng quá 1 độ; chữ vẫn đọc được. Chỉnh lại thanh dẫn giấy của máy quét."},
		{string(pipeline.LowResolution), "Dưới 200 dpi", "Thấp hơn mức của Nghị định 30/2020/NĐ-CP. Hãy đặt lại độ phân giải của máy quét và quét lại."},
		{string(pipeline.PageBlank), "Trang trắng", "Thường là mặt sau không có chữ. Hãy xem lướt để chắc chắn không phải trang bị quét úp."},
		{string(pipeline.PageNoText), "Không có chữ in", "Ảnh, sơ đồ hoặc chữ viết tay; không tra cứu được bằng chữ."},
		{string(pipeline.VerdictNotText), "Ảnh, hình vẽ, chữ viết tay", "Không tra cứu được bằng chữ in."},
	}
}

func lookOf(what string) look {
	for _, l := range looks() {
		if l.what == what {
			return l
		}
	}
	return look{what: what, title: what}
}

// mark takes in what is to see of the pages of a paper.
func (g *gathering) mark(p pipeline.Paper, path string) {
	for _, c := range p.Scan.Counts {
		if worthALook(c.What) {
			g.kind(c.What).Pages += int64(c.Pages)
		}
	}
	for s := range spots(p, path) {
		for _, what := range s.What {
			if worthALook(what) {
				g.kind(what).put(s)
			}
		}
		if s.Number != "" {
			g.kind(otherNumber).Pages++
		}
	}
}

// spots gives the pages of a paper with something to see. One that names another dossier
// is told of apart from what is to see of its scan.
func spots(p pipeline.Paper, path string) iter.Seq[Spot] {
	return func(yield func(Spot) bool) {
		if f, there := namesAnother(p); there && !yield(Spot{Paper: p.ID, Path: path, Page: f.Page, Number: f.Value, What: []string{otherNumber}, of: p}) {
			return
		}
		for _, m := range p.Scan.Pages {
			if !yield(Spot{Paper: p.ID, Path: path, Page: m.Page, Confidence: m.Confidence, Repeats: m.Repeats, What: m.What, of: p}) {
				return
			}
		}
	}
}

// surely is how sure of a number on a page hoso must be, out of 100, to speak of it.
const surely = 80

// namesAnother gives the number on a filed paper that says it is of another dossier, unless a
// person has said that it is not.
func namesAnother(p pipeline.Paper) (pipeline.Field, bool) {
	if p.State != pipeline.Filed || p.Dossier.IsZero() {
		return pipeline.Field{}, false
	}
	var read []pipeline.Field
	for _, f := range p.Fields {
		if f.Name != pipeline.FieldDossier {
			continue
		}
		if f.Source == pipeline.ByPerson {
			return pipeline.Field{}, false
		}
		if f.Page > 0 {
			read = append(read, f)
		}
	}
	n, _ := extract.Bound(read, func(pipeline.DossierNumber) float32 { return surely })
	if n.IsZero() || n.Key() == p.Dossier.Key() {
		return pipeline.Field{}, false
	}
	at := slices.IndexFunc(read, func(f pipeline.Field) bool {
		one, err := pipeline.ParseDossierNumber(f.Value)
		return err == nil && one.Key() == n.Key()
	})
	return read[at], true // Bound parsed it
}

// worthALook leaves out what is good, and what hoso has put right itself.
func worthALook(what string) bool {
	switch what {
	case "", string(pipeline.PageOK), string(pipeline.VerdictGood), string(pipeline.HasSeal), string(pipeline.Turned), string(pipeline.Rendered):
		return false
	}
	return true
}

func (g *gathering) kind(what string) *Kind {
	k := g.see[what]
	if k == nil {
		k = &Kind{What: what}
		g.see[what] = k
	}
	return k
}

// put keeps a spot if it is among the first, or of doubtful ones among the worst.
func (k *Kind) put(s Spot) {
	k.Marked++
	s.of = lean(s.of)
	if k.What != string(pipeline.VerdictDoubtful) && k.What != string(pipeline.VerdictUnreadable) {
		if len(k.first) < mostSpots {
			k.first = append(k.first, s)
		}
		return
	}
	at, _ := slices.BinarySearchFunc(k.first, s, func(a, b Spot) int {
		return cmp.Or(cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Page, b.Page))
	})
	if at < mostSpots {
		k.first = slices.Insert(k.first, at, s)
		k.first = k.first[:min(len(k.first), mostSpots)]
	}
}

// lean is what of a paper its pictures need.
func lean(p pipeline.Paper) pipeline.Paper {
	return pipeline.Paper{
		ID: p.ID, State: p.State, Original: p.Original, Media: p.Media, Words: p.Words, Pages: p.Pages,
		Leaves: p.Leaves, Collate: p.Collate, Parted: p.Parted, Former: p.Former, Record: p.Record, Composed: p.Composed, FiledAt: p.FiledAt,
	}
}

// kinds gives what there is to see, the most urgent first.
func (g *gathering) kinds() []Kind {
	var out []Kind
	for _, l := range looks() {
		if k := g.see[l.what]; k != nil {
			out = append(out, *k)
			delete(g.see, l.what)
		}
	}
	rest := make([]Kind, 0, len(g.see))
	for _, k := range g.see {
		rest = append(rest, *k)
	}
	slices.SortFunc(rest, func(a, b Kind) int { return cmp.Compare(a.What, b.What) })
	return append(out, rest...)
}
