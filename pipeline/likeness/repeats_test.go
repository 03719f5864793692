package likeness_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/likeness"
	"hoso/testdata/paper"
)

// leaves numbers pages as those of one paper; each has an image of its own unless it has one
// already.
func leaves(pages ...pipeline.Page) []pipeline.Page {
	out := slices.Clone(pages)
	for i := range out {
		out[i].Number, out[i].WidthPt, out[i].HeightPt = i+1, 595, 842
		if out[i].Image.Digest.IsZero() {
			out[i].Image.Digest = pipeline.Sum([]byte{byte(i >> 8), byte(i)})
		}
	}
	return out
}

// repeats gives for each page of a paper the one that it repeats, 0 for none, and how many
// pages were asked for again.
func repeats(t *testing.T, pages []pipeline.Page) (of []int, asked int) {
	t.Helper()
	var r likeness.Repeats
	for _, p := range pages {
		n, err := r.Add(p, func(number int) (pipeline.Page, error) {
			asked++
			return pages[number-1], nil
		})
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, n)
	}
	return of, asked
}

func expectRepeats(t *testing.T, what string, pages []pipeline.Page, want ...int) {
	t.Helper()
	if of, _ := repeats(t, leaves(pages...)); !slices.Equal(of, want) {
		t.Errorf("%s: the pages repeat %v, want %v", what, of, want)
	}
}

// plain gives a page on which all is read with certainty.
func plain(text string) pipeline.Page { return certain(page(text)) }

func certain(p pipeline.Page) pipeline.Page {
	p.Outcome = pipeline.PageOK
	for _, l := range p.Lines {
		for i := range l.Words {
			l.Words[i].Confidence = 96
		}
	}
	return p
}

// scannedAgain gives a page as another scan of its sheet is read: one word in twenty is
// misread, and the reader is not sure of it; some lines come in another order.
func scannedAgain(r *rand.Rand, p pipeline.Page) pipeline.Page {
	var out pipeline.Page
	for _, l := range p.Lines {
		line := pipeline.Line{Words: slices.Clone(l.Words)}
		for i := range line.Words {
			if w := &line.Words[i]; r.IntN(20) == 0 {
				w.Text, w.Confidence = spoilt(r, w.Text), float32(30+r.IntN(50))
			}
		}
		out.Lines = append(out.Lines, line)
	}
	for i := 1; i < len(out.Lines); i++ {
		if r.IntN(12) == 0 {
			out.Lines[i-1], out.Lines[i] = out.Lines[i], out.Lines[i-1]
		}
	}
	return out
}

// TestSheetsScannedTwice: in a paper of many sheets of one form, filled in for other people,
// each that was scanned twice is found, and no other is taken for it.
func TestSheetsScannedTwice(t *testing.T) {
	t.Parallel()
	const each = 40
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // always the same noise
	found, all := 0, 0
	for _, layout := range paper.Layouts() {
		var pages []pipeline.Page
		for seed := range uint64(each) {
			pages = append(pages, certain(set(&paper.Vary(fonts, layout, seed+1<<20).Sheets[0])))
		}
		for i := range each {
			pages = append(pages, scannedAgain(r, pages[i]))
		}
		of, asked := repeats(t, leaves(pages...))
		if asked > 4*len(pages) {
			t.Errorf("%s: %d of %d pages were asked for again", layout, asked, len(pages))
		}
		for i, n := range of {
			switch {
			case i >= each && n == i-each+1:
				found++
			case n != 0:
				t.Errorf("%s: page %d is taken for page %d", layout, i+1, n)
			}
		}
		all += each
	}
	if 100*found < 95*all {
		t.Errorf("%d of %d sheets that were scanned twice are found, want 95 %%", found, all)
	}
	t.Logf("found: %d of %d", found, all)
}

const receipt = `PHIẾU THU Số: 0125 Ngày 05 tháng 03 năm 2026
Họ và tên người nộp tiền: Trần Minh Khôi Địa chỉ: thôn Đông Hạ, xã Thanh Sơn
Lý do nộp: lệ phí cấp giấy chứng nhận quyền sử dụng đất theo thông báo của chi cục thuế
Số tiền: 350.000 đồng Viết bằng chữ: ba trăm năm mươi nghìn đồng chẵn
Kèm theo một chứng từ gốc Người lập phiếu Thủ quỹ Kế toán trưởng`

// TestFormsFilledInAlike: copies of a form are different sheets if as little as one number or
// one name on them differs, or one of them is not filled in.
func TestFormsFilledInAlike(t *testing.T) {
	t.Parallel()
	for what, other := range map[string]string{
		"number": strings.Replace(receipt, "0125", "0126", 1),
		"day":    strings.Replace(receipt, "05 tháng", "06 tháng", 1),
		"sum":    strings.Replace(receipt, "350.000", "360.000", 1),
		"name":   strings.Replace(receipt, "Trần Minh Khôi", "Phạm Thu An", 1),
		"empty":  strings.NewReplacer("0125", "", "05", "", "03", "", "Trần Minh Khôi", "", "350.000", "", "thôn Đông Hạ, xã Thanh Sơn", "").Replace(receipt),
	} {
		expectRepeats(t, what, []pipeline.Page{plain(receipt), plain(other)}, 0, 0)
	}
}

// TestFormsFilledInByHand: what is written by hand is hardly read, and still tells forms apart.
func TestFormsFilledInByHand(t *testing.T) {
	t.Parallel()
	byHand := func(fields ...string) pipeline.Page {
		var all []string
		for i, part := range strings.Split("Họ và tên người nộp tiền: _ Địa chỉ: _ Lý do nộp: _ Số tiền: _ Viết bằng chữ: _ Người lập phiếu Thủ quỹ Kế toán trưởng Kèm theo chứng từ gốc", "_") {
			all = append(all, part, fields[i])
		}
		p := plain(strings.Join(all, " "))
		for _, l := range p.Lines {
			for i, w := range l.Words {
				if slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(strings.Fields(f), w.Text) }) {
					l.Words[i].Confidence = 40
				}
			}
		}
		return p
	}
	expectRepeats(t, "by hand", []pipeline.Page{byHand("Toa MưK kho", "HẠ 1Da", "lẻ pữ", "35.oo", "ba tyu", ""), byHand("Phau TĐu Au", "ké cố", "hóc pi", "Izo.oo", "mór tam", "")}, 0, 0)
}

// TestRepeatsAreKnown: the first of several equal pages is named, whichever way each lay in
// the scanner.
func TestRepeatsAreKnown(t *testing.T) {
	t.Parallel()
	misread := plain(strings.Replace(receipt, "chứng từ", "chúng tù", 1))
	turned := plain(receipt)
	turned.Turn = 2
	expectRepeats(t, "three scans", []pipeline.Page{plain(receipt), misread, turned}, 0, 1, 1)
	expectRepeats(t, "others between", []pipeline.Page{
		plain(receipt), plain(strings.ReplaceAll(receipt, "0", "7")), turned,
	}, 0, 0, 1)
}

// TestPagesOfFewWords: what hardly has words is known by its bytes alone, and blank pages are
// never told.
func TestPagesOfFewWords(t *testing.T) {
	t.Parallel()
	photo := pipeline.Page{Outcome: pipeline.PageNoText, Verdict: pipeline.VerdictNotText}
	photo.Image.Digest = pipeline.Sum([]byte("photo"))
	cover := plain("HỒ SƠ ĐẤT ĐAI")
	expectRepeats(t, "covers", []pipeline.Page{cover, cover}, 0, 0)
	expectRepeats(t, "one file twice", []pipeline.Page{photo, cover, photo}, 0, 0, 1)
	blank := pipeline.Page{Outcome: pipeline.PageBlank, Verdict: pipeline.VerdictBlank, Image: photo.Image}
	expectRepeats(t, "blank", []pipeline.Page{blank, blank, blank}, 0, 0, 0)
	unsure := page(receipt)
	unsure.Outcome = pipeline.PageOK
	expectRepeats(t, "hardly readable", []pipeline.Page{unsure, unsure}, 0, 0)
}

// TestRepeatsOfALostPage: a page that cannot be had again is an error.
func TestRepeatsOfALostPage(t *testing.T) {
	t.Parallel()
	var r likeness.Repeats
	lost := errors.New("lost")
	again := func(int) (pipeline.Page, error) { return pipeline.Page{}, lost }
	pages := leaves(plain(receipt), plain(receipt))
	if of, err := r.Add(pages[0], again); of != 0 || err != nil {
		t.Errorf("the first page: %d, %v", of, err)
	}
	if _, err := r.Add(pages[1], again); !errors.Is(err, lost) {
		t.Errorf("a page like one that is lost: %v", err)
	}
}

func BenchmarkRepeats(b *testing.B) {
	fonts, err := paper.LoadFonts()
	if err != nil {
		b.Fatal(err)
	}
	var pages []pipeline.Page
	for seed := range uint64(200) {
		pages = append(pages, certain(set(&paper.Vary(fonts, paper.Register, seed).Sheets[0])))
	}
	pages = leaves(pages...)
	for b.Loop() {
		var r likeness.Repeats
		for _, p := range pages {
			_, _ = r.Add(p, func(n int) (pipeline.Page, error) { return pages[n-1], nil })
		}
	}
}
