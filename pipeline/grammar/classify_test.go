package grammar_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline/grammar"
)

// TestClassify shows what clerks type, and the best guess of it.
func TestClassify(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, want string }{
		{"000.00.15.H42-221011-0001", "whole dossier H42.15-20221011-0000001"},
		{"h42.15 – 221011 – 0001", "whole dossier H42.15-20221011-0000001"},
		{"Mã hồ sơ: H42.15-221011-0001", "whole dossier H42.15-20221011-0000001"},
		{"H42", "beginning dossier H42"},
		{"h42.15", "beginning dossier H42.15"},
		{"15.H42", "beginning dossier H42.15"},
		{"00.15.H42", "beginning dossier H42.15"},
		{"03.15.H42-22", "beginning dossier H42.15.03-2022"},
		{"000.00.15.H42-22", "beginning dossier H42.15-2022"},
		{"H42.15-221011", "beginning dossier H42.15-20221011"},
		{"221011-0001", "tail dossier -20221011-0000001"},
		{"20221011-0000001", "tail dossier -20221011-0000001"},
		{"15-221011-0001", "tail dossier .15-20221011-0000001"},
		{"221011-00", "middle dossier -20221011-00000 -20221011-0000 -20221011-000 -20221011-00"},
		{"221011", "middle dossier -20221011-"},
		{"-221011-", "middle dossier -20221011-"},
		{"242-2507", "middle dossier .242-202507"},
		{"000.00.15", "middle dossier .15"},
		{"03.15", "middle dossier .03.15 .15.03"},
		{"0001", "tail dossier -0000001 0001"},
		{"-0001", "tail dossier -0000001"},
		{"0092637", "tail dossier -0092637 0092637"},
		{"03706/2026/07906", "whole insurance 03706/2026/07906"},
		{"035199000123", "whole citizen 035199000123"},
		{"CCCD 035199000123", "whole citizen 035199000123"},
		{"035199", "beginning citizen 035199"},
		{"03519900012", "beginning citizen 03519900012"},
		{"0351990001", "whole phone 0351990001"},
		{"161234567", "whole old_id 161234567"},
		{"MST 0100109106", "whole tax 0100109106"},
		{"0100109106", "whole tax 0100109106"},
		{"0912 345 678", "whole phone 0912345678"},
		{"15/QĐ-UBND", "whole document 15/QĐ-UBND"},
		{"015/qd-ubnd", "whole document 15/QĐ-UBND"},
		{"số 163/2025/QĐ-CTUBND", "whole document 163/2025/QĐ-CTUBND"},
		{"412/ttr-snv", "whole document 412/TTR-SNV"},
		{"15/", "beginning document 15/"},
		{"15/QD", "beginning document 15/QĐ"},
		{"163/2025", "beginning document 163/2025"},
		{"QĐ-UBND", "tail document /QĐ-UBND"},
		{"qd-ubnd", "tail document /QĐ-UBND"},
		{"/ubnd-vx", "tail document /UBND-VX"},
		{"/qd-ubnd", "tail document /QĐ-UBND"},
		{"05/3/2024", "whole date 2024-03-05"},
		{"ngày 05 tháng 3 năm 2024", "whole date 2024-03-05"},
		{"2024-03-05", "whole date 2024-03-05"},
		{"3/2024", "beginning date 2024-03-"},
		{"tháng 3 năm 2024", "beginning date 2024-03-"},
		{"năm 2024", "beginning date 2024-"},
		{"05/3", "tail date -03-05"},
		{"ngày 5 tháng 3", "tail date -03-05"},
		{"1.005129", "whole procedure 1.005129"},
		{"1.005", "beginning procedure 1.005"},
		{"2.000815.000.00.00.H", "beginning procedure 2.000815.000.00.00.H"},
		{"KQ.G07.000122", "whole result KQ.G07.000122"},
		{"KQ.G07", "beginning result KQ.G07"},
		{"KQ002269", "tail component KQ002269"},
		{"G03-GD10", "beginning domain G03-GD10"},
		{"BA 123456", "whole land_serial BA123456"},
		{"1.250.000 đồng", "whole money 1250000"},
		{"nguyễn văn a", "whole words nguyễn văn a"},
		{"giấy phép 12 tầng", "whole words giấy phép 12 tầng"},
		{"covid-sars", "whole words covid-sars"},
		{"  Hà   Nam ", "whole words Hà Nam"},
		{"12", "whole words 12"},
		{"H", "whole words H"},
	} {
		got := rules().Classify(c.query)
		if len(got) == 0 {
			t.Errorf("Classify(%q) knows nothing", c.query)
			continue
		}
		best := fmt.Sprintf("%s %s %s", got[0].Part, got[0].Kind, strings.Join(got[0].Values, " "))
		if diff := cmp.Diff(c.want, best); diff != "" {
			t.Errorf("Classify(%q)[0] (-want +got):\n%s", c.query, diff)
		}
		if !slices.ContainsFunc(got, func(g grammar.Guess) bool { return g.Kind == grammar.Words }) {
			t.Errorf("Classify(%q) does not think of words", c.query)
		}
	}
	if got := rules().Classify(" \u00a0 "); got != nil {
		t.Errorf("nothing is taken for %v", got)
	}
}

// TestFragmentsFitTheirNumber types pieces of dossier numbers, cut between their groups
// or after any figure of the last, and wants a guess that fits the number.
func TestFragmentsFitTheirNumber(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	group := regexp.MustCompile(`[0-9A-Z]+`)
	telling := regexp.MustCompile(`[1-9A-Z]`)
	for range 300 {
		printed, key := invented(rng, grammar.Dossier)
		at := group.FindAllStringIndex(printed, -1)
		for i := range at {
			for j := i; j < len(at); j++ {
				piece := printed[at[i][0]:at[j][1]]
				if len(piece) < 3 || !telling.MatchString(piece) {
					continue
				}
				fits := func(g grammar.Guess) bool { return g.Fits(grammar.Dossier, key) }
				if got := rules().Classify(piece); !slices.ContainsFunc(got, fits) {
					t.Fatalf("of %s, Classify(%q) = %+v: none fits %s", printed, piece, got, key)
				}
			}
		}
	}
}

// TestWholesFit types whole identifiers of all kinds that say by themselves what they are.
func TestWholesFit(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(13, 14))
	for _, kind := range []grammar.Kind{
		grammar.Dossier, grammar.Insurance, grammar.Procedure, grammar.Result, grammar.Component, grammar.Citizen,
		grammar.Tax, grammar.OldID, grammar.Document, grammar.Date, grammar.Phone, grammar.Money,
	} {
		for range 100 {
			printed, value := invented(rng, kind)
			got := rules().Classify(printed)
			if !slices.ContainsFunc(got, func(g grammar.Guess) bool { return g.Part == grammar.Whole && g.Fits(kind, value) }) {
				t.Fatalf("Classify(%q) = %+v: no %s %s", printed, got, kind, value)
			}
		}
	}
}

func FuzzClassify(f *testing.F) {
	seeds(f)
	f.Add("15.H42-2")
	f.Add("-221011-")
	f.Add("00.81.K64-\xc1y00.81.")
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range rules().Classify(text) {
			if len(g.Values) == 0 || slices.Contains(g.Values, "") || !g.Fits(g.Kind, g.Values[0]) {
				t.Fatalf("Classify(%q) gives %+v", text, g)
			}
		}
	})
}
