package separator_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/separator"
)

func number(t *testing.T, s string) pipeline.DossierNumber {
	t.Helper()
	n, err := pipeline.ParseDossierNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// byKey compares dossier numbers.
func byKey() cmp.Option {
	return cmp.Comparer(func(a, b pipeline.DossierNumber) bool { return a.Key() == b.Key() })
}

// TestSplit cuts stacks as people lay them: p is a page, _ a blank one, d a dropped sheet, k
// a kept one, a and b dropped ones that name dossiers.
func TestSplit(t *testing.T) {
	t.Parallel()
	says := map[rune]pipeline.Separator{
		'd': {}, 'k': {Keep: true},
		'a': {Dossier: number(t, "H98.15-260305-0042")}, 'b': {Dossier: number(t, "H98.15-260305-0043"), Kind: pipeline.Result},
	}
	// paper is a span: its sheet, its pages, what was left out.
	type paper struct {
		sheet rune
		pages []int
		left  []int
	}
	for stack, want := range map[string][]paper{
		"":        nil,
		"ppp":     {{0, []int{0, 1, 2}, nil}},
		"p_p":     {{0, []int{0, 1, 2}, nil}},
		"_p":      {{0, []int{0, 1}, nil}},
		"dppdp":   {{'d', []int{1, 2}, []int{0}}, {'d', []int{4}, []int{3}}},
		"ppdp":    {{0, []int{0, 1}, nil}, {'d', []int{3}, []int{2}}},
		"d_pp":    {{'d', []int{2, 3}, []int{0, 1}}},
		"d__p":    {{'d', []int{2, 3}, []int{0, 1}}},
		"dp_p":    {{'d', []int{1, 2, 3}, []int{0}}},
		"ddp":     {{'d', []int{2}, []int{0, 1}}},
		"d_d_p":   {{'d', []int{4}, []int{0, 1, 2, 3}}},
		"abp":     {{'a', nil, []int{0}}, {'b', []int{2}, []int{1}}},
		"aap":     {{'a', []int{2}, []int{0, 1}}},
		"apap":    {{'a', []int{1}, []int{0}}, {'a', []int{3}, []int{2}}},
		"pd":      {{0, []int{0}, nil}, {'d', nil, []int{1}}},
		"pd_":     {{0, []int{0}, nil}, {'d', nil, []int{1, 2}}},
		"d":       {{'d', nil, []int{0}}},
		"kpkp":    {{'k', []int{0, 1}, nil}, {'k', []int{2, 3}, nil}},
		"k_p":     {{'k', []int{0, 2}, []int{1}}},
		"kkp":     {{'k', []int{0}, nil}, {'k', []int{1, 2}, nil}},
		"kp_p":    {{'k', []int{0, 1, 2, 3}, nil}},
		"dkp":     {{'d', nil, []int{0}}, {'k', []int{1, 2}, nil}},
		"bp_app_": {{'b', []int{1, 2}, []int{0}}, {'a', []int{4, 5, 6}, []int{3}}},
	} {
		var pages []separator.Page
		for _, c := range stack {
			s, sheet := says[c]
			pages = append(pages, separator.Page{Sheet: sheet, Says: s, Blank: c == '_'})
		}
		var spans []separator.Span
		for _, p := range want {
			spans = append(spans, separator.Span{Sheet: p.sheet != 0, Says: says[p.sheet], Pages: p.pages, Left: p.left})
		}
		if diff := cmp.Diff(spans, separator.Split(pages), byKey()); diff != "" {
			t.Errorf("Split(%q) (-want +got):\n%s", stack, diff)
		}
	}
}

// TestSplitLosesNothing cuts thousands of stacks and finds each page once, in order, and no
// page of a paper among those left out.
func TestSplitLosesNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 2))
	for range 5000 {
		pages := make([]separator.Page, r.IntN(12))
		for i := range pages {
			pages[i] = separator.Page{Sheet: r.IntN(3) == 0, Blank: r.IntN(3) == 0}
			if pages[i].Sheet {
				pages[i].Says = pipeline.Separator{Keep: r.IntN(2) == 0}
			}
		}
		seen := make([]int, len(pages))
		last := -1
		for _, s := range separator.Split(pages) {
			if len(s.Pages)+len(s.Left) == 0 {
				t.Fatalf("%+v has a span of nothing", pages)
			}
			for _, i := range s.Left {
				seen[i]++
				if !pages[i].Sheet && !pages[i].Blank || pages[i].Says.Keep {
					t.Fatalf("%+v: page %d is left out", pages, i)
				}
			}
			for _, i := range s.Pages {
				seen[i]++
				if i <= last || pages[i].Sheet && !pages[i].Says.Keep {
					t.Fatalf("%+v: page %d follows %d", pages, i, last)
				}
				last = i
			}
		}
		for i, n := range seen {
			if n != 1 {
				t.Fatalf("%+v: page %d is in %d spans", pages, i, n)
			}
		}
	}
}

// TestOf tells sheets by their codes.
func TestOf(t *testing.T) {
	t.Parallel()
	a := pipeline.Separator{Dossier: number(t, "H98.15-260305-0042"), Kind: pipeline.Result}
	b := pipeline.Separator{Dossier: number(t, "H98.15-260305-0043"), Kind: pipeline.Result, Keep: true}
	strict := separator.Rules{Texts: []string{"TRANG-MOI"}, Keep: true}
	for name, c := range map[string]struct {
		rules separator.Rules
		texts []string
		want  pipeline.Separator
		is    bool
	}{
		"no codes":       {rules: separator.Default()},
		"ordinary codes": {rules: separator.Default(), texts: []string{"H98.15-260305-0042", "https://x.example/PATCHT", "PATCHTT", "HOSO"}},
		"ours":           {separator.Default(), []string{"x", a.String()}, a, true},
		"ours twice":     {separator.Default(), []string{a.String(), a.String()}, a, true},
		"two of ours":    {separator.Default(), []string{a.String(), b.String()}, pipeline.Separator{Kind: pipeline.Result, Keep: true}, true},
		"of others":      {separator.Default(), []string{"patch-t"}, pipeline.Separator{}, true},
		"ours first":     {strict, []string{"TRANG MOI", a.String()}, a, true},
		"configured":     {strict, []string{"trang_moi"}, pipeline.Separator{Keep: true}, true},
		"not configured": {rules: strict, texts: []string{"PATCHT"}},
		"an empty text":  {rules: separator.Rules{Texts: []string{"-"}}, texts: []string{"", "_"}},
	} {
		var codes []pipeline.Code
		for _, text := range c.texts {
			codes = append(codes, pipeline.Code{Kind: pipeline.QR, Text: text})
		}
		got, is := c.rules.Of(codes)
		if diff := cmp.Diff(c.want, got, byKey()); diff != "" || is != c.is {
			t.Errorf("%s: %v, want %v (-want +got):\n%s", name, is, c.is, diff)
		}
	}
	if _, is := separator.Of([]pipeline.Code{{Text: "PATCHT"}}); !is {
		t.Error("Of does not know PATCHT")
	}
}
