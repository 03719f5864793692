package extract_test

import (
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

const letterText = `UBND TỈNH NINH BÌNH
SỞ NỘI VỤ
Số: 05/SNV-VP

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Ninh Bình, ngày 06 tháng 12 năm 2024

Kính gửi: Các phòng chuyên môn`

// field gives one field of a page, or the zero field.
func field(p pipeline.Page, name pipeline.FieldName) pipeline.Field {
	for _, f := range extract.Fields([]pipeline.Page{p}, today()) {
		if f.Name == name {
			return f
		}
	}
	return pipeline.Field{}
}

func TestSignsOfDoubt(t *testing.T) {
	t.Parallel()
	issuer := func(change func(p *pipeline.Page, words []pipeline.Word)) pipeline.Field {
		p := page(1, letterText)
		change(&p, p.Lines[1].Words)
		return field(p, pipeline.FieldIssuer)
	}
	plain := issuer(func(*pipeline.Page, []pipeline.Word) {})
	if plain.Value != "SỞ NỘI VỤ" || plain.Confidence < 80 {
		t.Fatalf("without a doubt: %+v", plain)
	}
	for name, change := range map[string]func(p *pipeline.Page, words []pipeline.Word){
		"a seal over it": func(p *pipeline.Page, words []pipeline.Word) {
			p.Regions = []pipeline.Region{{Kind: pipeline.Seal, Box: words[1].Box}}
		},
		"handwriting over it": func(p *pipeline.Page, w []pipeline.Word) {
			p.Regions = []pipeline.Region{{Kind: pipeline.Handwriting, Box: w[0].Box}}
		},
		"a word repaired":     func(_ *pipeline.Page, w []pipeline.Word) { w[1].Was = "NỘl" },
		"a word badly read":   func(_ *pipeline.Page, w []pipeline.Word) { w[2].Confidence = 30 },
		"a letter of no Viet": func(_ *pipeline.Page, w []pipeline.Word) { w[2].Text = "VÜ" },
	} {
		if f := issuer(change); f.Confidence >= plain.Confidence {
			t.Errorf("%s: %s is as sure (%.1f) as without (%.1f)", name, f.Value, f.Confidence, plain.Confidence)
		}
	}
	far := issuer(func(p *pipeline.Page, _ []pipeline.Word) {
		p.Regions = []pipeline.Region{{Kind: pipeline.Seal, Box: pipeline.Box{X0: 600, Y0: 1000, X1: 800, Y1: 1200}}}
	})
	if far.Confidence != plain.Confidence {
		t.Errorf("a seal elsewhere makes the issuer less sure: %.1f, without %.1f", far.Confidence, plain.Confidence)
	}
}

func TestTwoNumbersInTheHead(t *testing.T) {
	t.Parallel()
	one, two := field(page(1, letterText), pipeline.FieldNumber), field(page(1, "Số: 77/CV-ĐEN\n"+letterText), pipeline.FieldNumber)
	if two.Confidence >= one.Confidence {
		t.Errorf("of two numbers the first is as sure (%.1f) as one alone (%.1f)", two.Confidence, one.Confidence)
	}
}

// list is a list of two agencies of the same name.
func list(name string, day pipeline.Day) []extract.Known {
	switch {
	case day == "1999-01-01":
		return nil
	case name == "UBND TỈNH NINH BÌNH SỞ NỘI VỤ":
		return []extract.Known{{Code: "H42.10", Name: "Sở Nội vụ", Score: 100}}
	case name == "SỞ NỘI VỤ":
		return []extract.Known{{Code: "H42.10", Name: "Sở Nội vụ", Score: 100}, {Code: "H40.10", Name: "Sở Nội vụ", Score: 100}}
	case name == "SỞ NÔI VỤ":
		return []extract.Known{{Code: "H42.10", Name: "Sở Nội vụ", Score: 90}}
	}
	return nil
}

func TestIssuerOfTheList(t *testing.T) {
	t.Parallel()
	read := func(name string, more ...pipeline.Field) []pipeline.Field {
		return append([]pipeline.Field{{Name: pipeline.FieldIssuer, Value: name, Confidence: 70, Source: pipeline.ByOCR, Page: 1}}, more...)
	}
	parent := pipeline.Field{Name: pipeline.FieldParent, Value: "UBND TỈNH NINH BÌNH"}
	for _, c := range []struct {
		name   string
		fields []pipeline.Field
		code   string
		surer  int // 1, 0 or -1: what became of the printed name
	}{
		{"told apart by the superior agency", read("SỞ NỘI VỤ", parent), "H42.10", 1},
		{"two of the name", read("SỞ NỘI VỤ"), "", 1},
		{"a tone misread", read("SỞ NÔI VỤ"), "H42.10", -1},
		{"not in the list", read("SỞ XÂY DỰNG"), "", -1},
		{"not on that day", read("SỞ NỘI VỤ", pipeline.Field{Name: pipeline.FieldDate, Value: "1999-01-01"}), "", -1},
		{"a person said otherwise", read("SỞ NÔI VỤ", pipeline.Field{Name: pipeline.FieldIssuerCode, Value: "H40.10", Source: pipeline.ByPerson}), "H40.10", -1},
	} {
		printed := c.fields[0]
		got := map[pipeline.FieldName]pipeline.Field{}
		for _, f := range extract.Resolve(c.fields, list) {
			got[f.Name] = f
		}
		if f := got[pipeline.FieldIssuerCode]; f.Value != c.code {
			t.Errorf("%s: code %q, want %q", c.name, f.Value, c.code)
		}
		if f := got[pipeline.FieldIssuer]; f.Value != printed.Value {
			t.Errorf("%s: the printed name became %q", c.name, f.Value)
		} else if surer := sign(f.Confidence - 70); surer != c.surer {
			t.Errorf("%s: the printed name has confidence %.1f of 70", c.name, f.Confidence)
		}
		if c.fields[0] != printed {
			t.Errorf("%s: the fields given were changed", c.name)
		}
	}
	if got := extract.Resolve(read("SỞ NỘI VỤ"), nil); len(got) != 1 {
		t.Errorf("without a list: %+v", got)
	}
}

func sign(v float32) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
