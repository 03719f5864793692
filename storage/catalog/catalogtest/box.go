package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// shelf puts papers into c that are known by all that papers are known by.
func shelf(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	for i, of := range []struct {
		number, unit, owner, name, document, issued, class, batch, issuer, text string
	}{
		0: {"000.00.15.H42-221011-0001", "H42.15", "035199000123", "Nguyễn Thị Hoà", "15/QĐ-UBND", "2022-10-05", "quyet-dinh", "dem-1", "Ủy ban nhân dân xã Gia Viễn", "quyết định về việc hỗ trợ chi phí"},
		1: {"H42.15-221011-0002", "H42.15", "036088004567", "Trần Văn Hóa", "15/QĐ-UBND", "2023-01-20", "quyet-dinh", "dem-1", "Ủy ban nhân dân xã Gia Viễn", "quyết định thu hồi đất"},
		2: {"H42.15.03-230105-0001", "H42.15.03", "035199000123", "Nguyễn Thị Hòa", "115/GP-SXD", "2023-01-04", "giay-phep", "dem-2", "Sở Xây dựng", "giấy phép xây dựng nhà ở"},
		3: {"G09.20-20260609-0092637", "G09.20", "", "", "", "", "", "", "", "ngưyen văn a, quyét dinh 15/QĐ-UBND"},
		4: {"", "H42.15", "161234567", "Lê Minh", "163/2025/QĐ-CTUBND", "2025-11-25", "quyet-dinh", "", "", "nguyer van hoa thi quyet dịnh"},
	} {
		p := Paper(i)
		if of.number != "" {
			p = Numbered(t, p, of.number)
		}
		p.Unit, p.Batch = of.unit, of.batch
		p = receive(t, c, p)
		for name, value := range map[pipeline.FieldName]string{
			pipeline.FieldOwnerID: of.owner, pipeline.FieldOwnerName: of.name, pipeline.FieldNumber: of.document,
			pipeline.FieldDate: of.issued, pipeline.FieldClass: of.class, pipeline.FieldIssuer: of.issuer,
		} {
			if value != "" {
				p.Fields = append(p.Fields, pipeline.Field{Name: name, Value: value, Source: pipeline.ByOCR})
			}
		}
		p.State = pipeline.Recognized
		if i == 4 {
			p.State = pipeline.Confirming
		}
		commit(t, c, catalog.Move{Paper: p, Event: Event("read", p.Received), Text: &of.text})
	}
}

// testBox types what clerks type.
func testBox(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	shelf(t, c)
	for box, want := range map[string]string{
		"H42.15-221011-0001":        "dossier-whole 0",
		"000.00.15.H42-221011-0001": "dossier-whole 0",
		"H42.15-2210":               "dossier-beginning 1 0",
		"H42.15":                    "dossier-beginning 2 1 0",
		"15.H42":                    "dossier-beginning 2 1 0",
		"221011-0001":               "dossier-tail 0",
		"15-221011-0002":            "dossier-tail 1",
		"221011":                    "dossier-middle 1 0",
		"221011-00":                 "dossier-middle 1 0",
		"03.15":                     "dossier-middle 2",
		"0001":                      "dossier-tail 2 0",
		"-0001":                     "dossier-tail 2 0",
		"2637":                      "dossier-tail 3",
		"637":                       "dossier-tail 3",
		"035199000123":              "citizen-whole 2 0",
		"CCCD 035 199 000 123":      "citizen-whole 2 0",
		"03519900":                  "citizen-beginning 2 0",
		"000123":                    "citizen-tail 2 0",
		"161234567":                 "old_id-whole 4",
		"15/QĐ-UBND":                "document-whole 1 0",
		"15/qd-ubnd":                "document-whole 1 0",
		"số 015/QĐ-UBND":            "document-whole 1 0",
		"15/QĐ":                     "document-beginning 1 0",
		"QĐ-UBND":                   "document-tail 1 0",
		"GP-SXD":                    "document-tail 2",
		"gp-sxd":                    "words-whole 2", // covid-sars looks the same
		"163/2025":                  "document-beginning 4",
		"ngày 05 tháng 10 năm 2022": "date-whole 0",
		"1/2023":                    "date-beginning 2 1",
		"so xay dung":               "words-whole 2",
		"gia vien":                  "words-whole 1 0",
		"nguyễn thị hòa":            "words-whole 2 0",
		`"thu hoi dat"`:             "words-whole 1",
		"tep-3":                     "words-whole 3",
		"thu hoi 036088004567":      "words-whole 1",
		"chi phi H42.15-221011":     "words-whole 0",
	} {
		f, err := c.Find(t.Context(), pipeline.Query{Box: box})
		must(t, err)
		if got := exactly(f); got != want {
			t.Errorf("%q found %q of %+v, want %q", box, got, f.Meanings, want)
		}
	}
	for _, box := range []string{"?!", " ", "\x00"} {
		f, err := c.Find(t.Context(), pipeline.Query{Box: box, Unit: "H42"})
		must(t, err)
		if f.Meanings != nil {
			t.Errorf("%q means %+v", box, f.Meanings)
		}
	}
}

// exactly gives the meaning used and the numbers of the papers that have the very words.
func exactly(f pipeline.Found) string {
	var b strings.Builder
	for _, m := range f.Meanings {
		if m.Used {
			b.WriteString(m.Name)
		}
	}
	for _, h := range f.Hits {
		if !h.Near {
			fmt.Fprintf(&b, " %d", nth(h.Paper.ID))
		}
	}
	return b.String()
}

// nth gives i of ID(i).
func nth(id pipeline.PaperID) (i int) {
	_, _ = fmt.Sscanf(string(id), "01JZ%d", &i) // ours all are of this form
	return i
}

// testMeanings asks for the less likely meanings, and within units and filters.
func testMeanings(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	shelf(t, c)
	f, err := c.Find(t.Context(), pipeline.Query{Box: "15/QĐ-UBND"})
	must(t, err)
	totals := map[string]int{}
	for _, m := range f.Meanings {
		totals[m.Name] = m.Total
	}
	if totals["document-whole"] != 2 || totals["words-whole"] != 3 {
		t.Errorf("15/QĐ-UBND means %+v, want 2 documents and 3 papers that name it", f.Meanings)
	}
	for _, q := range []struct {
		pipeline.Query
		want string
	}{
		{pipeline.Query{Box: "15/QĐ-UBND", Meaning: "words-whole"}, "words-whole 3 1 0"},
		{pipeline.Query{Box: "15/QĐ-UBND", Meaning: "no such"}, "document-whole 1 0"},
		{pipeline.Query{Box: "H42.15-221011-0001", Meaning: "dossier-beginning"}, "dossier-beginning 0"},
		{pipeline.Query{Box: "H42.15-221011-0001", Meaning: "words-whole"}, "words-whole 0"},
		{pipeline.Query{Box: "0001", Within: "H42.15.03"}, "dossier-tail 2"},
		{pipeline.Query{Box: "0001", Within: "H42", Unit: "H42.15.03"}, "dossier-tail 2"},
		{pipeline.Query{Box: "0001", Within: "H42.15.03", Unit: "H42"}, "dossier-tail 2"},
		{pipeline.Query{Box: "221011", Within: "H42.15.03"}, "dossier-middle"},
		{pipeline.Query{Box: "035199000123", Class: "quyet-dinh"}, "citizen-whole 0"},
		{pipeline.Query{Box: "15/QĐ-UBND", Issued: "2023"}, "document-whole 1"},
		{pipeline.Query{Box: "QĐ-UBND", Batch: "dem-1", Issued: "2022-10"}, "document-tail 0"},
		{pipeline.Query{Box: "quyet dinh", Class: "quyet-dinh", Batch: "dem-1"}, "words-whole 1 0"},
		{pipeline.Query{Box: "quyet dinh", State: pipeline.Confirming}, "words-whole 4"},
		{pipeline.Query{Box: "quyet dinh", Class: "khong-co"}, "words-whole"},
	} {
		f, err := c.Find(t.Context(), q.Query)
		must(t, err)
		if got := exactly(f); got != q.want {
			t.Errorf("%+v found %q of %+v, want %q", q.Query, got, f.Meanings, q.want)
		}
	}
	finds(t, c, pipeline.Query{Class: "quyet-dinh"}, 4, 1, 0)
	finds(t, c, pipeline.Query{Batch: "dem-1"}, 1, 0)
	finds(t, c, pipeline.Query{Issued: "2023", Unit: "H42.15.03"}, 2)
	finds(t, c, pipeline.Query{Class: "quyet-dinh", Within: "H42", Number: "H42"}, 1, 0)
}

// testNear has a letter wrong, in the question or on the paper.
func testNear(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	shelf(t, c)
	for box, want := range map[string]string{
		"nguyễn":                 "3 2 0 ~4",
		"nguyen thi":             "2 0 ~4",
		`"nguyen thi hoa"`:       "2 0",
		"nguyem":                 "~4 ~3 ~2 ~0",
		"nguven van":             "~3",
		"giay phep xay dvng":     "~2",
		"giay phep xav dvng":     "", // two
		`"quyet djnh ve viec"`:   "~0",
		"ho tro chl phi":         "~0", // i and l, though the word is short
		"ho tro xhi phi":         "",
		"nguyen":                 "3 2 0 ~4",
		"ủy bam":                 "",
		"uy bain":                "~1 ~0",
		"163/2025/QĐ-CTUBMD":     "~4",
		"15/QĐ-UBMD":             "~3 ~1 ~0",
		"hoa":                    "4 2 1 0",
		"H42.15-221011-0001 ho":  "0",
		"quyet dinh thu hoi dat": "1",
	} {
		f, err := c.Find(t.Context(), pipeline.Query{Box: box, Meaning: "words-whole"})
		must(t, err)
		if got := nearly(f); got != want || f.Total != len(f.Hits) {
			t.Errorf("%q found %q of %d, want %q", box, got, f.Total, want)
		}
	}
	f, err := c.Find(t.Context(), pipeline.Query{Box: "giay phep xay dvng"})
	must(t, err)
	if marked := fmt.Sprint(f.Hits[0].Snippet); !strings.Contains(marked, "{dựng true}") {
		t.Errorf("the snippet %v does not mark what may have been meant", marked)
	}
	var pages []string
	q := pipeline.Query{Box: "nguyen thi", Limit: 1}
	for range 10 {
		f, err := c.Find(t.Context(), q)
		must(t, err)
		pages = append(pages, nearly(f))
		if f.Total != 3 || f.Near != 1 {
			t.Errorf("page %d says %d, %d of them near, want 3 and 1", len(pages), f.Total, f.Near)
		}
		if q.After = f.Next; f.Next == "" {
			break
		}
	}
	if got := strings.Join(pages, "|"); got != "2|0|~4" {
		t.Errorf("the pages hold %q", got)
	}
}

// nearly gives the numbers of the papers found, those with a letter wrong behind ~.
func nearly(f pipeline.Found) string {
	var all []string
	for _, h := range f.Hits {
		sign := ""
		if h.Near {
			sign = "~"
		}
		all = append(all, fmt.Sprintf("%s%d", sign, nth(h.Paper.ID)))
	}
	return strings.Join(all, " ")
}

// testPerhaps types numbers that nobody has, but for a digit.
func testPerhaps(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	shelf(t, c)
	for box, want := range map[string]string{
		"H42.15-221011-0003": "[H42.15-221011-0002 000.00.15.H42-221011-0001]",
		"H42.15-221101-0002": "[H42.15-221011-0002]",
		"035199000128":       "[035199000123]",
		"035199000132":       "[035199000123]",
		"161234569":          "[161234567]",
		"035199000777":       "[]",
		"035199000123":       "[]", // it is there
	} {
		f, err := c.Find(t.Context(), pipeline.Query{Box: box})
		must(t, err)
		if got := fmt.Sprint(f.Perhaps); got != want {
			t.Errorf("%q may be %v, want %v", box, got, want)
		}
	}
	f, err := c.Find(t.Context(), pipeline.Query{Box: "035199000128", Within: "G09"})
	must(t, err)
	if f.Perhaps != nil {
		t.Errorf("a number of another unit is told: %v", f.Perhaps)
	}
}

// testFacets counts what searches can be narrowed down by.
func testFacets(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	shelf(t, c)
	for _, q := range []struct {
		pipeline.Query
		want string
	}{
		{pipeline.Query{}, "unit H42.15:3 G09.20:1 H42.15.03:1; kind component:5; state recognized:4 confirming:1; class quyet-dinh:3 giay-phep:1; batch dem-1:2 dem-2:1; issued 2025:1 2023:2 2022:1"},
		{pipeline.Query{Within: "H42.15.03"}, "unit H42.15.03:1; kind component:1; state recognized:1; class giay-phep:1; batch dem-2:1; issued 2023:1"},
		{pipeline.Query{Box: "15/QĐ-UBND"}, "unit H42.15:2; kind component:2; state recognized:2; class quyet-dinh:2; batch dem-1:2; issued 2023:1 2022:1"},
		{pipeline.Query{Box: "15/QĐ-UBND", Issued: "2023"}, "unit H42.15:1; kind component:1; state recognized:1; class quyet-dinh:1; batch dem-1:1; issued 2023:1 2022:1"},
		{pipeline.Query{Unit: "H42.15.03"}, "unit H42.15:3 G09.20:1 H42.15.03:1; kind component:1; state recognized:1; class giay-phep:1; batch dem-2:1; issued 2023:1"},
		{pipeline.Query{Unit: "H42.15.03", Within: "H42"}, "unit H42.15:3 H42.15.03:1; kind component:1; state recognized:1; class giay-phep:1; batch dem-2:1; issued 2023:1"},
		{pipeline.Query{Box: "quyet", State: pipeline.Confirming}, "unit H42.15:1; kind component:1; state recognized:3 confirming:1; class quyet-dinh:1; batch; issued 2025:1"},
		{pipeline.Query{Box: "nguyem"}, "unit H42.15:2 G09.20:1 H42.15.03:1; kind component:4; state recognized:3 confirming:1; class quyet-dinh:2 giay-phep:1; batch dem-1:1 dem-2:1; issued 2025:1 2023:1 2022:1"},
		{pipeline.Query{Box: "0001"}, "unit H42.15:1 H42.15.03:1; kind component:2; state recognized:2; class giay-phep:1 quyet-dinh:1; batch dem-1:1 dem-2:1; issued 2023:1 2022:1"},
		{pipeline.Query{Box: "QĐ-UBND", Class: "khong-co"}, "unit; kind; state; class quyet-dinh:2; batch; issued"},
		{pipeline.Query{Number: "H42"}, "unit H42.15:2 H42.15.03:1; kind component:3; state recognized:3; class quyet-dinh:2 giay-phep:1; batch dem-1:2 dem-2:1; issued 2023:2 2022:1"},
	} {
		q.Facets = true
		f, err := c.Find(t.Context(), q.Query)
		must(t, err)
		if got := facetsIn(f); got != q.want {
			t.Errorf("%+v\n has %s\nwant %s", q.Query, got, q.want)
		}
	}
}

// facetsIn writes facets but for the days of receipt, which depend on today.
func facetsIn(f pipeline.Found) string {
	var all []string
	for _, facet := range f.Facets {
		if facet.Name == pipeline.ByReceived {
			continue
		}
		one := []string{string(facet.Name)}
		for _, v := range facet.Values {
			one = append(one, fmt.Sprintf("%s:%d", v.Value, v.Count))
		}
		all = append(all, strings.Join(one, " "))
	}
	return strings.Join(all, "; ")
}

// testFacetsOfDays counts by the day of receipt in Vietnam.
func testFacetsOfDays(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	now := time.Now()
	zone := time.FixedZone("ICT", 7*60*60)
	y, m, d := now.In(zone).Date()
	at := func(y int, m time.Month, d, hour int) time.Time { return time.Date(y, m, d, hour, 0, 0, 0, zone) }
	for i, when := range []time.Time{at(y, m, d, 0), at(y, m, d, 23), at(y, m, d-3, 12), at(y, m, d-20, 12), at(y-2, 1, 1, 0), at(y-3, 12, 31, 23), at(y-30, 5, 5, 5)} {
		p := Paper(i)
		p.Received = when
		receive(t, c, p)
	}
	f, err := c.Find(t.Context(), pipeline.Query{Facets: true})
	must(t, err)
	got := map[string]int{}
	for _, facet := range f.Facets {
		for _, v := range facet.Values {
			if facet.Name != pipeline.ByReceived {
				continue
			}
			got[v.Value] = v.Count
			from, err := time.ParseInLocation(time.DateOnly, string(v.From), zone)
			must(t, err)
			to, err := time.ParseInLocation(time.DateOnly, string(v.To), zone)
			must(t, err)
			// The days, set as a filter, find what was counted.
			again, err := c.Find(t.Context(), pipeline.Query{From: from, To: to.AddDate(0, 0, 1)})
			must(t, err)
			if again.Total != v.Count {
				t.Errorf("%s is %s to %s, which finds %d, but %d were counted", v.Value, v.From, v.To, again.Total, v.Count)
			}
		}
	}
	for name, want := range map[string]int{"today": 2, "week": 3, "month": 4, fmt.Sprint(y - 2): 1, fmt.Sprint(y - 3): 1} {
		if got[name] != want {
			t.Errorf("%s has %d, want %d", name, got[name], want)
		}
	}
}

// testMarks finds the words of a question among those of a page.
func testMarks(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	page := strings.Fields("Số: 15/QĐ-UBND Ông Nguyễn Văn Hoà, thường trú tại xã Gia Viễn. Nguyên Văn Hoa")
	for box, want := range map[string]string{
		"hòa":              "Hoà, Hoa",
		`"nguyen van"`:     "Nguyễn_Văn Nguyên_Văn",
		"15/qd-ubnd":       "15/QĐ-UBND",
		"ubnd":             "15/QĐ-UBND",
		"nguyem":           "~Nguyễn ~Nguyên",
		`"gja vien"`:       "",
		`"gxx vien"`:       "",
		`"gia vlen"`:       "~Gia_Viễn.",
		"gia thuong":       "thường Gia",
		"":                 "",
		"?":                "",
		`"hoa thuong tru"`: "Hoà,_thường_trú",
	} {
		var got []string
		for _, s := range c.Marks(pipeline.Query{Box: box}, page) {
			sign := ""
			if s.Near {
				sign = "~"
			}
			got = append(got, sign+strings.Join(page[s.First:s.Last+1], "_"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q marks %q, want %q", box, got, want)
		}
	}
}

// testKept keeps searches of two accounts.
func testKept(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	keep := func(account, id, name, asked string, at int) error {
		return c.Keep(ctx, account, pipeline.Kept{ID: id, Name: name, Asked: asked, Time: Start().Add(time.Duration(at) * time.Second)})
	}
	names := func(account string) (all []string) {
		kept, err := c.Kept(ctx, account)
		must(t, err)
		for _, k := range kept {
			all = append(all, k.ID+"="+k.Name+"="+k.Asked)
		}
		return all
	}
	must(t, keep("lan", "a", "  việc   của tôi ", `{"box":"x"}`, 1))
	must(t, keep("lan", "b", "mới", "\x00", 2))
	must(t, keep("minh", "a", "của Minh", "", 3))
	same(t, []string{"b=mới=\ufffd", `a=việc của tôi={"box":"x"}`}, names("lan"))
	must(t, c.RenameKept(ctx, "lan", "a", "đổi tên"))
	must(t, c.DropKept(ctx, "lan", "b"))
	same(t, []string{`a=đổi tên={"box":"x"}`}, names("lan"))
	same(t, []string{"a=của Minh="}, names("minh"))
	same(t, []string(nil), names("nobody"))
	for _, err := range []error{
		c.RenameKept(ctx, "lan", "b", "x"), c.DropKept(ctx, "lan", "b"), c.DropKept(ctx, "nobody", "a"), c.DropKept(ctx, "lan", "\x00"),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("changing what is not there gave %v", err)
		}
	}
	for _, err := range []error{keep("lan", "c", " ", "", 4), keep("lan", "c", strings.Repeat("ă", 81), "", 4), c.RenameKept(ctx, "lan", "a", "")} {
		if _, refused := pipeline.AsRefusal(err); !refused {
			t.Errorf("a bad name gave %v, want a Refusal", err)
		}
	}
	if err := keep("lan", "a", "a second one of this ID", "", 4); err == nil {
		t.Error("an ID is given twice")
	}
	for i := range 99 {
		must(t, keep("lan", fmt.Sprint(i), "thêm", "", 5))
	}
	if _, refused := pipeline.AsRefusal(keep("lan", "last", "một nữa", "", 6)); !refused {
		t.Error("an account may keep more than 100 searches")
	}
}
