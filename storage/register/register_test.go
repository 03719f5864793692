package register_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/storage/register"
)

const merged = "2025-07-01"

// agencies are two provinces that became one, and a district that was parted.
func agencies() []pipeline.Agency {
	old := pipeline.Validity{To: "2025-06-30"}
	young := pipeline.Validity{From: merged}
	return []pipeline.Agency{
		{Code: "H42", Name: "Tỉnh Ninh Bình"},
		{Code: "H25", Name: "Tỉnh Hà Nam", Validity: old, Successors: []string{"H42"}},
		{Code: "H25.08", Name: "Sở Nội vụ", Parent: "H25", Validity: old, Successors: []string{"H42.08"}},
		{Code: "H42.08", Name: "Sở Nội vụ", Parent: "H42", Aliases: []string{"Sở Nội vụ tỉnh Ninh Bình"}},
		{Code: "H42.31", Name: "Huyện Gia Thượng", Parent: "H42", Validity: old, Successors: []string{"H42.101", "H42.102"}},
		{Code: "H42.31.005", Name: "Xã Vạn Liễu", Parent: "H42.31", Validity: old, Successors: []string{"H42.101"}},
		{Code: "H42.31.006", Name: "Xã Vạn Quế", Parent: "H42.31", Validity: old, Successors: []string{"H42.102"}},
		{Code: "H42.101", Name: "Xã Vạn Liễu", Parent: "H42", Validity: young},
		{Code: "H42.102", Name: "Xã Hòa Trạch", Parent: "H42", Validity: young},
		{Code: "H42.103", Name: "Xã Hóa Trạch", Parent: "H42", Validity: young},
		{Code: "H42.104", Name: "Phường 1", Parent: "H42", Validity: young},
		{Code: "H42.105", Name: "Phường 2", Parent: "H42", Validity: young},
		{Code: "H42.106", Name: "Thành phố Hạ Lãng", Parent: "H42", Validity: old, Successors: []string{"H42.104", "H42.105"}},
		{Code: "H42.107", Name: "Hội đồng nhân dân xã Vạn Liễu", Parent: "H42.101", Validity: young},
		{Code: "H42.15", Name: "Xã Kim Ngạn", Validity: old},
		{Code: "H42.15", Name: "Phường Kim Ngạn", Validity: young},
	}
}

func TestCodesOnADay(t *testing.T) {
	t.Parallel()
	r := register.New(agencies())
	for _, c := range []struct {
		code     string
		day      pipeline.Day
		standing pipeline.Standing
		name     string
	}{
		{"H42.15", "2024-03-01", pipeline.Valid, "Xã Kim Ngạn"},
		{"000.00.15.H42", "2025-06-30", pipeline.Valid, "Xã Kim Ngạn"},
		{"000.00.15.h42", "2025-07-01", pipeline.Valid, "Phường Kim Ngạn"},
		{"H42.15", "", pipeline.Valid, "Phường Kim Ngạn"},
		{"H42.31", "2025-06-30", pipeline.Valid, "Huyện Gia Thượng"},
		{"H42.31", "2025-07-01", pipeline.NotThen, "Huyện Gia Thượng"},
		{"H42.101", "2025-06-30", pipeline.NotThen, "Xã Vạn Liễu"},
		{"H42.101", "2025-07-01", pipeline.Valid, "Xã Vạn Liễu"},
		{"H42.999", "2025-07-01", pipeline.Unknown, ""},
		{"H25", "2022-10-11", pipeline.Valid, "Tỉnh Hà Nam"},
	} {
		u := r.On(c.code, c.day)
		if u.Standing != c.standing || u.Agency.Name != c.name {
			t.Errorf("%s on %q is %s %q, want %s %q", c.code, string(c.day), u.Standing, u.Agency.Name, c.standing, c.name)
		}
	}
	if u := register.New(nil).On("H99", "2025-07-01"); !u.Accepts() || u.Standing != pipeline.Unlisted {
		t.Errorf("an empty register says %s", u.Standing)
	}
}

func TestHeirs(t *testing.T) {
	t.Parallel()
	r := register.New(agencies())
	for code, want := range map[string]string{"H25": "H42", "H42.31": "H42.101 H42.102", "H42.101": "H42.101", "H99": ""} {
		if got := strings.Join(r.Heirs(code, merged), " "); got != want {
			t.Errorf("heirs of %s: %q, want %q", code, got, want)
		}
	}
}

// Whoever took over sees what was taken over, and a part of a parted district no more
// than its own.
func TestUnder(t *testing.T) {
	t.Parallel()
	r := register.New(agencies())
	for code, want := range map[string]string{
		"H42.101":       "H42.101 H42.107 H42.31 H42.31.005",
		"H42.08":        "H25.08 H42.08",
		"H25":           "H25 H25.08",
		"000.00.08.H25": "H25.08",
		"H42.31":        "H42.31 H42.31.005 H42.31.006",
	} {
		if got := strings.Join(r.Under(code), " "); got != want {
			t.Errorf("under %s: %s, want %s", code, got, want)
		}
	}
	all := r.Under("H42")
	for _, a := range agencies() {
		if !slices.Contains(all, a.Code) {
			t.Errorf("the province that is left does not see %s", a.Code)
		}
	}
	for _, c := range []struct {
		code, unit string
		want       bool
	}{{"H42", "H25.08", true}, {"H42", "H42.77.003", true}, {"H25", "H42.08", false}, {"H42.101", "H42.31.006", false}, {"H42.10", "H42.101", false}} {
		if got := r.Sees(c.code, c.unit); got != c.want {
			t.Errorf("%s sees %s: %t, want %t", c.code, c.unit, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	r := register.New(agencies())
	for _, c := range []struct {
		printed string
		day     pipeline.Day
		want    string // codes
	}{
		{"TỈNH NINH BÌNH", merged, "H42"},
		{"ỦY BAN NHÂN DÂN TỈNH NINH BÌNH", merged, "H42"},
		{"UỶ BAN NHÂN DÂN\nTỈNH NINH BÌNH", merged, "H42"},
		{"UBND tỉnh Ninh Bình", merged, "H42"},
		{norm.NFD.String("UBND TỈNH NINH BÌNH"), merged, "H42"},
		{"ỦY BAN NHẬN DÂN TỈNH NINH BÌNH", merged, "H42"},
		{"ỦY BAN NHÂN DÂN TỈNH NINH BINH", merged, "H42"},
		{"ỦY BAN NHÂN DÂN TỈNH NINB BÌNH", merged, "H42"},
		{"UBND XÃ VẠN LIỄU", merged, "H42.101"},
		{"UBND XÃ VẠN LIỄU", "2024-01-01", "H42.31.005"},
		{"UBND XÃ VẠN LIÊU", merged, "H42.101"},
		{"HỘI ĐỒNG NHÂN DÂN XÃ VẠN LIỄU", merged, "H42.107"},
		{"HĐND xã Vạn Liễu", merged, "H42.107"},
		{"UBND XÃ HÒA TRẠCH", merged, "H42.102"},
		{"UBND XÃ HOÀ TRẠCH", merged, "H42.102"},
		{"UBND XÃ HÓA TRẠCH", merged, "H42.103"},
		{"UBND XÃ HOA TRẠCH", merged, "H42.102 H42.103"},
		{"UBND XÃ HOA TRACH", merged, "H42.102 H42.103"},
		{"PHƯỜNG 1", merged, "H42.104"},
		{"P. 2", merged, "H42.105"},
		{"PHƯỜNG 3", merged, ""},
		{"UBND TP. HẠ LÃNG", "2020-05-01", "H42.106"},
		{"UBND THÀNH PHỐ HẠ LÃNG", merged, ""},
		{"SỞ NỘI VỤ", "2020-05-01", "H25.08 H42.08"},
		{"UBND TỈNH HÀ NAM\nSỞ NỘI VỤ", "2020-05-01", "H25.08"},
		{"SỞ NỘI VỤ", merged, "H42.08"},
		{"PHƯỜNG VẠN LIỄU", merged, ""},
		{"XÃ KIM NGẠN", merged, ""},
		{"XÃ KIM NGẠN", "2024-01-01", "H42.15"},
		{"PHƯỜNG KIM NGẠN", "", "H42.15"},
		{"", merged, ""},
		{"ỦY BAN NHÂN DÂN", merged, ""},
	} {
		var got []string
		for _, m := range r.Named(c.printed, c.day) {
			got = append(got, m.Agency.Code)
			if m.Score <= 0 || m.Score > 100 {
				t.Errorf("%q means %s with a score of %v", c.printed, m.Agency.Code, m.Score)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q on %q means %q, want %q", c.printed, string(c.day), s, c.want)
		}
	}
	if m := r.Named("UBND TỈNH NINH BINH", merged); len(m) != 1 || m[0].Score >= 100 || m[0].Score < 90 {
		t.Errorf("a name with a tone lost: %+v, want one somewhat below 100", m)
	}
}
