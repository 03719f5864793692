package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// calendar is a catalog's calendar at a moment.
type calendar struct {
	pipeline.Calendar

	now time.Time
}

func (c calendar) Renewals(context.Context) (pipeline.Renewals, error) {
	return c.At(c.now, 90*24*time.Hour), nil
}

func withRenewals(o *web.Options) {
	c := pipeline.Calendar{Missing: 3, Months: []pipeline.Month{{Month: "2034-02", Records: 2}, {Month: "2034-04", Records: 1200}}}
	for i := range 14 {
		c.Months = append(c.Months, pipeline.Month{Month: fmt.Sprintf("%d-09", 2034+i), Records: int64(i + 1)})
	}
	o.Renewals = calendar{c, time.Date(2034, 3, 1, 8, 0, 0, 0, time.UTC)}
}

// TestStatusTellsOfRenewals: what is due and overdue stands out, a page stays short, and
// where nothing is renewed nothing is said of it.
func TestStatusTellsOfRenewals(t *testing.T) {
	t.Parallel()
	b := newBench(t, withRenewals)
	b.account(t, "lan", gate.Clerk, "H42.15")
	lan := b.enter(t, "lan")
	page := lan.get("/status").body
	for _, want := range []string{
		`<span class="chip bad">2 quá hạn</span>`, `<span class="chip wait">1.205 đến hạn</span>`, "3 bản ký còn chờ",
		`tháng 02/2034</th><td><span class="chip bad">quá hạn</span></td><td class="n">2</td>`,
		`tháng 04/2034</th><td><span class="chip wait">đến hạn</span></td><td class="n">1.200</td>`,
		`tháng 09/2034</th><td></td><td class="n">1</td>`,
		`các tháng sau</th><td></td><td class="n">50</td>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	said := decode[struct{ Renewals *pipeline.Renewals }](t, lan.get("/api/v1/status"))
	if r := said.Renewals; r == nil || r.Due != 1205 || r.Missing != 3 || r.Overdue != 2 || r.Soon != 1 || len(r.Months) != 16 || r.Months[0].Urgency != pipeline.Overdue {
		t.Errorf("the API says %+v", r)
	}
	b = newBench(t)
	b.account(t, "lan", gate.Clerk, "H42.15")
	lan = b.enter(t, "lan")
	if strings.Contains(lan.get("/status").body, "Gia hạn") || strings.Contains(lan.get("/api/v1/status").body, "renewals") {
		t.Error("renewals are told of that nobody makes")
	}
}
