package extract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

const coded = "H98.15-260305-0042"

// codesOn is a page that carries the codes and reads as the text.
func codesOn(text string, codes ...pipeline.Code) []pipeline.Page {
	p := pipeline.Page{Number: 1, Origin: pipeline.Scan, Width: 1654, Height: 2339, Codes: codes}
	for i, line := range strings.Split(text, "\n") {
		var l pipeline.Line
		for j, w := range strings.Fields(line) {
			l.Words = append(l.Words, pipeline.Word{Text: w, Confidence: 90, Box: pipeline.Box{X0: 100 * j, Y0: 40 * i, X1: 100*j + 90, Y1: 40*i + 30}})
		}
		p.Lines = append(p.Lines, l)
	}
	return []pipeline.Page{p}
}

func square(text string) pipeline.Code {
	return pipeline.Code{Kind: pipeline.QR, Text: text, Box: pipeline.Box{X0: 10, Y0: 20, X1: 110, Y1: 120}}
}

func bars(text string) pipeline.Code { return pipeline.Code{Kind: pipeline.Code128, Text: text} }

func day() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }

// TestNumbersInCodes reads the dossier number of every form of payload that a procedure
// system may print, and of nothing else.
func TestNumbersInCodes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code pipeline.Code
		want []string
	}{
		"plain":             {square(coded), []string{coded}},
		"small letters":     {square("h98.15-260305-0042\n"), []string{coded}},
		"old code":          {square("000.00.15.H98-260305-0042"), []string{"000.00.15.H98-260305-0042"}},
		"long":              {square("G09.20-20260505-0092637"), []string{"G09.20-20260505-0092637"}},
		"bars":              {square(coded + "|1.005129|035199000123|Giấy tiếp nhận"), []string{coded}},
		"semicolons":        {square("MaHoSo:" + coded + ";MaTTHC:1.005129.000.00.00.H98"), []string{coded}},
		"JSON":              {square(`{"hoSo":{"ma":"` + coded + `","tthc":"1.005129"}}`), []string{coded}},
		"JSON, escaped":     {square(`{"ma":"H98.15\u002d260305\u002d0042"}`), []string{coded}},
		"address":           {square("https://dvc.example/tra-cuu?maHoSo=" + coded + "&x=1"), []string{coded}},
		"address, path":     {square("https://dvc.example/hs/" + coded + "/in"), []string{coded}},
		"address, escaped":  {square("https://dvc.example/?q=H98%2E15%2D260305%2D0042"), []string{coded}},
		"en dashes":         {square("Mã hồ sơ: H98.15–260305–0042"), []string{coded}},
		"twice the same":    {square(coded + ";000.00.15.H98-20260305-0042"), []string{coded}},
		"two":               {square(coded + "|H98.15-260306-0001"), []string{coded, "H98.15-260306-0001"}},
		"no such day":       {square("H98.15-261305-0042"), nil},
		"a day to come":     {square("H98.15-271005-0042"), nil},
		"part of a longer":  {square("XH98.15-260305-00421234567"), nil},
		"result of another": {square("KQ.G07.000122;1.005129"), nil},
		"barcode":           {bars(coded), []string{coded}},
		"barcode of mail":   {bars("EE123456789VN"), nil},
		"barcode with more": {bars("X " + coded), nil},
	} {
		var got []string
		for _, f := range extract.FindDossierNumbers(codesOn("", c.code), day()) {
			got = append(got, f.Value)
			if f.Source != pipeline.ByQR || f.Confidence != 100 || f.Page != 1 || f.Box != c.code.Box {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: want -, got +\n%s", name, diff)
		}
	}
}

// TestCodesGoFirst: what a code says goes before a label that was read, once for both.
func TestCodesGoFirst(t *testing.T) {
	t.Parallel()
	found := extract.FindDossierNumbers(codesOn("Mã hồ sơ: H98.15-260305-0047\nsố H98.15-260305-0042", square(coded)), day())
	if len(found) != 2 || found[0].Value != coded || found[0].Source != pipeline.ByQR || found[1].Source != pipeline.ByOCR {
		t.Errorf("found %+v, want %s of the code first and the other one read", found, coded)
	}
}

// TestOwners takes the owner from the code of an identity card.
func TestOwners(t *testing.T) {
	t.Parallel()
	const id, name = "035199000123", "Trần Thị Hồng Đào"
	whole := id + "|168412345|" + name + "|02091999|Nữ|Thôn 3, xã Hạ Liễu, Hải Sơn|10052022"
	for label, c := range map[string]struct {
		codes            []pipeline.Code
		wantID, wantName string
	}{
		"card":                   {[]pipeline.Code{square(whole)}, id, name},
		"card, no old number":    {[]pipeline.Code{square(strings.Replace(whole, "168412345", "", 1) + "|||")}, id, name},
		"card twice":             {[]pipeline.Code{square(whole), square(whole)}, id, name},
		"two people":             {[]pipeline.Code{square(whole), square(strings.Replace(whole, id, "036201000456", 1))}, "", ""},
		"number beside dossier":  {[]pipeline.Code{square(coded + "|1.005129|" + id)}, id, ""},
		"both":                   {[]pipeline.Code{square(coded + "|1.005129|" + id), square(whole)}, id, name},
		"no day of birth":        {[]pipeline.Code{square(strings.Replace(whole, "02091999", "32091999", 1))}, "", ""},
		"too short a number":     {[]pipeline.Code{square(strings.Replace(whole, id, "35199000123", 1))}, "", ""},
		"some other list":        {[]pipeline.Code{square("a|b|c|d|e|f|g")}, "", ""},
		"bare number":            {[]pipeline.Code{square(id)}, "", ""},
		"card's text as barcode": {[]pipeline.Code{bars(whole)}, "", ""},
	} {
		got := map[pipeline.FieldName]string{}
		for _, f := range extract.Fields(codesOn("", c.codes...), day()) {
			got[f.Name] = f.Value
		}
		if got[pipeline.FieldOwnerID] != c.wantID || got[pipeline.FieldOwnerName] != c.wantName {
			t.Errorf("%s: %q, %q; want %q, %q", label, got[pipeline.FieldOwnerID], got[pipeline.FieldOwnerName], c.wantID, c.wantName)
		}
	}
}

// FuzzPayload: whatever a code says, what is taken from it is a number of the grammar that
// stands in it, and the same every time.
func FuzzPayload(f *testing.F) {
	for _, s := range []string{coded, `{"a":["` + coded + `"]}`, "https://x/?h=H98%2E15-260305-0042", "035199000123||Trần Đào|02091999|Nữ|x|10052022", "%zz|;{", "\xff" + coded} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		pages := codesOn("", square(text))
		first, second := extract.Fields(pages, day()), extract.Fields(pages, day())
		if !cmp.Equal(first, second) {
			t.Errorf("%q gave %v and %v", text, first, second)
		}
		for _, field := range first {
			if field.Value == "" || field.Source != pipeline.ByQR && field.Name != pipeline.FieldPages {
				t.Errorf("%q gave %+v", text, field)
			}
			if field.Name != pipeline.FieldDossier {
				continue
			}
			if n, err := pipeline.ParseDossierNumber(field.Value); err != nil || n.Day().After(day()) {
				t.Errorf("%q gave the dossier %q: %v", text, field.Value, err)
			}
		}
	})
}
