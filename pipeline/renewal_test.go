package pipeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
)

func TestCalendarAt(t *testing.T) {
	t.Parallel()
	c := pipeline.Calendar{Missing: 2, Months: []pipeline.Month{
		{Month: "2034-01", Records: 1},
		{Month: "2034-03", Records: 4},
		{Month: "2034-06", Records: 8},
		{Month: "2034-07", Records: 16},
		{Month: "2035-03", Records: 32},
		{Month: "2035-04", Records: 64},
	}}
	now := time.Date(2034, 3, 20, 0, 0, 0, 0, time.UTC)
	got := c.At(now, 90*24*time.Hour)
	want := pipeline.Renewals{Due: 2 + 1 + 4 + 8, Missing: 2, Overdue: 1, Soon: 16 + 32, Months: []pipeline.Month{
		{Month: "2034-01", Records: 1, Urgency: pipeline.Overdue},
		{Month: "2034-03", Records: 4, Urgency: pipeline.Due},
		{Month: "2034-06", Records: 8, Urgency: pipeline.Due},
		{Month: "2034-07", Records: 16},
		{Month: "2035-03", Records: 32},
		{Month: "2035-04", Records: 64},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if next := got.Next(); next.Month != "2034-07" || next.Records != 16 {
		t.Errorf("next = %+v", next)
	}
	if next := (pipeline.Calendar{}).At(now, 0).Next(); next.Records != 0 {
		t.Errorf("next of nothing = %+v", next)
	}
	if got := c.At(now, 3*365*24*time.Hour); got.Soon != 0 || got.Due != 127 {
		t.Errorf("renewed three years before: %+v", got)
	}
}
