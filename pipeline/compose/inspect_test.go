package compose_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/compose"
)

func inspect(t testing.TB, pdf []byte) compose.Facts {
	t.Helper()
	facts, err := compose.Inspect(t.Context(), bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestInspectReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	sheets := []sheet{colorSheet(t, 60, 80), colorSheet(t, 80, 60), colorSheet(t, 70, 70)}
	sheets[1].page.Lines = words("một hai")
	facts := inspect(t, makeRecord(t, meta(), sheets...))
	want := compose.Facts{
		Pages: 3, Version: "1.7", PDFA: "2u", Title: meta().Title, ID: facts.ID, OutputIntent: true, Words: 1, Revisions: 1,
		Images: []pipeline.Digest{sheets[0].page.Image.Digest, sheets[1].page.Image.Digest, sheets[2].page.Image.Digest},
	}
	if diff := cmp.Diff(want, facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if err := facts.Err(); err != nil {
		t.Errorf("Err = %v", err)
	}
	if len(facts.ID) != 32 {
		t.Errorf("ID = %q, want 16 bytes", facts.ID)
	}
}

// append an increment that replaces or adds objects, as a signer does.
func increment(t *testing.T, pdf []byte, objects map[int]string) []byte {
	t.Helper()
	out := bytes.Clone(pdf)
	start := bytes.LastIndex(pdf, []byte("startxref\n")) + len("startxref\n")
	var prev int
	if _, err := fmt.Sscan(string(pdf[start:]), &prev); err != nil {
		t.Fatal(err)
	}
	trailer := pdf[bytes.LastIndex(pdf, []byte("trailer\n<<"))+len("trailer\n<<") : bytes.LastIndex(pdf, []byte(">>\nstartxref"))]
	table := "xref\n"
	for num, body := range objects {
		table += fmt.Sprintf("%d 1\n%010d 00000 n \n", num, len(out))
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", num, body)
	}
	return fmt.Appendf(out, "%strailer\n<< %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", table, trailer, prev, len(out))
}

func TestInspectFollowsIncrements(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 60, 80)
	pdf := makeRecord(t, meta(), s)
	signed := increment(t, pdf, map[int]string{40: "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>"})
	facts := inspect(t, signed)
	if facts.Signatures != 1 || facts.Revisions != 2 || facts.Pages != 1 || facts.Err() != nil {
		t.Errorf("facts = %+v, want one page, one signature, two revisions, no problem", facts)
	}
}

func TestInspectFindsProblems(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 60, 80)
	s.page.Lines = words("một hai")
	pdf := makeRecord(t, meta(), s)
	replace := func(from, to string) []byte {
		if len(from) != len(to) || !bytes.Contains(pdf, []byte(from)) {
			t.Fatalf("the record has no %q to replace", from)
		}
		return bytes.Replace(pdf, []byte(from), []byte(to), 1)
	}
	for name, test := range map[string]struct {
		pdf  []byte
		want string
	}{
		"appended":      {append(bytes.Clone(pdf), "junk"...), "follow the last"},
		"cut":           {pdf[:len(pdf)/2], "startxref"},
		"empty":         {nil, "header"},
		"not a PDF":     {[]byte("Kính gửi"), "header"},
		"late header":   {append([]byte("\n"), pdf...), "header"},
		"script":        {increment(t, pdf, map[int]string{40: "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"}), "actions"},
		"link":          {increment(t, pdf, map[int]string{40: "<< /Type /Annot /A << /S /URI /URI (x) >> >>"}), "actions"},
		"no metadata":   {increment(t, pdf, map[int]string{4: "null"}), "metadata"},
		"other title":   {increment(t, pdf, map[int]string{3: "<< /Title (Khac) >>"}), "differ"},
		"claims 2b":     {replace("<pdfaid:conformance>U", "<pdfaid:conformance>B"), "2u"},
		"no intent":     {replace("/GTS_PDFA1", "/GTS_PDFX1"), "output intent"},
		"no pages":      {increment(t, pdf, map[int]string{2: "<< /Type /Pages /Count 0 /Kids [] >>"}), "no pages"},
		"wrong count":   {replace("/Count 1", "/Count 7"), "counts 7"},
		"endless tree":  {increment(t, pdf, map[int]string{2: "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"}), "page tree"},
		"interpolation": {increment(t, pdf, map[int]string{40: "<< /Subtype /Image /Interpolate true /Length 1 >>\nstream\nx\nendstream"}), "interpolation"},
		"LZW":           {increment(t, pdf, map[int]string{40: "<< /Filter /LZWDecode /Length 1 >>\nstream\nx\nendstream"}), "LZW"},
		"bad length":    {increment(t, pdf, map[int]string{40: "<< /Length 40 0 R >>\nstream\nx\nendstream"}), "bounds"},
		"encrypted":     {tool(t, pdf, "qpdf", "--encrypt", "", "x", "256", "--"), "encrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			facts := inspect(t, test.pdf)
			if all := strings.Join(facts.Problems, "\n"); !strings.Contains(all, test.want) {
				t.Errorf("problems = %q, want one about %q", all, test.want)
			}
			if err := facts.Err(); !errors.Is(err, compose.ErrRecord) {
				t.Errorf("Err = %v, want ErrRecord", err)
			}
		})
	}
}

// tool passes a PDF through a program that takes its arguments, an input and an
// output file.
func tool(t *testing.T, pdf []byte, name string, args ...string) []byte {
	t.Helper()
	in, out := save(t, pdf), filepath.Join(t.TempDir(), "out.pdf")
	if msg, err := exec.CommandContext(t.Context(), name, append(args, in, out)...).CombinedOutput(); err != nil {
		t.Fatalf("running %s: %v: %s", name, err, msg)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Other writers use object streams, cross-reference streams with predictors, and
// linearization; the images are still the same bytes.
func TestInspectReadsOtherWriters(t *testing.T) {
	t.Parallel()
	sheets := make([]sheet, 40)
	for i := range sheets {
		sheets[i] = colorSheet(t, 20+i, 30)
		sheets[i].page.Lines = words("trang")
	}
	pdf := makeRecord(t, meta(), sheets...)
	want := inspect(t, pdf)
	for _, args := range [][]string{
		{"--object-streams=generate"}, {"--linearize"}, {"--object-streams=generate", "--linearize"}, {"--qdf"},
	} {
		facts := inspect(t, tool(t, pdf, "qpdf", args...))
		if diff := cmp.Diff(want.Images, facts.Images); diff != "" || facts.Err() != nil || facts.Words != 40 {
			t.Errorf("qpdf %v: %v, %d pages with words; images (-want +got):\n%s", args, facts.Err(), facts.Words, diff)
		}
	}
}

type badDisk struct{ io.ReaderAt }

func (badDisk) ReadAt([]byte, int64) (int, error) { return 0, errFull }

func TestInspectTellsDiskFromFile(t *testing.T) {
	t.Parallel()
	if _, err := compose.Inspect(t.Context(), badDisk{}, 1000); !errors.Is(err, errFull) {
		t.Errorf("Inspect of a bad disk = %v, want %v", err, errFull)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pdf := makeRecord(t, meta(), colorSheet(t, 10, 10))
	if _, err := compose.Inspect(ctx, bytes.NewReader(pdf), int64(len(pdf))); !errors.Is(err, context.Canceled) {
		t.Errorf("Inspect after the end of ctx = %v, want %v", err, context.Canceled)
	}
}

func FuzzInspect(f *testing.F) {
	s := colorSheet(f, 8, 8)
	s.page.Lines = words("hai từ")
	f.Add(makeRecord(f, compose.Meta{}, s))
	f.Add([]byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<< /Length 1 0 R >>\nstream\n\nendstream endobj\nxref\n0 2\n" +
		"0000000000 65535 f \n0000000015 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n69\n%%EOF"))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		facts, err := compose.Inspect(t.Context(), bytes.NewReader(pdf), int64(len(pdf)))
		if err != nil {
			t.Fatalf("Inspect of bytes in memory = %v", err)
		}
		if len(facts.Images) != facts.Pages {
			t.Errorf("%d images for %d pages", len(facts.Images), facts.Pages)
		}
	})
}
