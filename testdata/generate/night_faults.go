package main

import (
	"fmt"
	"path"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// wrongNumbers plants folders whose numbers are no use: two folders with one, numbers that
// no grammar accepts, none at all.
func (n *night) wrongNumbers() {
	d := n.spare(2)
	again := path.Join(d.device.folder, "Hộp 99", strings.ReplaceAll(d.number.String(), "-", "_")+" (2)")
	for i, folder := range []string{d.folder, again} {
		n.held(path.Join(folder, kindFolder(pipeline.Result), "Quyết định.pdf"), d, i, "two-folders", d.number.Key())
	}
	plain := n.spare(3)
	for i, name := range []string{"H98.15-261345-0042", "H98.15-26O3O5-0042", "000.00.15.H98-260305", "Hồ sơ số 17 Nguyễn Văn Bé"} {
		why := "number-garbled"
		if i == 3 {
			why = "number-missing"
		}
		folder := path.Join(plain.device.folder, "Hộp 98", name)
		n.held(path.Join(folder, kindFolder(pipeline.Result), "Quyết định.pdf"), plain, 10+i, why, "")
	}
	n.held(path.Join(plain.device.folder, "scan0001.jpg"), plain, 20, "loose-pages", "")
	// The number stands on the paper: a receipt with a QR code.
	d = n.spare(4)
	name := path.Join(d.device.folder, "Chưa phân loại", "Giấy tiếp nhận.pdf")
	shots := n.shots(d, 0, paper.Receipt, 1)
	n.scan(name, formPDF, d.device, fateFiled, shots)
	n.paper(nightPaper{
		Dossier: d.number.Key(), From: "page", Kind: string(pipeline.Output), Form: "pdf",
		Title: titles()[paper.Receipt], Fate: fateFiled, Pages: pagesIn(name, 1, len(shots)),
	})
}

// held plants a sound paper that nobody can file.
func (n *night) held(name string, d *dossier, k int, why, number string) {
	f := formPDF
	if strings.HasSuffix(name, ".jpg") {
		f = formJPEG
	}
	shots := n.shots(d, 30+k, paper.Decision, 1)
	file := n.scan(name, f, d.device, fateHeld, shots)
	file.Why, file.Fault = why, why
	n.paper(nightPaper{
		Dossier: number, From: "folder", Kind: string(pipeline.Result), Form: strings.TrimPrefix(string(f), "."),
		Title: titles()[paper.Decision], Fate: fateHeld, Why: why, Pages: pagesIn(name, 1, len(shots)),
	})
}

// any gives a dossier whose folder is there.
func (n *night) any() *dossier {
	papers := n.most / papersOf
	return &n.all[n.r.IntN(max(1, min(papers, len(n.all)-faultDossiers)))]
}

// broken plants files that cannot be read, and some that only seem so.
func (n *night) broken() {
	n.copied()
	d := n.any()
	page := n.shots(d, 40, paper.Application, 1)
	whole := func(f form) func(*paper.Fonts) ([]byte, error) {
		shots := []shot{page[0]}
		shots[0].look.DPI = 100
		return func(fonts *paper.Fonts) ([]byte, error) { return f.file(fonts, n.coarse, d.device, shots) }
	}
	half := func(f form) func(*paper.Fonts) ([]byte, error) {
		return func(fonts *paper.Fonts) ([]byte, error) {
			b, err := whole(f)(fonts)
			return b[:len(b)*6/10], err
		}
	}
	for _, f := range []nightFile{
		{Path: "Đứt đoạn.pdf", Fate: fateRefused, Also: fateFiled, Fault: "truncated", bytes: half(formPDF)},
		{Path: "Ảnh đứt đoạn.jpg", Fate: fateRefused, Also: fateFiled, Fault: "truncated", bytes: half(formJPEG)},
		{Path: "Fax đứt đoạn.tif", Fate: fateRefused, Also: fateFiled, Fault: "truncated", bytes: half(formTIFF)},
		{Path: "Rỗng.pdf", Fate: fateRefused, Also: fateHeld, Fault: "no-bytes", bytes: fixed(nil)},
		{Path: "Chữ.pdf", Fate: fateRefused, Fault: "wrong-ending", bytes: fixed([]byte(strings.Repeat("Đây không phải là PDF.\n", 40)))},
		{Path: "Có mật khẩu.pdf", Fate: fateRefused, Fault: "password", bytes: fixed(locked())},
		{Path: "Ảnh mang tên PDF.pdf", Fate: fateFiled, Fault: "other-ending", Pages: 1, bytes: whole(formJPEG)},
	} {
		name := f.Path
		f.Path = n.unused(path.Join(d.folder, kindFolder(pipeline.Component), name))
		f.Device = d.device.folder
		f.Why = f.Fault
		n.add(f)
		if f.Fate == fateFiled {
			n.paper(nightPaper{
				Dossier: d.number.Key(), From: "folder", Kind: string(pipeline.Component), Form: "jpeg",
				Title: "Ảnh mang tên PDF", Fate: fateFiled, Pages: pagesIn(f.Path, 1, 1),
			})
		}
	}
}

// unused gives a path that no file has yet.
func (n *night) unused(name string) string {
	ending := path.Ext(name)
	for i, stem := 2, strings.TrimSuffix(name, ending); n.used(name); i++ {
		name = fmt.Sprintf("%s lần %d%s", stem, i, ending)
	}
	return name
}

func (n *night) used(name string) bool {
	for _, f := range n.truth.Files {
		if f.Path == name {
			return true
		}
	}
	return false
}

// copied plants a copy of a file of the same dossier under another name.
func (n *night) copied() {
	for _, f := range n.truth.Files {
		ending := path.Ext(f.Path)
		name := strings.TrimSuffix(f.Path, ending) + " - Copy" + ending
		if f.Fate != fateFiled || !strings.EqualFold(ending, ".pdf") || f.Fault != "" || n.used(name) {
			continue
		}
		twin := *f
		twin.Path, twin.Fate, twin.Fault, twin.Why, twin.made = name, fateDuplicate, "duplicate-file", "duplicate", time.Time{}
		n.add(twin)
		return
	}
}

// locked is a PDF that a password opens which nobody knows: the standard handler of
// revision 2 with keys of no password (ISO 32000-1, 7.6.3).
func locked() []byte {
	var key strings.Builder
	for i := range 32 {
		fmt.Fprintf(&key, "%02X", (i*151+43)%256)
	}
	text := "q 0 0 1 rg 72 72 200 200 re f Q"
	return paper.Assemble([]string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text),
		fmt.Sprintf("<</Filter/Standard/V 1/R 2/P -44/O<%s>/U<%s>>>", key.String(), key.String()),
	}, "/Encrypt 5 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]")
}

// strangers plants what is no paper: files of systems and programs, links, a folder that
// nobody may open, a file of an office program.
func (n *night) strangers() {
	d := n.any()
	for _, f := range []nightFile{
		{Path: "Thumbs.db", Fate: fateIgnored, Fault: "system-file", bytes: fixed([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))},
		{Path: ".DS_Store", Fate: fateIgnored, Fault: "system-file", bytes: fixed([]byte("\x00\x00\x00\x01Bud1"))},
		{Path: "desktop.ini", Fate: fateIgnored, Fault: "system-file", bytes: fixed([]byte("[.ShellClassInfo]\r\n"))},
		{Path: "~$Quyết định.docx", Fate: fateIgnored, Fault: "temporary-file", bytes: fixed([]byte("~"))},
		{Path: "scan.pdf.part", Fate: fateIgnored, Fault: "temporary-file", bytes: fixed([]byte("%PDF-1.7\n"))},
		{Path: "~scan0001.tmp", Fate: fateIgnored, Fault: "temporary-file", bytes: fixed([]byte("%PDF-1.7\n"))},
		{Path: "Ghi chú.docx", Fate: fateHeld, Fault: "format-unknown", bytes: fixed([]byte("PK\x03\x04"))},
		{Path: "Liên kết hỏng.pdf", Fate: fateHeld, Also: fateIgnored, Fault: "broken-link", link: "không còn.pdf"},
		{Path: "Vòng lặp", Fate: fateHeld, Also: fateIgnored, Fault: "link-loop", link: ".."},
		{Path: "Tự trỏ.pdf", Fate: fateHeld, Also: fateIgnored, Fault: "link-loop", link: "Tự trỏ.pdf"},
		{Path: norm.NFD.String("Không mở được"), Fate: fateHeld, Also: fateRefused, Fault: "unreadable-folder", shut: true, bytes: fixed(locked())},
	} {
		f.Path = path.Join(d.folder, f.Path)
		if n.used(f.Path) {
			continue
		}
		f.Why = f.Fault
		n.add(f)
	}
}
