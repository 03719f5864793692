package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

var (
	// power is the right to sign for somebody (quyền hạn, box 7a).
	power = regexp.MustCompile(`^(?:TM|KT|TL|TUQ|TUO|Q)\s?[.,:]\s?[A-Z]`)
	// post is an office, or what a form calls him who signs it.
	post = regexp.MustCompile(`^(?:PHO )?(?:CHU TICH|GIAM DOC|TONG GIAM DOC|CUC TRUONG|VU TRUONG|BO TRUONG|THU TRUONG|HIEU TRUONG|CHANH VAN PHONG|CHANH THANH TRA|TRUONG (?:PHONG|BAN|BO PHAN|CONG AN|THON|PHONG)|VIEN TRUONG|CHI CUC TRUONG|CONG CHUNG VIEN|CONG CHUC|CAN BO|CHU TOA|CHU TRI|CHU HO|KE TOAN TRUONG|DAI DIEN)(?:\s|$|[.,:])|^NGUOI (?:LAM|DE|TIEP|YEU|XAC|KHAI|NOP|KY|LAP|CAM|VIET)\b`)
)

// signature is what stands below each other on the right at the end of a paper (boxes 7a
// and 7b): powers, post, name.
type signature struct {
	sheet  sheet
	powers []line
	posts  []line
	name   line
	value  string // of the name, without degrees and ranks; "" if there is none
}

// signatureOf finds the signature: on the right half of the last page that has one, or
// anywhere, as on cards.
func signatureOf(sheets []sheet) (signature, bool) {
	for _, s := range slices.Backward(sheets) {
		if sig, ok := signatureIn(s, rightHalf(s)); ok {
			return sig, true
		}
	}
	for _, s := range slices.Backward(sheets) {
		if sig, ok := signatureIn(s, s.pieces); ok && sig.value != "" {
			return sig, true
		}
	}
	return signature{}, false
}

func signatureIn(s sheet, column []line) (signature, bool) {
	last := -1
	for i, l := range column {
		if opens(l) && 3*l.box.Y0 > s.page.Height {
			last = i
		}
	}
	if last < 0 {
		return signature{}, false
	}
	end := last + 1
	for end < len(column) && goesOnPost(column[end-1], column[end]) && end < last+3 {
		end++
	}
	sig := signature{sheet: s}
	for _, l := range column[firstOf(column, last):end] {
		sig.add(l)
	}
	sig.name, sig.value = signedName(column[end:])
	return sig, true
}

// firstOf gives the first line above a name, from one of them. A line between two of them
// may have been misread.
func firstOf(column []line, at int) int {
	for at > 0 && near(column[at-1], column[at]) {
		above := column[at-1]
		if !opens(above) && (at < 2 || !isCapitals(above) || !opens(column[at-2])) {
			break
		}
		at--
	}
	return at
}

// goesOnPost reports whether a post goes on in the next line: "CỤC TRƯỞNG CỤC CẢNH SÁT" over
// "QUẢN LÝ HÀNH CHÍNH". Pieces of a seal are read as capitals too, but badly.
func goesOnPost(l, next line) bool {
	return near(l, next) && isCapitals(next) && letters(next.text) >= 6 && !strings.HasPrefix(l.folded, "NGUOI ") &&
		(opens(next) || confidence(next.words) >= 80 && len(next.words) > 1)
}

// add notes a line above the name.
func (g *signature) add(l line) {
	switch {
	case power.MatchString(l.folded):
		g.powers = append(g.powers, l)
	case len(g.posts) == 0 && len(g.powers) > 0 && !post.MatchString(l.folded):
		if last := len(g.powers) - 1; isPlace(l.folded) || leftOpen(g.powers[last].folded) {
			g.powers[last] = g.powers[last].and(l)
		}
	case len(g.posts) > 0 && post.MatchString(l.folded): // the one above is a power that lost its letters
		g.posts = []line{l}
	default:
		g.posts = append(g.posts, l)
	}
}

// opens reports whether a line names power or post.
func opens(l line) bool {
	return (power.MatchString(l.folded) || post.MatchString(l.folded)) && (mostlyCapitals(l.text) || strings.HasPrefix(l.folded, "NGUOI ") && len(l.words) <= 5)
}

func isCapitals(l line) bool { return mostlyCapitals(l.text) && letters(l.text) >= 4 }

// signedName gives the last line that is a name: above it the signature may have been read
// as one.
func signedName(column []line) (line, string) {
	for _, l := range slices.Backward(column) {
		if name := nameOf(l.text); name != "" {
			return l, name
		}
	}
	return line{}, ""
}

// unsigned finds a name where neither power nor post could be read: below where the list
// of recipients begins, or in the lowest third.
func unsigned(s sheet) (pipeline.Field, bool) {
	from := s.page.Height * 2 / 3
	for _, l := range s.pieces {
		if copies.MatchString(l.folded) {
			from = l.top()
		}
	}
	column := slices.DeleteFunc(rightHalf(s), func(l line) bool { return l.top() < from })
	if l, name := signedName(column); name != "" {
		return s.field(pipeline.FieldSigner, name, []line{l}, possible), true
	}
	return pipeline.Field{}, false
}

// fields gives name, powers and post.
func (g signature) fields() []pipeline.Field {
	var out []pipeline.Field
	if g.value != "" {
		out = append(out, g.sheet.field(pipeline.FieldSigner, g.value, []line{g.name}, likely))
	}
	if len(g.powers) > 0 {
		var all []string
		for _, l := range g.powers {
			all = append(all, powerOf(l.text))
		}
		out = append(out, g.sheet.field(pipeline.FieldAuthority, strings.Join(all, "; "), g.powers, likely))
	}
	if value := spelled(joined(g.posts)); letters(value) >= 4 {
		out = append(out, g.sheet.field(pipeline.FieldPost, value, g.posts, likely))
	}
	return out
}

// powerOf writes a power as Decree 30/2020 has it: TM. ỦY BAN NHÂN DÂN.
func powerOf(text string) string {
	text = trimmed(text)
	at := strings.IndexAny(text, ".,: ")
	if at < 0 {
		return text
	}
	head := strings.ReplaceAll(text[:at], "TUO", "TUQ")
	return head + ". " + spelled(strings.Trim(text[at:], ".,: "))
}

// posts are those that stand below most papers.
func posts() []string {
	return []string{
		"CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "TỔNG GIÁM ĐỐC", "CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "CHI CỤC TRƯỞNG",
		"PHÓ CHI CỤC TRƯỞNG", "VỤ TRƯỞNG", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "CHÁNH VĂN PHÒNG",
		"PHÓ CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "VIỆN TRƯỞNG", "TRƯỞNG BAN", "CÔNG CHỨNG VIÊN",
		"TRƯỞNG BỘ PHẬN MỘT CỬA", "NGƯỜI TIẾP NHẬN HỒ SƠ", "NGƯỜI YÊU CẦU", "NGƯỜI ĐỀ NGHỊ", "NGƯỜI LÀM ĐƠN", "CHỦ TỌA",
		"ỦY BAN NHÂN DÂN",
	}
}

// spelled gives a known post as it is spelled, so that a misread tone mark is mended, and
// everything else as read.
func spelled(text string) string {
	text = trimmed(text)
	folded := fold(text)
	for _, p := range posts() {
		if folded == fold(p) && mostlyCapitals(text) && marks(text) != marks(p) {
			return p
		}
	}
	return text
}

// marks gives the marks of a text, wherever they stand: TỌA and TOẠ are both right.
func marks(text string) string {
	all := []rune(norm.NFD.String(text))
	all = slices.DeleteFunc(all, func(r rune) bool { return !unicode.Is(unicode.Mn, r) && r != 'Đ' })
	slices.Sort(all)
	return string(all)
}

// rightHalf gives what stands right of the middle, from top to bottom: beside the
// signature stands the list of recipients.
func rightHalf(s sheet) []line {
	var column []line
	for _, l := range s.lines {
		from := slices.IndexFunc(l.words, func(w pipeline.Word) bool { return 100*w.Box.X0 >= 42*s.page.Width })
		if from < 0 {
			continue
		}
		if c := lineOf(l.words[from:], l.paragraph).clean(); len(c.words) > 0 {
			column = append(column, unstroked(c))
		}
	}
	slices.SortStableFunc(column, func(a, b line) int { return a.box.Y0 - b.box.Y0 })
	return column
}

// unstroked drops the strokes of a signature that were read as a part of the first word.
func unstroked(l line) line {
	at := strings.IndexFunc(l.folded, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if at <= 0 {
		return l
	}
	return l.rest(at)
}

// nameOf gives the person's name that a line is, without degrees and ranks, or "".
func nameOf(text string) string {
	words := strings.Fields(strings.Trim(text, " _|-—–.,;:'\"`~*="))
	for len(words) > 0 && strings.HasSuffix(words[0], ".") {
		words = words[1:]
	}
	if len(words) < 2 || len(words) > 6 {
		return ""
	}
	for _, w := range words {
		if !isNamePart(w) {
			return ""
		}
	}
	return strings.Join(words, " ")
}

// isNamePart reports whether w is a capital followed by small letters.
func isNamePart(w string) bool {
	for i, r := range []rune(w) {
		switch {
		case !unicode.IsLetter(r):
			return false
		case i == 0 && !unicode.IsUpper(r), i > 0 && !unicode.IsLower(r):
			return false
		}
	}
	return w != ""
}
