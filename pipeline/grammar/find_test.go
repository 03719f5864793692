package grammar_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline/grammar"
)

// found gives what stands in a text, as "kind value", with the misread letters in
// brackets.
func found(text string) []string {
	var all []string
	for _, m := range rules().FindAll(text) {
		s := string(m.Kind) + " " + m.Value
		for _, r := range m.Repairs {
			s += "[" + r.Was + r.Is + "]"
		}
		all = append(all, s)
	}
	return all
}

func TestFindAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Mã hồ sơ: 000.00.15.H42-221011-0001, Mã TTHC: 1.005129", []string{"dossier H42.15-20221011-0000001", "procedure 1.005129"}},
		{"biên nhận số H42.15-22l0l1-000I.", []string{"dossier H42.15-20221011-0000001[l1][l1][I1]"}},
		{"000,00,15,H42-\n221011-0001 Nộp 2", []string{"dossier H42.15-20221011-0000001[,.][,.][,.]"}},
		{"H42.15--221011-0001", []string{"dossier H42.15-20221011-0000001[-]"}},
		{"Mã số hồ sơ: 03706/2026/07906", []string{"insurance 03706/2026/07906"}},
		{"Mã TTHC: 2.00O815.000.00.00.H55.02 (KQ.G07.000122)", []string{"procedure 2.000815.000.00.00.H55.02[O0]", "result KQ.G07.000122"}},
		{"KO.G07.0OO122", []string{"result KQ.G07.000122[OQ][O0][O0]"}},
		{"thành phần hồ sơ 000.00.00.G09-KQ002269", []string{"component 000.00.00.G09-KQ002269"}},
		{"Lĩnh vực: G03-GD10", []string{"domain G03-GD10"}},
		{"G03-GD10", nil},
		{"CCCD số 035199000I23 cấp ngày 05/3/2021", []string{"citizen 035199000123[I1]", "date 2021-03-05"}},
		{"số định danh cá nhân: 037 203 000 456", []string{"citizen 037203000456"}},
		{"003199000123", nil}, // no such province
		{"035499000123", nil}, // the 22nd century
		{"037228000456", nil}, // born in 2028
		{"CMND số: 161234567, MST: 0100109106-001", []string{"old_id 161234567", "tax 0100109106-001"}},
		{"161234567", nil},
		{"mã số thuế 0100109107", nil}, // the check digit is wrong
		{"MST: OIOO109106", []string{"tax 0100109106[O0][I1][O0][O0]"}},
		{"Số: l5/QD-UBND", []string{"document 15/QĐ-UBND[l1][DĐ]"}},
		{"Số: 05/BNV- VP V/v", []string{"document 5/BNV-VP"}},
		{"Nghị định số 30/2020/ND-CP ngày 05 tháng 3 năm 2020", []string{"document 30/2020/NĐ-CP[DĐ]", "date 2020-03-05"}},
		{"Quyết định số 07/2019/QĐ-UBND.", []string{"document 7/2019/QĐ-UBND"}},
		{"Luật số 72/2025/QH15;", []string{"document 72/2025/QH15"}},
		{"Số: 0/QĐ-UBND", nil},
		{"1/2 nhà 3/B5", nil},
		{"Ninh Bình, ngày ll tháng 10 năm 2022", []string{"place Ninh Bình", "date 2022-10-11[l1][l1]"}},
		{"Ngày 30 tháng 2 năm 2011", nil},
		{"31/02/2020 và 22/ 12/ 2011", []string{"date 2011-12-22"}},
		{"12/03-2020", nil},
		{"Số chứng thực: 0123 Quyển số: 01/2024-SCT/BS", []string{"certification 123", "book 01/2024-SCT/BS"}},
		{"Số phát hành: BA 123456; Số vào sổ cấp GCN: CH00123", []string{"land_serial BA123456", "land_register CH00123"}},
		{"Thửa đất số: 45, tờ bản đồ số 12", []string{"parcel 45", "map_sheet 12"}},
		{"Điện thoại: 0912.345.67B; Fax (024) 3976 2153", []string{"phone 0912345678[B8]", "phone 02439762153"}},
		{"Lệ phí: 1.250.000đ, 38.65O.0OO đồng", []string{"money 1250000", "money 38650000[O0][O0][O0]"}},
		{"OOO.OO.IS.H4Z-ZZIOII-OOOI", nil}, // all guessed
		{"Điều 5. SOS BOLS 2024 - 2025, 65%, 07-2:2016/BXD", nil},
		{"", nil},
	} {
		if diff := cmp.Diff(c.want, found(c.text)); diff != "" {
			t.Errorf("FindAll(%q) (-want +got):\n%s", c.text, diff)
		}
	}
}

// TestSpans wants the bytes given back to hold the identifier, whatever stands around it
// and in whichever form of Unicode.
func TestSpans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, span string
		kind       grammar.Kind
	}{
		{"Mã hồ sơ: H42.15-221011-0001.", "H42.15-221011-0001", grammar.Dossier},
		{"Mã hồ sơ:\u00a0H42.15–221011 — 0001, tiếp", "H42.15–221011 — 0001", grammar.Dossier},
		{"Ma\u0303 ho\u0302\u0300 so\u031b: H42.15-221011-0001", "H42.15-221011-0001", grammar.Dossier},
		{"So\u0302\u0301: 15/QĐ-UBND", "15/QĐ-UBND", grammar.Document},
		{"Tha\u0301i Bi\u0300nh, nga\u0300y 05 tha\u0301ng 3 na\u0306m 2024", "Tha\u0301i Bi\u0300nh", grammar.Place},
		{"nga\u0300y 05 tha\u0301ng 3 na\u0306m 2024", "nga\u0300y 05 tha\u0301ng 3 na\u0306m 2024", grammar.Date},
		{"\xff 035199000123 \xfe", "035199000123", grammar.Citizen},
	} {
		all := rules().Find(c.kind, c.text)
		if len(all) != 1 {
			t.Errorf("Find(%s, %q) gives %d, want 1", c.kind, c.text, len(all))
			continue
		}
		if got := c.text[all[0].Start:all[0].End]; got != c.span {
			t.Errorf("Find(%s, %q) spans %q, want %q", c.kind, c.text, got, c.span)
		}
	}
}

func TestRepairsPointAtLetters(t *testing.T) {
	t.Parallel()
	text := "Mã số – H42.l5–22I0l1–000|"
	all := rules().Find(grammar.Dossier, text)
	if len(all) != 1 || all[0].Printed != "H42.15-221011-0001" || all[0].Misread() != 4 {
		t.Fatalf("Find(%q) = %+v", text, all)
	}
	for _, r := range all[0].Repairs {
		if !strings.HasPrefix(text[r.At:], r.Was) || r.Is != "1" {
			t.Errorf("%q at byte %d became %q; there stands %q", r.Was, r.At, r.Is, text[r.At:r.At+1])
		}
	}
}

// TestRulesAreData changes each table and sees the outcome change.
func TestRulesAreData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		kind   grammar.Kind
		text   string
		change func(*grammar.Rules)
	}{
		{"a new province", grammar.Citizen, "101199000123", func(r *grammar.Rules) { r.Provinces.Rows += "101 Nước ngoài\n" }},
		{"a later century", grammar.Citizen, "035499000123", func(r *grammar.Rules) { r.Centuries = 6 }},
		{"other weights", grammar.Tax, "0000000015", func(r *grammar.Rules) { r.Tax.Weights[8] = 5 }},
		{"earlier numbers", grammar.Dossier, "H42.15-171011-0001", func(r *grammar.Rules) { r.Dossiers.From = 2017 }},
		{"later years", grammar.Date, "05/3/2150", func(r *grammar.Rules) { r.Dates.To = 2200 }},
	} {
		r := grammar.Default()
		if r.Valid(c.kind, c.text) {
			t.Errorf("%s: %q is valid without it", c.name, c.text)
		}
		c.change(&r)
		if !r.Valid(c.kind, c.text) {
			_, err := r.Parse(c.kind, c.text)
			t.Errorf("%s: %q is not valid with it: %v", c.name, c.text, err)
		}
	}
}

// TestRulesInJSON decodes rules over the default ones: what is named is replaced, the
// rest stays.
func TestRulesInJSON(t *testing.T) {
	t.Parallel()
	r := grammar.Default()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var same grammar.Rules
	if err := json.Unmarshal(b, &same); err != nil || same != r {
		t.Errorf("the rules come back from JSON as %+v, %v", same, err)
	}
	const merged = `{"authorities": {"source": "a decision", "from": "2025-07-01", "rows": "H42 Ninh Bình mới\n"}}`
	if err := json.Unmarshal([]byte(merged), &r); err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{
		"H42.15-250630-0001": "",
		"H42.15-250701-0001": "Ninh Bình mới",
		"H25.15-250701-0001": "",
	} {
		if m, err := r.Parse(grammar.Dossier, number); err != nil || m.Facts.Authority != want {
			t.Errorf("%s is of %q, %v; want %q", number, m.Facts.Authority, err, want)
		}
	}
	if !r.Valid(grammar.Citizen, "035199000123") {
		t.Error("the provinces are gone")
	}
}

func TestEveryProvinceHasItsRow(t *testing.T) {
	t.Parallel()
	r := grammar.Default()
	known := 0
	for n := range 1000 {
		code := []byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)}
		if name, ok := r.Provinces.Name(string(code)); ok {
			known++
			if name == "" || strings.ContainsAny(name, "0123456789\n") {
				t.Errorf("the name of %s is %q", code, name)
			}
		}
	}
	if known != 63 {
		t.Errorf("%d provinces are known, want 63", known)
	}
	for _, code := range []string{"", " ", "037 ", "37", "7 Ninh", "\n037"} {
		if name, ok := r.Provinces.Name(code); ok {
			t.Errorf("%q is taken for %s", code, name)
		}
	}
}
