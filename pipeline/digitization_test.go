package pipeline_test

import (
	"errors"
	"strings"
	"testing"

	"hoso/pipeline"
)

func TestDigitizationCodes(t *testing.T) {
	t.Parallel()
	facts := pipeline.CodeFacts{Owner: "035199000123", Type: "KQ.G07.000122", Dossier: "H42.15-221011-0001", Unit: "H42.15", Year: 2022}
	nobody := facts
	nobody.Owner = ""
	for _, c := range []struct {
		template string
		facts    pipeline.CodeFacts
		serial   int
		want     string
	}{
		{pipeline.UsualCode, facts, 1, "035199000123.KQ.G07.000122"},
		{pipeline.UsualCode, facts, 2, "035199000123.KQ.G07.000122.2"},
		{pipeline.UsualCode, nobody, 1, ".KQ.G07.000122"},
		{pipeline.UsualCode, nobody, 13, ".KQ.G07.000122.13"},
		{"{type}-{year}/{serial:6}", facts, 7, "KQ.G07.000122-2022/000007"},
		{"{unit}_{dossier}_{serial:2}", facts, 123, "H42.15_H42.15-221011-0001_123"},
	} {
		template, err := pipeline.ParseCodeTemplate(c.template)
		if err != nil {
			t.Fatal(err)
		}
		got := template.Code(c.facts, c.serial)
		if got.Value != c.want || got.Serial != c.serial || template.String() != c.template {
			t.Errorf("%s, serial %d: %+v, want %s", c.template, c.serial, got, c.want)
		}
		if first := template.Code(c.facts, 1); first.Stem != got.Stem || strings.Count(got.Stem, "#") != 1 {
			t.Errorf("%s: stems %s and %s", c.template, first.Stem, got.Stem)
		}
	}
}

func TestTemplatesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{owner}.{type}", "{owner}.{serial}.{serial}", "{owner}.{serial", "[{serial}", "{serial}]", "[[{serial}]]",
		"{name}.{serial}", "{owner} {serial}", "số.{serial}", "{owner}[.{type}]{serial}", "{serial:10}", "{serial}\n",
	} {
		if template, err := pipeline.ParseCodeTemplate(text); !errors.Is(err, pipeline.ErrCodeTemplate) {
			t.Errorf("%q is taken for a template: %v, %v", text, template, err)
		}
	}
}

// FuzzCodeTemplate: what is taken writes codes that differ by their serials.
func FuzzCodeTemplate(f *testing.F) {
	for _, seed := range []string{pipeline.UsualCode, "{type}-{serial:3}", "[a{serial}b]", "{year}{unit}[{serial}]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := pipeline.ParseCodeTemplate(text)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for serial := 1; serial < 30; serial++ {
			c := template.Code(pipeline.CodeFacts{Owner: "1", Type: "A", Year: 2026}, serial)
			if seen[c.Value] {
				t.Fatalf("%q gives %q twice", text, c.Value)
			}
			seen[c.Value] = true
		}
	})
}
