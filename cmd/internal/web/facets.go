package web

import (
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/grammar"
)

// narrowing is a facet as the page shows it.
type narrowing struct {
	Title  string
	Values []narrowed
	Capped bool
	More   bool
}

// narrowed is one setting of a filter.
type narrowed struct {
	Label string
	Set   string // of the button that sets it, or lifts it if it is On
	Count int
	On    bool
}

// setting writes what a button sets: pairs of name and value.
func setting(pairs ...string) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, pairs[i]+"="+pairs[i+1])
	}
	return strings.Join(all, "&")
}

// narrowings gives the facets that say something: several values, or one that is set.
func (s *Site) narrowings(a asking, facets []pipeline.Facet) []narrowing {
	var all []narrowing
	for _, f := range facets {
		n := narrowing{Title: sayFacet(f.Name), Capped: f.Capped, More: f.More}
		on := false
		for _, value := range f.Values {
			one := s.narrowedBy(a, f.Name, value)
			on = on || one.On
			n.Values = append(n.Values, one)
		}
		if len(n.Values) > 1 || on {
			all = append(all, n)
		}
	}
	return all
}

func (s *Site) narrowedBy(a asking, name pipeline.FacetName, v pipeline.FacetValue) narrowed {
	out := narrowed{Label: s.sayFacetValue(name, v.Value), Count: v.Count}
	if name == pipeline.ByReceived {
		from, to := sayDay(v.From), sayDay(v.To)
		if out.On = a.From == from && a.To == to; out.On {
			from, to = "", ""
		}
		out.Set = setting("from", from, "to", to)
		return out
	}
	value := v.Value
	if out.On = *a.field(string(name)) == value; out.On {
		value = ""
	}
	out.Set = setting(string(name), value)
	return out
}

// setFilters gives the filters that are set, each with what lifts it.
func (s *Site) setFilters(a asking) []narrowed {
	var all []narrowed
	for _, name := range []pipeline.FacetName{pipeline.ByUnit, pipeline.ByKind, pipeline.ByState, pipeline.ByClass, pipeline.ByBatch, pipeline.ByIssued} {
		if value := *a.field(string(name)); value != "" {
			all = append(all, narrowed{Label: sayFacet(name) + ": " + s.sayFacetValue(name, value), Set: setting(string(name), ""), On: true})
		}
	}
	return all
}

func sayFacet(name pipeline.FacetName) string {
	switch name {
	case pipeline.ByUnit:
		return "Đơn vị"
	case pipeline.ByKind:
		return "Vai trò trong hồ sơ"
	case pipeline.ByState:
		return "Trạng thái"
	case pipeline.ByClass:
		return "Loại giấy tờ"
	case pipeline.ByBatch:
		return "Đợt quét"
	case pipeline.ByIssued:
		return "Năm ban hành"
	case pipeline.ByReceived:
		return "Ngày nhận"
	}
	return string(name)
}

func (s *Site) sayFacetValue(name pipeline.FacetName, value string) string {
	switch name {
	case pipeline.ByKind:
		return sayKind(pipeline.Kind(value))
	case pipeline.ByState:
		return sayState(pipeline.State(value))
	case pipeline.ByClass:
		return s.className(value)
	case pipeline.ByReceived:
		say, known := map[string]string{"today": "Hôm nay", "week": "7 ngày qua", "month": "30 ngày qua"}[value]
		if known {
			return say
		}
		return "Năm " + value
	default:
		return value
	}
}

// className gives what people call a class of papers.
func (s *Site) className(class string) string {
	if s.Class == nil {
		return class
	}
	return orElse(s.Class(class), class)
}

// sayDay writes a day as people here do.
func sayDay(d pipeline.Day) string {
	if len(d) != len("2006-01-02") {
		return string(d)
	}
	return string(d[8:]) + "/" + string(d[5:7]) + "/" + string(d[:4])
}

// sayMeaning tells what a box was taken for.
func sayMeaning(m pipeline.Meaning) string {
	what, known := map[grammar.Kind]string{
		grammar.Dossier: "mã số hồ sơ", grammar.Citizen: "số định danh cá nhân", grammar.OldID: "số chứng minh nhân dân",
		grammar.Tax: "mã số thuế", grammar.Document: "số, ký hiệu văn bản", grammar.Date: "ngày ban hành", grammar.Words: "từ trong giấy tờ",
		grammar.Code: "mã kết quả số hóa",
	}[m.Kind]
	if !known {
		what = string(m.Kind)
	}
	switch {
	case m.Kind == grammar.Document && m.Part == grammar.Tail:
		return "ký hiệu văn bản"
	case m.Kind == grammar.Date && m.Part == grammar.Beginning:
		return "tháng hoặc năm ban hành"
	case m.Kind == grammar.Citizen && m.Part == grammar.Tail:
		return what + " (6 số cuối)"
	}
	switch m.Part {
	case grammar.Beginning:
		return what + " (phần đầu)"
	case grammar.Middle:
		return what + " (phần giữa)"
	case grammar.Tail:
		return what + " (phần cuối)"
	case grammar.Whole:
	}
	return what
}
