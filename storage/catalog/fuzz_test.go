package catalog_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// FuzzFind asks SQLite whatever can be typed.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"", "hòa bình", `"a b`, "H42.15-221011-0001", "a AND (b", "\x00\xff", "@uh42", "'*\\"} {
		f.Add(s, s, "")
	}
	c := open(f, liteFile(f))
	p := receive(f, c, 1)
	text := "cộng hòa xã hội"
	p.State = pipeline.Filed
	if _, err := c.Commit(f.Context(), catalog.Move{Paper: p, Text: &text}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, number, unit string) {
		for _, q := range []pipeline.Query{
			{Text: text, Unit: unit}, {Number: number}, {Text: text, Number: number, Order: pipeline.Ranked},
		} {
			if _, err := c.Find(t.Context(), q); err != nil {
				t.Fatalf("finding %+v: %v", q, err)
			}
		}
	})
}

// FuzzQuestion holds the questions for both engines to having no way out of their
// quotation marks.
func FuzzQuestion(f *testing.F) {
	f.Add(`a"b' \ "c`)
	f.Add("H42.15-22\" OR *")
	f.Fuzz(func(t *testing.T, text string) {
		lite, pg := catalog.Ask(text)
		if strings.Count(lite, `"`)%2 != 0 || strings.ContainsAny(lite, "'\\\x00") {
			t.Errorf("%q asks SQLite %s", text, lite)
		}
		if strings.Count(pg, "'")%2 != 0 || strings.ContainsAny(pg, "\"\\\x00") {
			t.Errorf("%q asks PostgreSQL %s", text, pg)
		}
	})
}

// FuzzSnippet holds a snippet to showing nothing that does not stand in the text.
func FuzzSnippet(f *testing.F) {
	f.Add("Cộng hoà xã hội chủ nghĩa", "hòa \"xa hoi\"")
	f.Add("a b a, b", "\"a b\" a")
	f.Add("0!\f1", "0")
	f.Add("a "+strings.Repeat("!-", 40)+"b", "b")
	f.Fuzz(func(t *testing.T, body, text string) {
		body = norm.NFC.String(strings.ToValidUTF8(body, ""))
		for _, part := range catalog.Snippet(body, text) {
			for word := range strings.FieldsSeq(part.Text) {
				if word != "…" && !strings.Contains(body, strings.Trim(word, "…")) {
					t.Errorf("%q shows %q", body, part.Text)
				}
			}
		}
	})
}

func FuzzToken(f *testing.F) {
	f.Add("")
	f.Add("MSAwIA")
	f.Fuzz(func(t *testing.T, s string) {
		again, err := catalog.ReadToken(s)
		if err != nil {
			if _, ok := pipeline.AsRefusal(err); !ok {
				t.Errorf("%q gave %v, want a Refusal", s, err)
			}
			return
		}
		if third, err := catalog.ReadToken(again); err != nil || third != again {
			t.Errorf("%q became %q, then %q, %v", s, again, third, err)
		}
	})
}
