package extract

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// A form asks for its owner by labels. The first label of a name begins the block of the
// owner, whether it was filled in or not; the next one begins that of somebody else, such
// as a parent, whose number and birth are not the owner's.
// itemMark is the number before the label of an entry.
const itemMark = `^[^A-Z0-9]*(?:(?:[0-9OIL]{1,2}\s?[.):]?|[A-Z]\s?[.)])\s*)?`

var (
	orgLabel    = regexp.MustCompile(itemMark + `TEN (?:TO CHUC|DOANH NGHIEP|CONG TY|HO KINH DOANH|HOP TAC XA|CO SO)\b[^:;0-9]{0,50}[:;]\s*`)
	personLabel = regexp.MustCompile(itemMark + `(?:(?:HO,? ?(?:VA )?(?:CHU DEM,? ?)?(?:VA )?TEN|HO TEN|NGUOI NOP|NGUOI DE NGHI|NGUOI YEU CAU|NGUOI LAM DON|CHU HO SO|CHU SO HUU|CHU DAU TU)\b([^:;0-9]{0,50})[:;]|(?:TEN TOI LA|TOI TEN LA|TOI LA|TEN TOI|(?:DA )?TIEP NHAN HO SO CUA|CAP CHO)\b([^:;0-9]{0,20}[:;])?)\s*`)
	receivedOf  = regexp.MustCompile(`\bTIEP NHAN HO SO CUA\b[^:;0-9]{0,20}[:;]\s*`)
	otherPeople = regexp.MustCompile(`\b(?:ME|CHA|BO|VO|CHONG|CON|DAI DIEN|UY QUYEN|TIEP NHAN|CAN BO|NGUOI KY|GIAM HO|DUOC KHAI|CHU HO KINH DOANH)\b`)
	endsBlock   = regexp.MustCompile(itemMark + `(?:NGUOI DAI DIEN|NGUOI DUOC|HO,? ?(?:VA )?(?:CHU DEM,? ?)?(?:VA )?TEN|HO TEN|DE NGHI CO QUAN|TOI CAM DOAN|THONG TIN THUA|NGUOI NHAN)`)
	titled      = regexp.MustCompile(`^\s*(?:CHO\s+)?(?:ONG\s*[(/]?\s*(?:HOAC\s+)?BA\s*[)/]?|ONG|BA)\s*[:;]?\s+`)
	spoken      = regexp.MustCompile(`SINH NAM|SINH NGAY|CAN CUOC|CCCD|CMND`)
	nameEnds    = regexp.MustCompile(`[,;(.:0-9]|\s[-/]|\b(?:GIOI TINH|SINH (?:NAM|NGAY)|NAM SINH|NGAY (?:SINH|CAP|THANG)|DAN TOC|QUOC TICH|CCCD|CMND|CAN CUOC|SO (?:DINH|CAN|CCCD|CMND)|DIA CHI|CHUC (?:VU|DANH)|DIEN THOAI|CU TRU)\b`)

	birthLabel   = regexp.MustCompile(`(?:NGAY,? ?THANG,? ?NAM,? ?SINH|NGAY ?SINH|SINH ?NGAY|NAM ?SINH|SINH ?NAM)\b[^0-9A-Z]{0,6}(?:/?\s?DATE OF BIRTH[^0-9A-Z]{0,4})?`)
	birthYear    = regexp.MustCompile(`^[^0-9A-Z]{0,6}((?:19|20)[0-9]{2})\b`)
	addressLabel = regexp.MustCompile(`(?:DIA ?CHI|NOI ?CU ?TRU|NOI ?THUONG ?TRU|NOI O|HO KHAU THUONG TRU|CHO O)\b[^:;0-9]{0,30}[:;]\s*`)
	addressEnds  = regexp.MustCompile(`;|\b(?:DIEN THOAI|SO DT|EMAIL|FAX|CAN CUOC|CCCD|CMND|SO DINH DANH|SINH NAM|CAP NGAY|MA SO|MA HO SO)\b`)
	labelled     = regexp.MustCompile(itemMark + `[A-Z][^:]{2,45}:|^[^A-Z0-9]*[0-9]{1,2}[.)]\s?[A-Z]`)
	bareNumber   = regexp.MustCompile(`(?:SO DINH DANH|CCCD|CAN CUOC)[^0-9]{0,24}(0[0-9]{11})\b`)
	surname      = regexp.MustCompile(`^(?:AN|AU|BACH|BE|BUI|CAN|CAO|CHAU|CHE|CHU|CHUNG|CONG|CU|DAM|DANG|DAO|DAU|DIEN|DIEP|DINH|DO|DOAN|DONG|DUONG|GIANG|GIAP|HA|HO|HOANG|HUA|HUYEN|HUYNH|KHONG|KHUC|KIEU|LA|LAI|LAM|LE|LO|LU|LUC|LUONG|LUU|LY|MA|MAC|MAI|NGHIEM|NGO|NGUYEN|NHAM|NIE|NINH|NONG|ON|PHAM|PHAN|PHI|PHUNG|QUACH|QUAN|SAM|SON|TA|TANG|THACH|THAI|THAN|TIEU|TO|TONG|TRAN|TRIEU|TRINH|TRUONG|TU|UNG|VI|VIEN|VO|VU|VUONG|Y)\b`)
	inSentence   = regexp.MustCompile(itemMark + `(?:CAP CHO|KINH G)|^\s*ONG\s*\(`) // which says all there is of him
	cardNumber   = regexp.MustCompile(`^[^A-Z0-9]*(?:SO|NO)\b`)
)

// holder is whose paper a page says it is.
type holder struct {
	sheet   sheet
	name    line
	person  bool
	entries []line // from the label on, to the next person's; each over as many lines as it goes
	above   []line // before the label
}

// ownerRead gives what the labels of a form say of its owner.
func ownerRead(sheets []sheet, today time.Time) []pipeline.Field {
	rules := grammar.Default()
	rules.Today = today
	for _, s := range sheets {
		h, ok := holderOn(s)
		if !ok {
			continue
		}
		var out []pipeline.Field
		for _, rule := range []func(*grammar.Rules) (pipeline.Field, bool){h.named, h.numbered, h.born, h.lives} {
			if f, ok := rule(&rules); ok {
				out = append(out, f)
			}
		}
		return out
	}
	return nil
}

// holderOn finds the owner's label on a page: that of an organization before that of a
// person.
func holderOn(s sheet) (holder, bool) {
	for i, l := range s.lines {
		if orgLabel.MatchString(l.folded) {
			entries := s.entries(s.lines[i:])
			name := entries[0].rest(len(orgLabel.FindString(entries[0].folded)))
			return holder{sheet: s, name: name, entries: entries}, true
		}
	}
	for i, l := range s.lines {
		if !mayOwn(l) {
			continue
		}
		entries := s.entries(s.lines[i:])
		name, ok := personOn(l)
		if !ok || len(name.words) == 1 { // the rest may stand in the next line
			name, ok = personOn(entries[0])
		}
		if !ok {
			continue
		}
		if inSentence.MatchString(l.folded) {
			entries = entries[:1]
		}
		if next, ok := s.under(l); len(name.words) == 0 && ok && mostlyCapitals(next.text) {
			name = next // as on identity cards
		}
		return holder{sheet: s, name: nameFrom(name), person: true, entries: entries, above: s.lines[max(0, i-2):i]}, true
	}
	return holder{}, false
}

// mayOwn tells at a glance most lines that name no owner.
func mayOwn(l line) bool {
	return personLabel.MatchString(l.folded) || receivedOf.MatchString(l.folded) || sentTo.MatchString(l.folded) || titled.MatchString(l.folded)
}

// personOn gives what stands behind the label of an owner.
func personOn(l line) (name line, ok bool) {
	if m := personLabel.FindStringSubmatchIndex(l.folded); m != nil {
		if m[2] >= 0 && otherPeople.MatchString(l.folded[m[2]:m[3]]) {
			return line{}, false
		}
		return l.rest(m[1]), true
	}
	if at := receivedOf.FindStringIndex(l.folded); at != nil {
		return l.rest(at[1]), true
	}
	if at := sentTo.FindStringIndex(l.folded); at != nil && titled.MatchString(l.folded[at[1]:]) {
		return l.rest(at[1]), true
	}
	return l, titled.MatchString(l.folded) && spoken.MatchString(l.folded)
}

// nameFrom cuts a line down to the name at its beginning. Ông is a surname too.
func nameFrom(l line) line {
	if at := titled.FindStringIndex(l.folded); at != nil {
		if rest := l.rest(at[1]); strings.ContainsAny(l.folded[:at[1]], "(/") || surname.MatchString(rest.folded) {
			l = rest
		}
	}
	if at := nameEnds.FindStringIndex(l.folded); at != nil {
		l = l.cut(0, at[0])
	}
	return l
}

// entries gives what is said of the person whose label begins the lines: each of them with
// those over which it goes on, up to the label of somebody else.
func (s sheet) entries(lines []line) []line {
	const most = 14
	var out []line
	for i, l := range lines {
		if i > 0 && (endsBlock.MatchString(l.folded) || i >= most) {
			break
		}
		out = append(out, l.and(s.over(l)...))
	}
	return out
}

// over gives the lines over which a value goes on: not those that begin another.
func (s sheet) over(l line) []line {
	const most = 2
	var out []line
	for range most {
		next, ok := s.under(l)
		if !ok || strings.HasSuffix(l.text, ".") || !beginsSmall(next.text) && (labelled.MatchString(next.folded) || mostlyCapitals(next.text)) {
			break
		}
		out = append(out, next)
		l = next
	}
	return out
}

func (h holder) named(*grammar.Rules) (pipeline.Field, bool) {
	value := trimmed(h.name.text)
	if letters(value) < 4 || h.person && !isPerson(value) {
		return pipeline.Field{}, false
	}
	return h.sheet.field(pipeline.FieldOwnerName, value, []line{h.name}, likely), true
}

// isPerson reports whether a text may be the full name of a person: two words or more of
// letters, each with a capital.
func isPerson(text string) bool {
	words := strings.Fields(text)
	if len(words) < 2 || len(words) > 7 {
		return false
	}
	for _, w := range words {
		r := []rune(w)
		if !unicode.IsUpper(r[0]) || strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) >= 0 {
			return false
		}
	}
	return true
}

// numbered finds the owner's number; on cards it stands above the name. One of a province
// that does not exist is given all the same if its label says what it is, and doubted.
// What is said of an organization is the number of somebody who acts for it.
func (h holder) numbered(rules *grammar.Rules) (pipeline.Field, bool) {
	if !h.person {
		return pipeline.Field{}, false
	}
	lines := h.entries
	for _, l := range h.above {
		if cardNumber.MatchString(l.folded) {
			lines = append([]line{l}, lines...)
		}
	}
	for _, l := range lines {
		for _, kind := range []grammar.Kind{grammar.Citizen, grammar.OldID} {
			for _, m := range rules.Find(kind, l.text) {
				return h.sheet.matched(pipeline.FieldOwnerID, l, m, certain), true
			}
		}
		if m := bareNumber.FindStringSubmatchIndex(l.folded); m != nil {
			return h.sheet.field(pipeline.FieldOwnerID, l.folded[m[2]:m[3]], []line{l.cut(m[2], m[3])}, guess), true
		}
	}
	return pipeline.Field{}, false
}

func (h holder) born(rules *grammar.Rules) (pipeline.Field, bool) {
	const most = 12 // bytes between label and day
	for _, l := range h.entries {
		at := birthLabel.FindStringIndex(l.folded)
		if at == nil || !h.person {
			continue
		}
		rest := l.rest(at[1])
		for _, m := range rules.Find(grammar.Date, rest.text) {
			if m.Start < most {
				f := h.sheet.matched(pipeline.FieldOwnerBirth, rest, m, certain)
				f.Value = m.Value
				return f, true
			}
		}
		if m := birthYear.FindStringSubmatchIndex(rest.folded); m != nil {
			return h.sheet.field(pipeline.FieldOwnerBirth, rest.folded[m[2]:m[3]], []line{rest.cut(m[2], m[3])}, likely), true
		}
		break
	}
	return pipeline.Field{}, false
}

func (h holder) lives(*grammar.Rules) (pipeline.Field, bool) {
	for _, l := range h.entries {
		at := addressLabel.FindStringIndex(l.folded)
		if at == nil {
			continue
		}
		value := l.rest(at[1])
		if end := addressEnds.FindStringIndex(value.folded); end != nil {
			value = value.cut(0, end[0])
		}
		if text := trimmed(value.text); letters(text) >= 4 {
			return h.sheet.field(pipeline.FieldOwnerAddress, text, []line{value}, likely), true
		}
		break
	}
	return pipeline.Field{}, false
}
