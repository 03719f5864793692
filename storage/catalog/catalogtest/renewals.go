package catalogtest

import (
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// testRenewals: records are due by when their proof ends, then those that lack something,
// the newest first: what was lacking for years may never be had, and must hold up nothing
// that a day is set for. What is not filed, has no record, or came signed and was not wrapped never is.
func testRenewals(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	day := time.Date(2034, 3, 5, 7, 0, 0, 0, time.UTC)
	var ids []pipeline.PaperID
	for i, by := range []time.Time{day.AddDate(0, 2, 0), day, {}, day.AddDate(0, 0, 1), day, day, day, day.AddDate(0, 0, 2), {}} {
		p := receive(t, c, Paper(i))
		p.State, p.Record = pipeline.Filed, pipeline.Sum([]byte{byte(i)})
		p.Sealed.RenewBy = by
		switch i {
		case 4:
			p.State = pipeline.Recognized
		case 5:
			p.Signed = true
		case 6:
			p.Record = pipeline.Digest{}
		case 7:
			p.Signed, p.Wraps = true, p.Original
		}
		commit(t, c, catalog.Move{Paper: p})
		ids = append(ids, p.ID)
	}
	for _, want := range []struct {
		before      time.Time
		skip, limit int
		ids         []pipeline.PaperID
	}{
		{day, 0, 10, []pipeline.PaperID{ids[8], ids[2]}},
		{day.AddDate(1, 0, 0), 0, 10, []pipeline.PaperID{ids[1], ids[3], ids[7], ids[0], ids[8], ids[2]}},
		{day.AddDate(1, 0, 0), 1, 2, []pipeline.PaperID{ids[3], ids[7]}},
	} {
		due, err := c.Due(ctx, want.before, want.skip, want.limit)
		must(t, err)
		var got []pipeline.PaperID
		for _, d := range due {
			if d.Lane != pipeline.Upkeep || d.Gen != 2 {
				t.Errorf("due: %+v", d)
			}
			got = append(got, d.ID)
		}
		same(t, want.ids, got)
	}
	calendar, err := c.Calendar(ctx)
	must(t, err)
	same(t, pipeline.Calendar{Missing: 2, Months: []pipeline.Month{{Month: "2034-03", Records: 3}, {Month: "2034-05", Records: 1}}}, calendar)
	if due := calendar.Due(day); due != 5 {
		t.Errorf("%d records are due in March, want 5", due)
	}
}
