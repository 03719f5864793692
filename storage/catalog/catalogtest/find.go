package catalogtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// finds expects a query to find the numbered papers in that order, with that total.
func finds(t testing.TB, c *catalog.Catalog, q pipeline.Query, want ...int) {
	t.Helper()
	f, err := c.Find(t.Context(), q)
	if err != nil {
		t.Errorf("finding %.200q %.60q: %v", q.Text, q.Number, err)
		return
	}
	if got := ids(f); fmt.Sprint(got) != fmt.Sprint(papers(want...)) || f.Total != len(want) {
		t.Errorf("text %.200q, number %.60q, unit %q found %v of %d, want %v", q.Text, q.Number, q.Unit, got, f.Total, papers(want...))
	}
}

func testNumbers(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	for i, s := range []string{
		"H42.15-221011-0001",      // 0
		"000.00.15.H42-221011-02", // 1: not a number, see below
		"H42.15-20221011-0000003", // 2
		"H42.15-221012-0001",      // 3
		"H42.150-221011-0001",     // 4
		"G09.20-20260609-0092637", // 5
		"H42.15-221011-0001",      // 6: the same dossier
	} {
		p := Paper(i)
		if i == 1 {
			s = "000.00.15.H42-221011-0002"
		}
		receive(t, c, Numbered(t, p, s))
	}
	receive(t, c, Paper(7)) // has none
	for number, want := range map[string][]int{
		"H42.15-221011-0001":        {6, 0},
		"h42.15 – 221011 – 0001":    {6, 0},
		"000.00.15.H42-221011-0001": {6, 0},
		"H42.15-20221011-0000001":   {6, 0},
		"000.00.15.H42-221011-0002": {1},
		"H42.15-221011":             {2, 1, 6, 0},
		"H42.15-221011-":            {2, 1, 6, 0},
		"H42.15-2210":               {3, 2, 1, 6, 0},
		"H42.15-2022":               {3, 2, 1, 6, 0},
		"H42.15":                    {4, 3, 2, 1, 6, 0},
		"H42.15-":                   {3, 2, 1, 6, 0},
		"h42":                       {4, 3, 2, 1, 6, 0},
		"G09.20-20260609-00926":     {5},
		"G09.20-20260609-009263":    {5},
		"H42.15-221011-0009":        {},
		"H42.15-221011-000":         {2, 1, 6, 0},
		"H42.15-231011":             {},
		"không phải số":             {},
		"%":                         {},
		"' OR '1'='1":               {},
		"\x00":                      {},
	} {
		finds(t, c, pipeline.Query{Number: number}, want...)
	}
	finds(t, c, pipeline.Query{Number: "H42.15-2210", Unit: "H42", Kind: pipeline.Component, State: pipeline.Received}, 3, 2, 1, 6, 0)
	finds(t, c, pipeline.Query{Number: "H42.15-2210", Unit: "H42.1"})
	finds(t, c, pipeline.Query{Number: "H42.15-2210", Kind: pipeline.Result})
	finds(t, c, pipeline.Query{Number: "H42.15-2210", From: Start().Add(2 * time.Second), To: Start().Add(6 * time.Second)}, 3, 2)
	finds(t, c, pipeline.Query{Number: "H42.15-2210", Text: "tep-3"}, 3)
	finds(t, c, pipeline.Query{Number: "H42.15-221011-0001", Text: "tep"}, 6, 0)

	var got []pipeline.PaperID
	q := pipeline.Query{Number: "H42.15", Limit: 2}
	for range 10 {
		f, err := c.Find(t.Context(), q)
		must(t, err)
		got = append(got, ids(f)...)
		if q.After = f.Next; f.Next == "" {
			break
		}
	}
	same(t, papers(4, 3, 2, 1, 6, 0), got)
}

func testWords(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	texts := []string{
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"Giấy chứng nhận quyền sử dụng đất",
		norm.NFD.String("Đơn xin cấp phép xây dựng nhà ở, ông Nguyễn Văn Đạt"),
		"Quyết định số 163/2025/QĐ-CTUBND ngày 25 tháng 11 năm 2025",
		"cộng hoà, kèm theo hồ sơ H42.15-221011-0001",
	}
	for i, text := range texts {
		receiveText(t, c, Paper(i), text)
	}
	p := Numbered(t, Paper(5), "H42.15-221011-0001")
	p.FileName = "To_khai-Thue.2026.pdf"
	p.Fields = []pipeline.Field{{Name: pipeline.FieldSubject, Value: "về việc miễn giảm thuế"}}
	receive(t, c, p)
	for text, want := range map[string][]int{
		"hòa":                       {4, 0},
		"hoà":                       {4, 0},
		"hoa":                       {4, 0},
		"HOA xa":                    {0},
		"xa hoa":                    {0},
		"dat":                       {2, 1},
		"đất":                       {2, 1},
		norm.NFD.String("Nguyễn"):   {2},
		"nguyen dat":                {2},
		"nguyen hoa":                {},
		"163/2025/QĐ-CTUBND":        {3},
		"2025 163":                  {3},
		"163/2025/QD":               {3},
		"H42.15-221011-0001":        {5, 4},
		"000.00.15.H42-221011-0001": {5}, // as printed it stands in no text
		"H42.15-2210":               {5},
		"H42.15-221011-0001 thuế":   {5},
		"to khai thue":              {5},
		"to_khai":                   {5},
		"mien giam":                 {5},
		"tep-3.pdf":                 {3},
		"quyen su dung dat":         {1},
		"":                          {5, 4, 3, 2, 1, 0},
		"   ":                       {5, 4, 3, 2, 1, 0},
		"?!":                        {},
		"no":                        {},
		"h":                         {},
	} {
		finds(t, c, pipeline.Query{Text: text}, want...)
		finds(t, c, pipeline.Query{Text: text, Unit: "h42"}, want...)
	}
}

func testPhrases(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	receiveText(t, c, Paper(0), "nhà ở xã hội")
	receiveText(t, c, Paper(1), "xã hội nhà\nở đây")
	receiveText(t, c, Paper(2), "hội xã")
	p := Paper(3)
	p.FileName = "xa"
	receiveText(t, c, p, "hội nghị")
	for text, want := range map[string][]int{
		`xa hoi`:           {3, 2, 1, 0},
		`"xã hội"`:         {1, 0},
		`“xa hoi”`:         {1, 0},
		`«xa hoi» nha`:     {1, 0},
		`"nha o"`:          {1, 0},
		`"o xa"`:           {0},
		`"xa hoi`:          {1, 0}, // not closed
		`"xa hoi nha o xa`: {},
		`""`:               {},
		`"`:                {},
		`xa-hoi`:           {1, 0},
	} {
		finds(t, c, pipeline.Query{Text: text}, want...)
	}
}

func testFilters(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	units := []string{"H42", "H42.15", "H42.15.003", "000.00.15.H42", "H42.150", "", "Sở  TN&MT"}
	kinds := []pipeline.Kind{pipeline.Component, pipeline.Result, pipeline.Output}
	for i, unit := range units {
		p := Paper(i)
		p.Unit, p.Kind = unit, kinds[i%3]
		p = receive(t, c, p)
		if i%2 == 0 {
			p.State = pipeline.Confirming
			commit(t, c, catalog.Move{Paper: p})
		}
	}
	for unit, want := range map[string][]int{
		"H42":           {4, 3, 2, 1, 0},
		"h42.15":        {3, 2, 1},
		"000.00.15.H42": {3, 2, 1},
		"H42.15.003":    {2},
		"H42.1":         {},
		"Sở  TN&MT":     {6},
		`"*`:            {},
		"\x00'":         {},
	} {
		finds(t, c, pipeline.Query{Unit: unit}, want...)
		finds(t, c, pipeline.Query{Unit: unit, Text: "tep"}, want...)
	}
	at := func(i int) time.Time { return Start().Add(time.Duration(i) * time.Second) }
	for _, q := range []struct {
		pipeline.Query
		want []int
	}{
		{pipeline.Query{Kind: pipeline.Result}, []int{4, 1}},
		{pipeline.Query{Kind: "?"}, nil},
		{pipeline.Query{State: pipeline.Confirming}, []int{6, 4, 2, 0}},
		{pipeline.Query{State: "\x00"}, nil},
		{pipeline.Query{State: pipeline.Confirming, Unit: "H42.15"}, []int{2}},
		{pipeline.Query{State: pipeline.Confirming, Text: "tep", Unit: "H42"}, []int{4, 2, 0}},
		{pipeline.Query{From: at(2)}, []int{6, 5, 4, 3, 2}},
		{pipeline.Query{To: at(2)}, []int{1, 0}},
		{pipeline.Query{From: at(2), To: at(4), Text: "tep"}, []int{3, 2}},
		{pipeline.Query{From: at(4), To: at(2)}, nil},
		{pipeline.Query{From: at(-10000), To: at(10000), Kind: pipeline.Component, State: pipeline.Received}, []int{3}},
		{pipeline.Query{From: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
	} {
		finds(t, c, q.Query, q.want...)
	}
}

func testSenders(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	for i, sender := range []string{"lan", "minh", "lan", "Lan", "lan.nguyen", "\xff", "lan"} {
		p := Numbered(t, Paper(i), "H42.15-221011-0001")
		p.Sender = sender
		receive(t, c, p)
	}
	moved, err := c.Commit(t.Context(), catalog.Move{Paper: confirming(t, c, Paper(2).ID), Event: pipeline.Event{What: "read"}})
	must(t, err)
	at := func(i int) time.Time { return Start().Add(time.Duration(i) * time.Second) }
	for _, q := range []struct {
		pipeline.Query
		want []int
	}{
		{pipeline.Query{Sender: "lan"}, []int{6, 2, 0}},
		{pipeline.Query{Sender: "minh", Unit: "H42"}, []int{1}},
		{pipeline.Query{Sender: "lan", From: at(1), To: at(6)}, []int{2}},
		{pipeline.Query{Sender: "lan", Text: "tep"}, []int{6, 2, 0}},
		{pipeline.Query{Sender: "lan", Text: "tep", Order: pipeline.Ranked}, []int{6, 2, 0}},
		{pipeline.Query{Sender: "lan", Number: "H42.15"}, []int{6, 2, 0}},
		{pipeline.Query{Sender: "lan", State: moved.State}, []int{2}},
		{pipeline.Query{Sender: "nobody"}, nil},
		{pipeline.Query{Sender: "\x00'"}, nil},
	} {
		finds(t, c, q.Query, q.want...)
	}
	var seen []pipeline.PaperID
	q := pipeline.Query{Sender: "lan", Limit: 2}
	for range 3 {
		f, err := c.Find(t.Context(), q)
		must(t, err)
		seen = append(seen, ids(f)...)
		if q.After = f.Next; f.Next == "" {
			break
		}
	}
	same(t, papers(6, 2, 0), seen)
}

// confirming gives a paper as it is when it waits for a person.
func confirming(t *testing.T, c *catalog.Catalog, id pipeline.PaperID) pipeline.Paper {
	t.Helper()
	p, err := c.Paper(t.Context(), id)
	must(t, err)
	p.State = pipeline.Confirming
	return p
}

func testPages(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	const n = 23
	for i := range n {
		receiveText(t, c, Paper(i), strings.Repeat("chung ", 1+i%4)+"hòa")
	}
	late := n
	for _, q := range []pipeline.Query{
		{},
		{Text: "chung"},
		{Unit: "H42"},
		{State: pipeline.Recognized},
		{State: pipeline.Recognized, Text: "chung"},
		{Text: "chung", Order: pipeline.Ranked},
		{Text: "chung hòa", Order: pipeline.Ranked},
		{Order: pipeline.Ranked},
	} {
		q.Limit = 5
		seen := walk(t, c, q, func() {
			// A paper that arrives between two pages is on none of them.
			receiveText(t, c, Paper(late), "muộn")
			late++
		})
		for i := range late {
			if count := seen[ID(i)]; i < n && count != 1 || count > 1 {
				t.Errorf("text %q, state %q, order %q: paper %d is on %d pages", q.Text, q.State, q.Order, i, count)
			}
		}
	}
	for _, bad := range []string{"?", "AAAA", "MSAt", "LTEgMCA", strings.Repeat("A", 5000), "MSAwIAA"} {
		_, err := c.Find(t.Context(), pipeline.Query{After: bad})
		if _, ok := pipeline.AsRefusal(err); !ok {
			t.Errorf("the page token %.20q gave %v, want a Refusal", bad, err)
		}
	}
	f, err := c.Find(t.Context(), pipeline.Query{Limit: 1 << 30})
	must(t, err)
	if len(f.Hits) > 200 {
		t.Errorf("one page has %d hits", len(f.Hits))
	}
}

// walk goes through all pages of a query and counts how often each paper is seen;
// between two pages it calls meanwhile.
func walk(t *testing.T, c *catalog.Catalog, q pipeline.Query, meanwhile func()) map[pipeline.PaperID]int {
	t.Helper()
	seen := make(map[pipeline.PaperID]int)
	for range 100 {
		f, err := c.Find(t.Context(), q)
		must(t, err)
		for _, id := range ids(f) {
			seen[id]++
		}
		if q.After = f.Next; f.Next == "" {
			return seen
		}
		meanwhile()
	}
	t.Errorf("the pages of %q do not end", q.Text)
	return seen
}

func testRanked(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	filler := strings.Repeat("một hai ba bốn năm ", 30)
	receiveText(t, c, Paper(0), "hòa "+filler)
	receiveText(t, c, Paper(1), strings.Repeat("hoa ", 3))
	receiveText(t, c, Paper(2), "hóa, hóa hoà, hóa")
	receiveText(t, c, Paper(3), filler+" hoa")
	receiveText(t, c, Paper(4), "không có")
	f, err := c.Find(t.Context(), pipeline.Query{Text: "hòa", Order: pipeline.Ranked})
	must(t, err)
	if got := fmt.Sprint(ids(f)[:2]); f.Total != 4 || got != fmt.Sprint(papers(2, 0)) {
		t.Errorf("hòa finds %v first of %d, want those written so: %v", got, f.Total, papers(2, 0))
	}
	f, err = c.Find(t.Context(), pipeline.Query{Text: "hoa", Order: pipeline.Ranked})
	must(t, err)
	if f.Total != 4 || len(f.Hits) != 4 || f.Hits[0].Paper.ID == ID(0) || f.Hits[0].Paper.ID == ID(3) {
		t.Errorf("hoa finds %v, want the papers that are about it first", ids(f))
	}
	finds(t, c, pipeline.Query{Text: "hoa một", Order: pipeline.Ranked, To: Start().Add(2 * time.Second)}, 0)
	finds(t, c, pipeline.Query{Text: "không thấy", Order: pipeline.Ranked})
	finds(t, c, pipeline.Query{Text: "hóa", Order: pipeline.Ranked, State: pipeline.Filed})
}

func testSnippets(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	long := strings.Repeat("chữ đệm\n", 100)
	receiveText(t, c, Paper(0), long+"Ông Nguyễn Văn  HOÀ,\n\nthường trú tại Hoa Lư. "+long)
	show := func(text string) string {
		t.Helper()
		f, err := c.Find(t.Context(), pipeline.Query{Text: text})
		must(t, err)
		if len(f.Hits) != 1 {
			t.Fatalf("%q found %d papers, want 1", text, len(f.Hits))
		}
		var b strings.Builder
		for _, part := range f.Hits[0].Snippet {
			if part.Match {
				b.WriteString("[" + part.Text + "]")
			} else {
				b.WriteString(part.Text)
			}
		}
		return b.String()
	}
	for text, want := range map[string]string{
		"hoa":           "Nguyễn Văn [HOÀ], thường trú tại [Hoa] Lư",
		"hoà lư":        "Nguyễn Văn [HOÀ], thường trú tại [Hoa] [Lư]",
		`"nguyen van"`:  "Ông [Nguyễn Văn] HOÀ",
		`"van hoa" tai`: "Nguyễn [Văn HOÀ], thường trú [tại] Hoa",
		"pdf":           "tep-0.[pdf]",
	} {
		if got := show(text); !strings.Contains(got, want) {
			t.Errorf("%q shows %q, want %q in it", text, got, want)
		}
	}
	if got := show("hoa"); len(strings.Fields(got)) > 40 || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") {
		t.Errorf("the snippet %q is not a piece of the text", got)
	}
	f, err := c.Find(t.Context(), pipeline.Query{})
	must(t, err)
	if f.Hits[0].Snippet != nil {
		t.Errorf("a list has the snippet %v", f.Hits[0].Snippet)
	}
}
