package main_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/testdata/judge"
)

// bothShown is the text of page 1 that an officer and an agency have signed, by the order
// of its lines.
var bothShown = regexp.MustCompile(`(?s)Người số hóa: Trần Thị Lan.*Thời gian sao chụp: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00`)

// TestDeskSignShows: an officer signs, then the agency, and both show on page 1, each in
// its corner and over nothing; the access copy shows the same, and nobody finds fault.
func TestDeskSignShows(t *testing.T) {
	t.Parallel()
	o := newDeskOffice(t, "[officer, agency]", "HOSO_ACCESS_COPY=yes", "HOSO_AGENCY_NAME=UBND xã Thử Nghiệm")
	token := o.hires("lan", "H42.15")
	id := o.toSign(1)[0]
	if said, code := o.signs(token, "--p12", o.ca.officerFile(t, "Trần Thị Lan"), "--all", "--yes"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	o.settle()
	p := o.is(id, pipeline.Filed, 1)
	all := p.Sealed.Signers()
	if len(all) != 2 || all[0].Shown == nil || all[1].Shown == nil {
		t.Fatalf("signed by %+v", all)
	}
	officer, agency := *all[0].Shown, *all[1].Shown
	if officer.Page != 1 || agency.Page != 1 || officer.Covers+agency.Covers > 0 || officer.Frame.X1 > agency.Frame.X0 {
		t.Errorf("the officer's shows as %+v, the agency's as %+v", officer, agency)
	}
	dir := t.TempDir()
	record, light := filepath.Join(dir, "record.pdf"), filepath.Join(dir, "light.pdf")
	if out, code := o.hoso("get", string(id), "-o", record); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	text := judge.PDFToText(t, record, "-layout", "-l", "1")
	if !bothShown.MatchString(text) || !strings.Contains(text, "SAO Y") || !strings.Contains(text, "UBND xã Thử Nghiệm") {
		t.Errorf("page 1 says\n%.1500s", text)
	}
	if v := judge.VeraPDF(t, record); !v.Compliant {
		t.Errorf("veraPDF: %+v", v)
	}
	// Nothing lies below what the agency's signature shows, and hoso knows that.
	if out, code := o.hoso("verify", "--json", string(id)); code != 0 || strings.Contains(out, "visible-later") {
		t.Errorf("verify: exit %d\n%s", code, out)
	}
	o.getsLight(string(id), light)
	lightIsHonest(t, light, record, p.Pages)
}
