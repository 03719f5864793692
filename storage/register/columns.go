package register

import (
	"fmt"
	"slices"
	"strings"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

// column is one column of a list: how it is headed, and how a cell of it becomes a part
// of an entry and the other way round. set gives "" or what is wrong with a cell.
type column[T any] struct {
	key    string   // in JSON, and the English heading
	head   string   // the Vietnamese heading, as exports have it
	also   []string // what else it is headed
	needed bool
	unsaid bool // understood, and not written: another column says it
	get    func(T) string
	set    func(*T, string) fault
}

// fault is what is wrong with a cell; the zero fault is nothing.
type fault struct{ english, vietnamese string }

// answers reports whether a heading, folded, is that of the column.
func (c column[T]) answers(heading string) bool {
	return slices.ContainsFunc(append([]string{c.key, c.head}, c.also...), func(h string) bool { return plain(h) == heading })
}

// plain is a heading without tone marks, case, spaces and what stands in brackets.
func plain(heading string) string {
	heading, _, _ = strings.Cut(heading, "(")
	var parts []string
	for w := range fold.Words(heading) {
		parts = append(parts, w.Text)
	}
	return strings.Join(parts, " ")
}

func agencyColumns() []column[pipeline.Agency] {
	type agency = pipeline.Agency
	return []column[agency]{
		{
			key: "code", head: "Mã đơn vị", needed: true,
			also: []string{"mã cơ quan", "mã định danh", "mã định danh điện tử", "mã định danh đơn vị", "mã", "unit code", "unit"},
			get:  func(a agency) string { return a.Code },
			set:  func(a *agency, s string) fault { return unit(&a.Code, s) },
		},
		{
			key: "name", head: "Tên đơn vị", needed: true,
			also: []string{"tên cơ quan", "tên cơ quan, đơn vị", "cơ quan", "đơn vị", "tên", "tên đầy đủ"},
			get:  func(a agency) string { return a.Name },
			set:  func(a *agency, s string) fault { return name(&a.Name, s) },
		},
		{
			key: "aliases", head: "Tên khác",
			also: []string{"tên gọi khác", "tên viết tắt", "tên ngắn", "viết tắt", "short name", "alias", "short"},
			get:  func(a agency) string { return strings.Join(a.Aliases, "; ") },
			set:  func(a *agency, s string) fault { return names(&a.Aliases, s) },
		},
		{
			key: "parent", head: "Mã đơn vị cấp trên",
			also: []string{"đơn vị cấp trên", "cơ quan cấp trên", "mã cơ quan cấp trên", "cấp trên", "mã cấp trên", "trực thuộc", "mã đơn vị cha", "parent code"},
			get:  func(a agency) string { return a.Parent },
			set:  func(a *agency, s string) fault { return unit(&a.Parent, s) },
		},
		fromColumn(func(a *agency) *pipeline.Validity { return &a.Validity }),
		toColumn(func(a *agency) *pipeline.Validity { return &a.Validity }),
		endColumn(func(a *agency) *pipeline.Validity { return &a.Validity }),
		{
			key: "successors", head: "Đơn vị kế thừa",
			also: []string{"mã đơn vị kế thừa", "kế thừa", "đơn vị thay thế", "mã đơn vị thay thế", "sáp nhập vào", "successor"},
			get:  func(a agency) string { return strings.Join(a.Successors, "; ") },
			set:  func(a *agency, s string) fault { return units(&a.Successors, s) },
		},
	}
}

func fromColumn[T any](at func(*T) *pipeline.Validity) column[T] {
	return column[T]{
		key: "from", head: "Hiệu lực từ",
		also: []string{"ngày hiệu lực", "có hiệu lực từ", "hiệu lực từ ngày", "từ ngày", "ngày bắt đầu", "valid from"},
		get:  func(t T) string { return written(at(&t).From) },
		set:  func(t *T, s string) fault { return day(&at(t).From, s) },
	}
}

func toColumn[T any](at func(*T) *pipeline.Validity) column[T] {
	return column[T]{
		key: "to", head: "Hiệu lực đến",
		also: []string{"hiệu lực đến ngày", "hiệu lực đến hết ngày", "đến ngày", "đến hết ngày", "ngày cuối có hiệu lực", "ngày kết thúc", "valid to"},
		get:  func(t T) string { return written(at(&t).To) },
		set:  func(t *T, s string) fault { return day(&at(t).To, s) },
	}
}

// endColumn names the first day on which it holds no more, as decisions do: what is
// merged on 01/07/2025 was there until 30/06/2025.
func endColumn[T any](at func(*T) *pipeline.Validity) column[T] {
	return column[T]{
		key: "end", head: "Hết hiệu lực từ", unsaid: true,
		also: []string{"hết hiệu lực", "hết hiệu lực từ ngày", "ngày hết hiệu lực", "ngày sáp nhập", "ngày giải thể", "ngày bãi bỏ", "chấm dứt từ ngày"},
		get:  func(T) string { return "" },
		set: func(t *T, s string) fault {
			var end pipeline.Day
			f := day(&end, s)
			if end != "" {
				at(t).To = end.Before()
			}
			return f
		},
	}
}

// written is a day as desks write it; what JSON gave for one and is none stays, to be
// refused.
func written(d pipeline.Day) string {
	if s := d.String(); s != "" {
		return s
	}
	return string(d)
}

func unit(to *string, s string) fault {
	if s == "" {
		return fault{}
	}
	code, err := pipeline.ParseUnit(s)
	if err != nil {
		return fault{
			fmt.Sprintf("%.60q is not a unit code", s),
			fmt.Sprintf("“%.60s” không phải mã đơn vị; mã đúng có dạng H42.15 hoặc 000.00.15.H42.", s),
		}
	}
	*to = code
	return fault{}
}

func units(to *[]string, s string) fault {
	*to = nil
	for _, part := range parts(s) {
		var code string
		if f := unit(&code, part); f != (fault{}) {
			return f
		}
		if !slices.Contains(*to, code) {
			*to = append(*to, code)
		}
	}
	return fault{}
}

// parts cuts a cell with several values at semicolons, bars and line ends.
func parts(s string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '|' || r == '\n' }) {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// longestName is more than any agency or procedure is called.
const longestName = 600

func name(to *string, s string) fault {
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case len([]rune(s)) > longestName:
		return fault{"the text is too long", fmt.Sprintf("Nội dung dài quá %d ký tự.", longestName)}
	case oldEncoding(s):
		return fault{
			"the text is in the encoding TCVN3",
			"Chữ đang ở mã TCVN3 (ABC, phông .VnTime). Hãy chuyển cả bảng sang Unicode (ví dụ bằng Unikey, Ctrl+Shift+F6) rồi gửi lại.",
		}
	case !strings.ContainsFunc(s, func(r rune) bool { return r > ' ' }) && s != "":
		return fault{"the text is blank", "Ô không có chữ."}
	}
	*to = s
	return fault{}
}

func names(to *[]string, s string) fault {
	*to = nil
	for _, part := range parts(s) {
		var one string
		if f := name(&one, part); f != (fault{}) {
			return f
		}
		if !slices.Contains(*to, one) {
			*to = append(*to, one)
		}
	}
	return fault{}
}

// oldEncoding tells text that was written for the fonts of TCVN 5712:1993: their letters
// show as signs and letters that no Vietnamese word has, in the middle of words.
func oldEncoding(s string) bool {
	signs, letter := 0, false
	for _, r := range s {
		if strings.ContainsRune("¨©ª«¬®µ¶·¸¹»¼½¾ÆÇËÎÏÑÖ×ØÞßæçëîïñö÷øþ", r) && letter {
			signs++
		}
		letter = r > ' ' && r != '(' && r != ')'
	}
	return signs > 0
}

func day(to *pipeline.Day, s string) fault {
	d, err := pipeline.ParseDay(s)
	if err != nil {
		return fault{
			fmt.Sprintf("%.40q is not a day", s),
			fmt.Sprintf("“%.40s” không phải ngày; hãy ghi dạng 01/07/2025 hoặc 2025-07-01.", s),
		}
	}
	*to = d
	return fault{}
}
