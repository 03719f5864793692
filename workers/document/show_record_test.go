package document_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
	"hoso/workers/document"
)

// record composes a PDF/A of one A4 page, a letter with its text as bars from so far down,
// and tells what was read of it.
func record(t *testing.T, top float64) (string, func(context.Context) (document.Sight, error)) {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 1240, 1754))
	draw.Draw(picture, picture.Rect, image.NewUniform(color.Gray{Y: 247}), image.Point{}, draw.Src)
	page := pipeline.Page{Number: 1, Width: 1240, Height: 1754, WidthPt: 595.276, HeightPt: 841.89}
	for _, bar := range letter(595.276, 841.89) {
		if bar.Y0 < top {
			continue
		}
		k := 1240 / 595.276
		at := image.Rect(int(bar.X0*k), int(bar.Y0*k), int(bar.X1*k), int(bar.Y1*k))
		draw.Draw(picture, at, image.Black, image.Point{}, draw.Src)
		page.Lines = append(page.Lines, pipeline.Line{Words: []pipeline.Word{{
			Text: "chữ", Box: pipeline.Box{X0: at.Min.X, Y0: at.Min.Y, X1: at.Max.X, Y1: at.Max.Y},
		}}})
	}
	var stream bytes.Buffer
	if err := jpeg.Encode(&stream, picture, nil); err != nil {
		t.Fatal(err)
	}
	page.Image = pipeline.Image{
		Filter: pipeline.DCT, Width: 1240, Height: 1754, Bits: 8, Color: pipeline.RGB,
		Digest: pipeline.Sum(stream.Bytes()), Size: int64(stream.Len()),
	}
	path := filepath.Join(t.TempDir(), "record.pdf")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := compose.NewWriter(out, compose.Meta{Title: "Giấy tờ", ID: "1", Created: signedAt, Lang: "vi", Producer: "hoso"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AddPage(page, &stream); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path, func(context.Context) (document.Sight, error) {
		return document.Sight{Page: &page, Picture: picture}, nil
	}
}

// seal draws a seal of 36 mm at 600 dpi as a PNG that says so.
func seal(t *testing.T) *appearance.Image {
	t.Helper()
	const side = 850
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			far := (x-side/2)*(x-side/2) + (y-side/2)*(y-side/2)
			for _, ring := range [][2]int{{400, 420}, {280, 290}, {0, 60}} {
				if far >= ring[0]*ring[0] && far <= ring[1]*ring[1] {
					m.SetNRGBA(x, y, color.NRGBA{R: 210, G: 20, B: 30, A: 230})
				}
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if _, err := appearance.ReadSeal(b.Bytes()); err == nil {
		t.Error("a seal of no known size was taken")
	}
	body := []byte("pHYs\x00\x00\x5c\x46\x00\x00\x5c\x46\x01") // 23,622 pixels a metre
	chunk := append(binary.BigEndian.AppendUint32(nil, 9), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	file := append(append(bytes.Clone(b.Bytes()[:33]), chunk...), b.Bytes()[33:]...)
	s, err := appearance.ReadSeal(file)
	if err != nil {
		t.Fatal(err)
	}
	if s.WidthPt < 101.9 || s.WidthPt > 102.1 || s.Width > 426 {
		t.Errorf("the seal is %g points wide and has %d pixels, want 102 and 425", s.WidthPt, s.Width)
	}
	return s
}

// TestShownRecordIsAccepted has strangers judge records with signatures of all looks.
func TestShownRecordIsAccepted(t *testing.T) {
	t.Parallel()
	o := office{signtest.New(t, time.Now()), sign.Identity{}, time.Now()}
	o.id = o.Identity(t, signtest.Key(t), nil)
	path, see := record(t, 0)
	open, seeOpen := record(t, 140)
	long := look(t, "copy")
	long.Facts.Agency = longAgency
	red := look(t, "incoming")
	red.Facts.Seal = seal(t)
	for name, looks := range map[string][]document.Look{
		"officer": {look(t, "officer")}, "copy": {look(t, "copy")}, "long": {long}, "no place for a seal": {red},
		"both": {look(t, "officer"), look(t, "copy")}, "sealed": {look(t, "officer"), red},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, see := path, see
			if name == "sealed" {
				from, see = open, seeOpen
			}
			for i, l := range looks {
				to := filepath.Join(t.TempDir(), fmt.Sprint(i, ".pdf"))
				s := o.show(t, from, to, l, see)
				t.Logf("%d bytes more: %+v", size(t, to)-size(t, from), s)
				if s.Place != "corner" {
					t.Errorf("it shows at %+v", s)
				}
				from = to
			}
			if red := reds(t, from); (red > 0) != (name == "sealed") {
				t.Errorf("%d pixels are red", red)
			}
			accepted(t, from, o, len(looks))
		})
	}
}

// reds counts the red pixels of page 1.
func reds(t *testing.T, path string) int {
	t.Helper()
	m := renderedColour(t, path, 100)
	n := 0
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			if r, g, _, _ := m.At(x, y).RGBA(); r > 2*g+0x2000 {
				n++
			}
		}
	}
	return n
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func accepted(t *testing.T, path string, o office, signatures int) {
	t.Helper()
	if v := judge.VeraPDF(t, path); !v.Compliant {
		t.Errorf("veraPDF: %+v", v.Failures)
	}
	if said := judge.QPDF(t, path); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	embedded(t, path)
	root := o.RootFile(t)
	dss, hanko, poppler := judge.DSS(t, path, root), judge.PyHanko(t, path, root), judge.PDFSig(t, path)
	if len(dss) != signatures || len(hanko) != signatures || len(poppler) != signatures {
		t.Fatalf("DSS sees %d, pyHanko %d and pdfsig %d signatures, want %d", len(dss), len(hanko), len(poppler), signatures)
	}
	for i := range signatures {
		if !dss[i].Intact || !dss[i].Valid || dss[i].IndicationWithoutRevocation != "TOTAL_PASSED" {
			t.Errorf("DSS: %+v", dss[i])
		}
		if !hanko[i].BottomLine || !poppler[i].Valid {
			t.Errorf("pyHanko: %+v, pdfsig: %+v", hanko[i], poppler[i])
		}
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	report, err := sign.Verify(t.Context(), in, size(t, path), sign.Trust{Roots: o.Roots()})
	if err != nil || report.Verdict != sign.Valid {
		t.Errorf("verdict = %v, %v, want valid", report.Verdict, err)
	}
}

// embedded wants every font that shows to be in the file, cut down, and to say what it means.
func embedded(t *testing.T, path string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "pdffonts", path).CombinedOutput()
	rows := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(rows) < 3 || !strings.Contains(string(out), "+LiberationSerif") {
		t.Fatalf("pdffonts: %v\n%s", err, out)
	}
	for _, row := range rows[2:] {
		if strings.Contains(row, "LiberationSerif") && strings.Count(row, "yes") != 3 { // embedded, a subset, with Unicode
			t.Errorf("pdffonts: %s", row)
		}
	}
}

// TestCopyShowsTheSame composes copies of records with signatures of all looks: the page
// says and shows what the record's does.
func TestCopyShowsTheSame(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	red := look(t, "incoming")
	red.Facts.Seal = seal(t)
	path, see := record(t, 140)
	for name, looks := range map[string][]document.Look{
		"both": {look(t, "officer"), look(t, "copy")}, "sealed": {look(t, "officer"), red}, "none": {look(t, appearance.None)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, shown := path, pipeline.Shown{}
			for i, l := range looks {
				to := filepath.Join(t.TempDir(), fmt.Sprint(i, ".pdf"))
				if l.Profile.IsZero() {
					q := sign.Request{Identity: o.id, Timestamper: o.Stamper(), Time: o.at}
					if _, err := document.Sign(t.Context(), from, to, q); err != nil {
						t.Fatal(err)
					}
				} else {
					shown = o.show(t, from, to, l, see)
				}
				from = to
			}
			light := copied(t, from, see)
			if v := judge.VeraPDF(t, light); !v.Compliant {
				t.Errorf("veraPDF: %+v", v.Failures)
			}
			if said := judge.QPDF(t, light); said != "" {
				t.Errorf("qpdf: %s", said)
			}
			if got, want := judge.PDFToText(t, light), judge.PDFToText(t, from); got != want {
				t.Errorf("the copy says\n%s\nthe record\n%s", got, want)
			}
			alikeIn(t, rendered(t, from, shownDPI), rendered(t, light, shownDPI), shown.Frame)
		})
	}
}

// copied composes the access copy of a record, in which the page is one picture.
func copied(t *testing.T, record string, see func(context.Context) (document.Sight, error)) string {
	t.Helper()
	known, err := see(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var stream bytes.Buffer
	if err := jpeg.Encode(&stream, known.Picture, nil); err != nil {
		t.Fatal(err)
	}
	meta := compose.Meta{Title: "Giấy tờ", ID: "light", Created: signedAt, Lang: "vi", Producer: "hoso"}
	if meta.Copy, err = document.CopyOf(t.Context(), record, pipeline.Sum(nil)); err != nil || !meta.Copy.Signed {
		t.Fatal(meta.Copy.Signed, err)
	}
	path := filepath.Join(t.TempDir(), "light.pdf")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := compose.NewWriter(out, meta)
	if err != nil {
		t.Fatal(err)
	}
	whole := pipeline.Layer{Image: known.Page.Image, Place: pipeline.Place{X1: 1, Y1: 1}}
	err = w.AddLight(*known.Page, pipeline.Light{Layers: []pipeline.Layer{whole}}, &stream)
	if err = errors.Join(err, w.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// alikeIn wants two pictures to be about the same within a frame.
func alikeIn(t *testing.T, a, b *image.Gray, f pipeline.Frame) {
	t.Helper()
	differ := 0
	for y := int(f.Y0); y < int(f.Y1); y++ {
		for x := int(f.X0); x < int(f.X1); x++ {
			if d := int(a.GrayAt(x, y).Y) - int(b.GrayAt(x, y).Y); max(d, -d) > 40 {
				differ++
			}
		}
	}
	if all := (f.X1 - f.X0) * (f.Y1 - f.Y0); float64(differ) > all/50 {
		t.Errorf("%d of %.0f points differ in %v", differ, all, f)
	}
}

// TestShowIsSmallAndTheSameTwice prepares a signature, which waits as JSON for a key.
func TestShowIsSmallAndTheSameTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path, see := record(t, 0)
	l := look(t, "copy")
	l.Facts.Agency = longAgency
	var made [2]*sign.Prepared
	for i := range made {
		q, err := document.Show(t.Context(), path, sign.Request{Identity: o.id, Time: signedAt}, l, see)
		if err != nil {
			t.Fatal(err)
		}
		if made[i], err = document.Prepare(t.Context(), path, q); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(made[0], made[1]) {
		t.Error("the same signature is prepared in two ways")
	}
	waiting, err := json.Marshal(made[0])
	if err != nil {
		t.Fatal(err)
	}
	plain, err := document.Prepare(t.Context(), path, sign.Request{Identity: o.id, Time: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	more := len(made[0].Before) + len(made[0].After) - len(plain.Before) - len(plain.After)
	t.Logf("%d bytes more in the file, %d of JSON", more, len(waiting))
	if more > 20<<10 || len(waiting) > 64<<10 {
		t.Errorf("a signature that shows takes %d bytes more, and waits as %d", more, len(waiting))
	}
}

// TestShowKeepsOffWhatItDoesNotKnow has pages of which too little is known, or on which
// there is no place: they are signed, and nothing shows.
func TestShowKeepsOffWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path, see := record(t, 0)
	known, err := see(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stained := image.NewRGBA(known.Picture.Bounds())
	draw.Draw(stained, stained.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(stained, image.Rect(900, 30, 1000, 60), image.Black, image.Point{}, draw.Src)
	crowded := *known.Page
	crowded.Lines = []pipeline.Line{{Words: []pipeline.Word{{Text: "x", Box: pipeline.Box{X1: 1240, Y1: 1754}}}}}
	for name, c := range map[string]struct {
		sight document.Sight
		place string
	}{
		"known":                       {known, "corner"},
		"no words, a bare corner":     {document.Sight{Picture: known.Picture}, "corner"},
		"no words, ink in the corner": {document.Sight{Picture: stained}, ""},
		"nothing":                     {document.Sight{}, ""},
		"no picture":                  {document.Sight{Page: known.Page}, "corner"},
		"words everywhere":            {document.Sight{Page: &crowded, Picture: known.Picture}, ""},
	} {
		q, err := document.Show(t.Context(), path, sign.Request{Identity: o.id, Time: signedAt}, look(t, "copy"),
			func(context.Context) (document.Sight, error) { return c.sight, nil })
		if err != nil {
			t.Fatal(err)
		}
		if q.Shown.Place != c.place || (q.Appearance == nil) != (c.place == "") || (q.Shown.Why == "") != (c.place != "") {
			t.Errorf("%s: %+v, want the place %q", name, *q.Shown, c.place)
		}
	}
}

// TestShowNone shows nothing, and looks at nothing.
func TestShowNone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	q, err := document.Show(t.Context(), "nowhere", sign.Request{Identity: o.id, Time: signedAt}, look(t, appearance.None), nil)
	if err != nil || q.Appearance != nil || q.Shown != nil {
		t.Errorf("request = %+v, %v", q, err)
	}
}

// TestShowDemo says on the page, too, that a demonstration's signature is worth nothing.
func TestShowDemo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.id.Demo = true
	path, see := record(t, 0)
	to := path + ".signed.pdf"
	o.show(t, path, to, look(t, "copy"), see)
	if text := judge.PDFToText(t, to); !strings.Contains(text, "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ") {
		t.Errorf("the page says %q", text)
	}
}
