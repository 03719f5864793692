package sign_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"hoso/pipeline/sign"
	"hoso/testdata/judge"
)

const (
	evil     = "0 0 m 99 99 l n"
	evilPage = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 90 0 R >>"
)

// prepared composes a file whose catalog, page and further objects an attacker chose
// before it was signed.
func prepared(catalog, page string, more map[int]string) []byte {
	w := newWriter("1.7")
	w.object(1, "<< /Type /Catalog /Pages 2 0 R "+catalog+" >>")
	w.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	w.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> "+page+" >>")
	w.object(4, stream("", "0 0 m 10 10 l n"))
	for n := 5; n < 5+len(more); n++ {
		w.object(n, more[n])
	}
	return w.table(5 + len(more))
}

// newest gives the dictionary that a signed file holds last under a number, cut open so
// that entries can be appended.
func newest(t testing.TB, file []byte, number int) string {
	t.Helper()
	head := fmt.Sprintf("\n%d 0 obj\n", number)
	i := bytes.LastIndex(file, []byte(head))
	if i < 0 {
		t.Fatalf("no object %d", number)
	}
	body, _, _ := bytes.Cut(file[i+len(head):], []byte("endobj"))
	return strings.TrimSuffix(strings.TrimSpace(string(body)), ">>")
}

// attack is a file made to be changed after it was signed, and the change.
type attack struct {
	catalog, page string
	more          map[int]string
	change        func(signed []byte) []byte
}

// replaced appends a revision with these objects.
func replaced(t *testing.T, objects map[int]string) func([]byte) []byte {
	t.Helper()
	return func(file []byte) []byte { return revise(t, file, objects) }
}

// shadows are the attacks that hide, replace, or hide and replace (Mainka, Mladenov,
// Rohlmann: Shadow Attacks, NDSS 2021), and their kin: what the revision uses for two
// purposes, of which one may change.
func shadows(t *testing.T) map[string]attack {
	t.Helper()
	contents := "/Contents 4 0 R"
	return map[string]attack{
		"content that is metadata, too": {"/Metadata 4 0 R", contents, nil, replaced(t, map[int]string{4: stream("/Type /Metadata /Subtype /XML", evil)})},
		"content that is validation data, too": {
			"/DSS << /Certs 4 0 R >>", contents, nil, replaced(t, map[int]string{4: stream("", evil)}),
		},
		"page that is a store, too": {"/DSS 3 0 R", contents, nil, replaced(t, map[int]string{3: evilPage, 90: stream("", evil)})},
		"array of contents": {
			"", "/Contents 5 0 R",
			map[int]string{5: "[4 0 R]"},
			replaced(t, map[int]string{5: "[4 0 R 90 0 R]", 90: stream("/FT /Sig /V 91 0 R", evil), 91: "<< /Type /Sig >>"}),
		},
		"array of pages": {
			"", contents,
			map[int]string{5: "[3 0 R]"},
			func(file []byte) []byte {
				return revise(t, file, map[int]string{2: "<< /Type /Pages /Kids 5 0 R /Count 1 >>", 5: "[3 0 R 90 0 R]", 90: evilPage})
			},
		},
		"object that was missing": {"", "/Contents [4 0 R 90 0 R]", nil, replaced(t, map[int]string{90: stream("", evil)})},
		"annotation that was missing": {
			"", contents + " /Annots [90 0 R]", nil,
			replaced(t, map[int]string{90: "<< /Type /Annot /Subtype /FreeText /Contents (evil) /DA (/F 9 Tf) /Rect [0 0 500 500] >>"}),
		},
		"layer switched on": {
			"/OCProperties 5 0 R", contents,
			map[int]string{5: "<< /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>", 6: "<< /Type /OCG /Name (x) >>"},
			replaced(t, map[int]string{5: "<< /OCGs [6 0 R] /D << /ON [6 0 R] >> >>"}),
		},
		"font exchanged": {
			"", contents,
			map[int]string{5: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"},
			replaced(t, map[int]string{5: "<< /Type /Font /Subtype /Type3 /BaseFont /Helvetica >>"}),
		},
		"value of a field": {
			"/AcroForm << /Fields [5 0 R] >>", contents + " /Annots [5 0 R]",
			map[int]string{5: "<< /Type /Annot /Subtype /Widget /FT /Tx /T (sum) /V (100) /Rect [0 0 90 20] >>"},
			replaced(t, map[int]string{5: "<< /Type /Annot /Subtype /Widget /FT /Tx /T (sum) /V (900) /Rect [0 0 90 20] >>"}),
		},
		"look of an empty field": {
			"/AcroForm << /Fields [5 0 R] >>", contents + " /Annots [5 0 R]",
			map[int]string{5: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (empty) /Rect [0 0 500 500] >>"},
			replaced(t, map[int]string{
				5:  "<< /Type /Annot /Subtype /Widget /FT /Sig /T (empty) /Rect [0 0 500 500] /AP << /N 90 0 R >> >>",
				90: stream("/Type /XObject /Subtype /Form /BBox [0 0 500 500]", evil),
			}),
		},
		"number written otherwise": {
			"", contents, map[int]string{5: "<< /A 500 >>"}, replaced(t, map[int]string{5: "<< /A 5e2 >>"}),
		},
		"font of the form": {
			"/AcroForm 5 0 R", contents,
			map[int]string{5: "<< /Fields [] /DR << /Font << /F 6 0 R >> >> /DA (/F 9 Tf) >>", 6: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"},
			func(file []byte) []byte {
				return revise(t, file, map[int]string{5: strings.Replace(newest(t, file, 5), "6 0 R", "90 0 R", 1) + ">>", 90: "<< /Type /Font /Subtype /Type3 >>"})
			},
		},
		"metadata that is content": {"", contents, nil, func(file []byte) []byte {
			return revise(t, file, map[int]string{1: newest(t, file, 1) + "/Metadata 4 0 R >>", 4: stream("/Type /Metadata", evil)})
		}},
		"names": {
			"/Names 5 0 R", contents,
			map[int]string{5: "<< >>"},
			replaced(t, map[int]string{5: "<< /JavaScript << /Names [(a) 90 0 R] >> >>", 90: "<< /S /JavaScript /JS (evil) >>"}),
		},
		"default look of fields": {
			"/AcroForm 5 0 R", contents,
			map[int]string{5: "<< /Fields [] /NeedAppearances true /DA (/F 9 Tf 0 g) >>"},
			func(file []byte) []byte {
				return revise(t, file, map[int]string{5: strings.Replace(newest(t, file, 5), "0 g", "1 g", 1) + ">>"})
			},
		},
	}
}

// later are changes that need no preparation.
func later(t *testing.T) map[string]attack {
	t.Helper()
	contents := "/Contents 4 0 R"
	widget := "<< /Type /Annot /Subtype /Widget /FT /Sig /T (later) /Rect [0 0 500 500] /AP << /N 91 0 R >> "
	form := stream("/Type /XObject /Subtype /Form /BBox [0 0 500 500]", evil)
	annotated := func(more map[int]string, entry string) func([]byte) []byte {
		return func(file []byte) []byte {
			objects := map[int]string{3: strings.Replace(newest(t, file, 3), " 0 R]", " 0 R 90 0 R]", 1) + ">>", 90: entry}
			maps.Copy(objects, more)
			return revise(t, file, objects)
		}
	}
	return map[string]attack{
		"a key that comes twice": {"", contents, nil, func(file []byte) []byte {
			return revise(t, file, map[int]string{3: newest(t, file, 3) + " /Contents 90 0 R >>", 90: stream("", evil)})
		}},
		"unsigned field that shows something":    {"", contents, nil, annotated(map[int]string{91: form}, widget+">>")},
		"field outside of the form":              {"", contents, nil, annotated(map[int]string{91: form, 92: "<< /Type /Sig >>"}, widget+"/V 92 0 R >>")},
		"unsigned field with a coloured ground":  {"", contents, nil, annotated(nil, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (later) /Rect [0 0 500 500] /MK << /BG [1 1 1] >> >>")},
		"field with a script":                    {"", contents, nil, annotated(nil, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (later) /Rect [0 0 0 0] /AA << /PO << /S /JavaScript /JS (evil) >> >> >>")},
		"text field whose parent is a signature": {"", contents, nil, annotated(map[int]string{91: form, 93: "<< /FT /Sig >>"}, "<< /Type /Annot /Subtype /Widget /Parent 93 0 R /FT /Tx /AP << /N 91 0 R >> /Rect [0 0 500 500] >>")},
		"other generation": {"", contents, nil, func(file []byte) []byte {
			return bytes.Replace(revise(t, file, map[int]string{2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"}),
				[]byte(" 00000 n \ntrailer\n<< /Size 100"), []byte(" 00007 n \ntrailer\n<< /Size 100"), 1)
		}},
	}
}

func TestVerifyTellsPreparedChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	root := l.pki.rootFile(t)
	for _, family := range []map[string]attack{shadows(t), later(t), differentials(t)} {
		for name, a := range family {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				file, _ := signed(t, prepared(a.catalog, a.page, a.more), l.request)
				want(t, file, l.pki, sign.Valid, "revocation-unknown")
				changed := a.change(file)
				want(t, changed, l.pki, sign.Changed, "changed-later")
				path := save(t, "changed.pdf", changed)
				t.Logf("| %s | %v | %v |", name, judge.HankoBelieves(t, path, root), judge.DSSBelieves(t, path, root))
			})
		}
	}
}

// differentials are changes that some readers see and others do not.
func differentials(t *testing.T) map[string]attack {
	t.Helper()
	contents := "/Contents 4 0 R"
	return map[string]attack{
		"an object that no cross-reference names": {"", contents, nil, func(file []byte) []byte {
			return revise(t, append(bytes.Clone(file), "4 0 obj\n"+stream("", evil)+"\nendobj\n"...), map[int]string{60: "<< >>"})
		}},
		"an object behind a comment": {"", contents, nil, func(file []byte) []byte {
			return revise(t, append(bytes.Clone(file), "4 0 % 1\nobj\n"+stream("", evil)+"\nendobj\n"...), map[int]string{60: "<< >>"})
		}},
		"a trailer that no cross-reference names": {"", contents, nil, func(file []byte) []byte {
			return revise(t, append(bytes.Clone(file), "trailer\n<< /Root 61 0 R /Size 100 >>\n"...), map[int]string{60: "<< >>", 61: "<< /Type /Catalog /Pages 62 0 R >>"})
		}},
		"a revision that is not finished": {"", contents, nil, func(file []byte) []byte {
			return append(bytes.Clone(file), "4 0 obj\n"+stream("", evil)+"\nendobj\n"...)
		}},
		"a hybrid section": {"", contents, nil, func(file []byte) []byte {
			w := &writer{offsets: map[int]int{}}
			w.Write(file)
			w.object(4, stream("", evil))
			at := w.Len()
			fmt.Fprintf(w, "80 0 obj\n%s\nendobj\n", stream("/Type /XRef /Size 100 /W [1 4 1] /Index [4 1] /Root 1 0 R", "\x01"+string([]byte{byte(w.offsets[4] >> 24), byte(w.offsets[4] >> 16), byte(w.offsets[4] >> 8), byte(w.offsets[4])})+"\x00"))
			out := revise(t, w.Bytes(), map[int]string{60: "<< >>"})
			return bytes.Replace(out, []byte("/Size 100 /Root 1 0 R /Prev"), fmt.Appendf(nil, "/Size 100 /Root 1 0 R /XRefStm %d /Prev", at), 1)
		}},
		"encrypted afterwards": {"", contents, nil, func(file []byte) []byte {
			return bytes.Replace(revise(t, file, map[int]string{60: "<< /Filter /Standard /V 1 /R 2 >>"}),
				[]byte("/Size 100 /Root 1 0 R"), []byte("/Size 100 /Root 1 0 R /Encrypt 60 0 R"), 1)
		}},
		"an object freed": {"", contents, nil, func(file []byte) []byte {
			out := revise(t, file, map[int]string{4: "<< >>"})
			i := bytes.LastIndex(out, []byte(" n \ntrailer"))
			out[i+1] = 'f'
			return out
		}},
	}
}

// hiddenSection leaves room for a section that is written before signing.
const hiddenSection = "xref\n4 1\n0000000000 00000 n \ntrailer\n<< /Size 50 /Root 1 0 R /Prev 0000000 >>          "

// TestVerifyTellsSectionInSignedPart: cross-references for other content were signed
// inside of a stream, and a later section leads to them.
func TestVerifyTellsSectionInSignedPart(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	// The signed file's newest section begins where it began in a first try: lengths
	// do not change.
	hidden, content := strings.Replace(hiddenSection, "0000000 >>", "0000001 >>", 1), ""
	for range 3 {
		content = "4 0 obj\n" + "<< /Length 15 >>\nstream\n" + evil + "\nendstream\nendobj\n" + hidden
		draft, _ := signed(t, prepared("", "/Contents 4 0 R", map[int]string{5: stream("", content)}), l.request)
		all := startxref.FindAllSubmatch(draft, -1)
		hidden = fmt.Sprintf("xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 50 /Root 1 0 R /Prev %07s >>          ",
			bytes.LastIndex(draft, []byte("4 0 obj\n<< /Length 15")), all[len(all)-1][1])
	}
	file, _ := signed(t, prepared("", "/Contents 4 0 R", map[int]string{5: stream("", content)}), l.request)
	want(t, file, l.pki, sign.Valid, "revocation-unknown")
	out := revise(t, file, map[int]string{60: "<< >>"})
	all := startxref.FindAllSubmatch(file, -1)
	out = bytes.Replace(out, fmt.Appendf(nil, "/Size 100 /Root 1 0 R /Prev %s", all[len(all)-1][1]),
		fmt.Appendf(nil, "/Size 100 /Root 1 0 R /Prev %d", bytes.Index(file, []byte("xref\n4 1\n"))), 1)
	if shown := run(t, "mutool", "show", "-b", save(t, "hidden.pdf", out), "4"); !strings.Contains(shown, evil) {
		t.Fatalf("the attack does not work: qpdf shows %q", shown)
	}
	want(t, out, l.pki, sign.Changed, "changed-later")
}

// TestVerifyTellsDoubleEntries: an object stream that names an object twice, of which
// readers that go by number and readers that go by index see different ones.
func TestVerifyTellsDoubleEntries(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	file, _ := signed(t, streamPDF(t), l.request)
	page := newest(t, file, 3) + ">>"
	head := fmt.Sprintf("3 0 3 %d ", len(page)+1)
	w := &writer{offsets: map[int]int{}}
	w.Write(file)
	w.object(60, stream(fmt.Sprintf("/Type /ObjStm /N 2 /First %d", len(head)), head+page+" "+evilPage))
	w.object(90, stream("", evil))
	start := w.Len()
	all := startxref.FindAllSubmatch(file, -1)
	row := func(kind, at, index int) string {
		return string([]byte{byte(kind), byte(at >> 16), byte(at >> 8), byte(at), byte(index)})
	}
	w.object(61, stream(fmt.Sprintf("/Type /XRef /Size 100 /W [1 3 1] /Index [3 1 60 2 90 1] /Root 1 0 R /Prev %s %s", all[len(all)-1][1], fileID),
		row(2, 60, 1)+row(1, w.offsets[60], 0)+row(1, start, 0)+row(1, w.offsets[90], 0)))
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	r, err := sign.Verify(context.Background(), bytes.NewReader(w.Bytes()), int64(w.Len()), sign.Trust{Roots: l.pki.roots, Now: now})
	if err != nil || r.Verdict != sign.Changed && r.Verdict != sign.Unreadable {
		t.Errorf("verdict = %s with %q, %v", r.Verdict, codes(r), err)
	}
}
