package catalogtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func testStrangeQueries(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	receiveText(t, c, Paper(0), "a AND b OR NEAR(c) x*y {head}: meta \\ ' & | ! <-> :*")
	texts := []string{
		`AND`, `OR NOT`, `NEAR(a b, 2)`, `a*`, `*`, `^a`, `head:a`, `{head body}: a`, `meta : "@uh42.15"`, `@uh42.15`,
		`a"b"c"`, `"""`, `'`, `''`, `\`, `\'`, `a & b`, `a | !b`, `(`, `)`, `a <-> b`, `a:*`, `-a`, `+a`, `%`, `_`, `$1`, `?`,
		"\x00", "a\x00b", "\xff\xfe", "😀", "\u202eabc", "và của là", "ﬁ", "İ", "K", "e\u0301\u0301\u0301",
		strings.Repeat("a ", 5000), strings.Repeat("a", 10_000), strings.Repeat(`"`, 10_000), strings.Repeat("ă-", 5000),
		strings.Repeat("H42.15-221011-0001 ", 500), "H42.15-" + strings.Repeat("1", 5000), "H42", "H", "-", ".", "A.", "000.00.15.H42",
	}
	for _, text := range texts {
		for _, order := range []pipeline.Order{pipeline.Newest, pipeline.Ranked, "sideways"} {
			if _, err := c.Find(t.Context(), pipeline.Query{Text: text, Order: order}); err != nil {
				t.Errorf("finding %.60q, order %q: %v", text, order, err)
			}
		}
		for _, q := range []pipeline.Query{{Box: text, Facets: true}, {Box: text, Order: pipeline.Ranked}, {Box: "a", Meaning: text}, {Class: text, Text: "a"}, {Batch: text}, {Issued: text, Box: "a"}, {Within: text}, {Number: text}, {Unit: text}, {Kind: pipeline.Kind(text)}, {State: pipeline.State(text)}} {
			if _, err := c.Find(t.Context(), q); err != nil {
				t.Errorf("finding %+.90v: %v", q, err)
			}
		}
	}
	finds(t, c, pipeline.Query{Text: "AND OR near"}, 0)
	finds(t, c, pipeline.Query{Text: "@uh42.15"})
	finds(t, c, pipeline.Query{Text: "a NOT b"})
}

func testStrangePapers(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	p := Paper(1)
	p.FileName = "a\x00b\xff'\\\"*@uh99 .pdf"
	p.Unit = "'; DROP TABLE papers; --\x00"
	p.Sender, p.Media = "\xff", "\x00"
	p.Fields = []pipeline.Field{{Name: "x\x00", Value: "\x00\xffđúng"}}
	p.Reason = pipeline.Reason{Code: "\x00", Vietnamese: "\xff"}
	text := "\x00\xff' \\ một\x00hai"
	got := receiveText(t, c, p, text)
	got.State = pipeline.Failed
	commit(t, c, catalog.Move{Paper: got, Event: pipeline.Event{Actor: "\x00", What: "\xff", Detail: "\x00"}})
	for _, q := range []pipeline.Query{{Text: "hai"}, {Text: "dung"}, {Unit: p.Unit}} {
		finds(t, c, q, 1)
	}
	finds(t, c, pipeline.Query{Unit: "H99"})
	_, err := c.Events(ctx, p.ID)
	must(t, err)
	for _, bad := range []func(*pipeline.Paper){
		func(p *pipeline.Paper) { p.ID = "" },
		func(p *pipeline.Paper) { p.ID = "\x00" },
		func(p *pipeline.Paper) { p.Original = pipeline.Digest{} },
		func(p *pipeline.Paper) { p.State = "nowhere" },
		func(p *pipeline.Paper) { p.Lane = "\xff" },
	} {
		q := Paper(2)
		bad(&q)
		var away *pipeline.Unavailable
		_, _, err := c.Receive(ctx, q, pipeline.Event{})
		if err == nil || errors.As(err, &away) {
			t.Errorf("receiving %+v gave %v, want an error", q, err)
		}
		if err := c.Restore(ctx, q, nil, ""); err == nil {
			t.Errorf("restoring %+v gave no error", q)
		}
	}
}

// testLongPaper indexes a paper longer than what PostgreSQL can number words in.
func testLongPaper(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	var b strings.Builder
	b.WriteString("mở đầu hồ sơ ")
	for i := range 12_000 {
		fmt.Fprintf(&b, "chung tu%d ", i)
	}
	b.WriteString("kết thúc")
	receiveText(t, c, Paper(0), b.String())
	for _, text := range []string{"mo dau", `"mo dau ho so"`, "tu100 tu11000", "chung"} {
		finds(t, c, pipeline.Query{Text: text}, 0)
		finds(t, c, pipeline.Query{Text: text, Order: pipeline.Ranked}, 0)
	}
}
