package register

import (
	"cmp"
	"fmt"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

func procedureColumns() []column[pipeline.Procedure] {
	type procedure = pipeline.Procedure
	return []column[procedure]{
		{
			key: "code", head: "Mã TTHC", needed: true,
			also: []string{"mã thủ tục", "mã thủ tục hành chính", "mã số TTHC", "procedure code"},
			get:  func(p procedure) string { return p.Code },
			set:  func(p *procedure, s string) fault { return procedureCode(&p.Code, s) },
		},
		{
			key: "name", head: "Tên TTHC", needed: true,
			also: []string{"tên thủ tục", "tên thủ tục hành chính", "thủ tục hành chính", "thủ tục"},
			get:  func(p procedure) string { return p.Name },
			set:  func(p *procedure, s string) fault { return name(&p.Name, s) },
		},
		{
			key: "field", head: "Mã lĩnh vực", also: []string{"field code"},
			get: func(p procedure) string { return p.Field },
			set: func(p *procedure, s string) fault {
				return formed(&p.Field, s, grammar.Domain)
			},
		},
		{
			key: "field_name", head: "Lĩnh vực", also: []string{"tên lĩnh vực"},
			get: func(p procedure) string { return p.FieldName },
			set: func(p *procedure, s string) fault { return name(&p.FieldName, s) },
		},
		{
			key: "level", head: "Cấp thực hiện", also: []string{"cấp", "cấp giải quyết"},
			get: func(p procedure) string { return cmp.Or(levelNames()[p.Level], string(p.Level)) },
			set: func(p *procedure, s string) fault { return level(&p.Level, s) },
		},
		{
			key: "owner", head: "Mã cơ quan thực hiện", also: []string{"cơ quan thực hiện", "mã đơn vị thực hiện", "đơn vị thực hiện", "mã đơn vị"},
			get: func(p procedure) string { return p.Owner },
			set: func(p *procedure, s string) fault { return unit(&p.Owner, s) },
		},
		fromColumn(func(p *procedure) *pipeline.Validity { return &p.Validity }),
		toColumn(func(p *procedure) *pipeline.Validity { return &p.Validity }),
		endColumn(func(p *procedure) *pipeline.Validity { return &p.Validity }),
		{
			key: "successor", head: "TTHC thay thế", also: []string{"mã TTHC thay thế", "thủ tục thay thế", "mã thủ tục thay thế"},
			get: func(p procedure) string { return p.Successor },
			set: func(p *procedure, s string) fault { return procedureCode(&p.Successor, s) },
		},
		{
			key: "result", head: "Mã kết quả", also: []string{"mã kết quả giải quyết", "result code"},
			get: func(p procedure) string { return p.Result },
			set: func(p *procedure, s string) fault {
				return formed(&p.Result, s, grammar.Result)
			},
		},
		{
			key: "result_name", head: "Kết quả", also: []string{"tên kết quả", "kết quả giải quyết", "kết quả thực hiện"},
			get: func(p procedure) string { return p.ResultName },
			set: func(p *procedure, s string) fault { return name(&p.ResultName, s) },
		},
	}
}

// componentColumns are those of a procedure's components. Each row of a table has one
// component, and the procedure's own columns filled in or left blank below the first.
func componentColumns() []column[pipeline.ComponentSpec] {
	type spec = pipeline.ComponentSpec
	return []column[spec]{
		{
			key: "component_code", head: "Mã thành phần", also: []string{"mã thành phần hồ sơ"},
			get: func(c spec) string { return c.Code },
			set: func(c *spec, s string) fault {
				return formed(&c.Code, s, grammar.Component)
			},
		},
		{
			key: "component", head: "Thành phần hồ sơ", also: []string{"tên thành phần", "tên thành phần hồ sơ", "thành phần", "component name"},
			get: func(c spec) string { return c.Name },
			set: func(c *spec, s string) fault { return name(&c.Name, s) },
		},
		{
			key: "class", head: "Loại giấy tờ", also: []string{"tên loại", "tiêu đề in trên giấy", "loại"},
			get: func(c spec) string { return c.Class },
			set: func(c *spec, s string) fault { return name(&c.Class, s) },
		},
		{
			key: "required", head: "Bắt buộc", also: []string{"có bắt buộc", "bắt buộc nộp"},
			get: func(c spec) string { return map[bool]string{true: "Có", false: "Không"}[c.Required] },
			set: func(c *spec, s string) fault { return yes(&c.Required, s) },
		},
		{
			key: "when", head: "Trường hợp phải nộp", also: []string{"trường hợp", "điều kiện", "ghi chú thành phần"},
			get: func(c spec) string { return c.When },
			set: func(c *spec, s string) fault { return name(&c.When, s) },
		},
	}
}

// formed reads an identifier of a kind.
func formed(to *string, s string, kind grammar.Kind) fault {
	if s == "" {
		*to = ""
		return fault{}
	}
	rules := grammar.Default()
	m, err := rules.Parse(kind, s)
	if err != nil {
		what, example := described(kind)
		return fault{
			fmt.Sprintf("%.60q is not a code such as %s", s, example),
			fmt.Sprintf("“%.60s” không phải %s; mã đúng có dạng %s.", s, what, example),
		}
	}
	*to = m.Value
	return fault{}
}

func described(kind grammar.Kind) (what, example string) {
	switch kind {
	case grammar.Domain:
		return "mã lĩnh vực", "G03-GD10"
	case grammar.Result:
		return "mã kết quả", "KQ.G07.000122"
	case grammar.Component:
		return "mã thành phần hồ sơ", "000.00.00.G09-KQ002269"
	default:
		return "mã đúng mẫu", string(kind)
	}
}

func procedureCode(to *string, s string) fault {
	if s == "" {
		*to = ""
		return fault{}
	}
	code, err := pipeline.ParseProcedure(s)
	if err != nil {
		return fault{
			fmt.Sprintf("%.60q is not a procedure code; a spreadsheet may have dropped zeros", s),
			fmt.Sprintf("“%.60s” không phải mã TTHC; mã đúng có dạng 1.005129. Nếu Excel đã bỏ số 0 ở cuối, hãy định dạng cột là Văn bản (Text) và gõ lại mã.", s),
		}
	}
	*to = code
	return fault{}
}

func levelNames() map[pipeline.Level]string {
	return map[pipeline.Level]string{
		pipeline.Ministry: "Bộ", pipeline.Province: "Cấp tỉnh", pipeline.District: "Cấp huyện", pipeline.Commune: "Cấp xã",
	}
}

func level(to *pipeline.Level, s string) fault {
	switch strings.TrimPrefix(plain(s), "cap ") {
	case "":
		*to = ""
	case "bo", "trung uong", "ministry":
		*to = pipeline.Ministry
	case "tinh", "thanh pho", "province":
		*to = pipeline.Province
	case "huyen", "quan", "district":
		*to = pipeline.District
	case "xa", "phuong", "commune":
		*to = pipeline.Commune
	default:
		return fault{fmt.Sprintf("%.40q is not a level", s), fmt.Sprintf("“%.40s” không phải cấp thực hiện; hãy ghi Bộ, Cấp tỉnh, Cấp huyện hoặc Cấp xã.", s)}
	}
	return fault{}
}

func yes(to *bool, s string) fault {
	switch plain(s) {
	case "co", "bat buoc", "x", "1", "true", "yes", "dung":
		*to = true
	case "", "khong", "khong bat buoc", "0", "false", "no", "sai", "neu co":
		*to = false
	default:
		return fault{fmt.Sprintf("%.40q is neither yes nor no", s), fmt.Sprintf("“%.40s” không rõ; hãy ghi Có hoặc Không.", s)}
	}
	return fault{}
}
