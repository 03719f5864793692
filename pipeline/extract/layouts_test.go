package extract_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/testdata/paper"
)

// set gives a sheet of a generated paper as a perfect recognizer would read it: 200 dpi,
// every word where it stands.
func set(s *paper.Sheet) pipeline.Page {
	const dots = 200.0 / 72
	width, height := s.Size()
	p := pipeline.Page{Number: 1, Origin: pipeline.Scan, Outcome: pipeline.PageOK, Width: int(width * dots), Height: int(height * dots)}
	for _, l := range s.Lines {
		var line pipeline.Line
		for _, w := range l {
			line.Words = append(line.Words, pipeline.Word{Text: w.Text, Confidence: 96, Box: pipeline.Box{
				X0: int(w.X * dots), Y0: int((w.Y - 0.7*w.Size) * dots), X1: int((w.X + w.Width) * dots), Y1: int((w.Y + 0.2*w.Size) * dots),
			}})
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// facts are the fields that a paper states, without those that stand in stamps and codes.
func facts(t *testing.T, f paper.Facts) map[pipeline.FieldName]string {
	t.Helper()
	f.Certification, f.CertBook = "", ""
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	all := map[pipeline.FieldName]string{}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// plainly writes a value as it is compared: spaces, capitals and "V/v" are the printer's.
func plainly(s string) string {
	return strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(s), " ", ""), "v/v")
}

// TestFieldsOfLayouts finds all fields on papers of all layouts, and no others, from words
// without a misreading. Papers cite the dossiers of others in running text.
func TestFieldsOfLayouts(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[pipeline.FieldName]int{}
	for _, layout := range paper.Layouts() {
		for seed := range uint64(12) {
			p := paper.Vary(fonts, layout, seed)
			got := map[pipeline.FieldName]string{}
			want := facts(t, p.Facts)
			for _, f := range extract.Fields([]pipeline.Page{set(&p.Sheets[0])}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) {
				if _, known := got[f.Name]; !known || f.Name == pipeline.FieldDossier && f.Value == want[f.Name] {
					got[f.Name] = f.Value
				}
			}
			if layout == paper.Land {
				delete(want, pipeline.FieldProcedure) // a code says it
			}
			for name, value := range want {
				seen[name]++
				if plainly(got[name]) != plainly(value) {
					t.Errorf("%s/%d: %s is %q, want %q", layout, seed, name, got[name], value)
				}
			}
			for name, value := range got {
				if want[name] == "" && name != pipeline.FieldDossier {
					t.Errorf("%s/%d: %s is %q, which nobody says", layout, seed, name, value)
				}
			}
		}
	}
	for _, name := range pipeline.ReadFields() {
		switch name {
		case pipeline.FieldIssuerCode, pipeline.FieldIssuerName, pipeline.FieldCertification, pipeline.FieldCertBook:
		default:
			if seen[name] < 12 {
				t.Errorf("only %d papers state %s", seen[name], name)
			}
		}
	}
}

// TestAnyPage: nothing that a recognizer may give makes extraction panic or tell a field
// without a value, a confidence in bounds and a place on the page.
func TestAnyPage(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for i := range 400 {
		layouts := paper.Layouts()
		p := set(&paper.Vary(fonts, layouts[i%len(layouts)], uint64(i)).Sheets[0])
		shake(r, &p)
		for _, f := range extract.Fields([]pipeline.Page{p}, today()) {
			if strings.TrimSpace(f.Value) == "" || f.Confidence < 0 || f.Confidence > 100 || f.Name != pipeline.FieldPages && f.Page != 1 {
				t.Fatalf("page %d: impossible field %+v", i, f)
			}
		}
	}
}

// shake spoils a page: words change places, boxes are turned inside out, letters are lost.
func shake(r *rand.Rand, p *pipeline.Page) {
	odd := []string{"", " ", "Số:", "/", "Kính", "gửi:", "ngày", "\xff", "Ông", "(bà)", "-", "Nơi", "nhận:", "KT.", "İ", "ﬁ", "0"}
	for i := range p.Lines {
		words := p.Lines[i].Words
		for j := range words {
			w := &words[j]
			switch r.IntN(12) {
			case 0:
				w.Text = odd[r.IntN(len(odd))]
			case 1:
				w.Box = pipeline.Box{X0: r.IntN(2000) - 200, Y0: r.IntN(3000) - 200, X1: r.IntN(2000), Y1: r.IntN(3000)}
			case 2:
				k := r.IntN(len(words))
				words[j], words[k] = words[k], words[j]
			case 3:
				w.Text = w.Text[:r.IntN(len(w.Text)+1)]
			case 4:
				w.Confidence = float32(r.IntN(101))
			}
		}
		if r.IntN(20) == 0 {
			p.Lines[i].Words = nil
		}
	}
	if r.IntN(10) == 0 {
		p.Width, p.Height = 0, 0
	}
}
