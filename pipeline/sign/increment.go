package sign

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"hoso/pipeline/sign/internal/pdf"
)

// gap is the size of /Contents with its angle brackets.
func gap(reserve int) int64 { return 2*int64(reserve) + 2 }

// increment collects the objects of a new revision.
type increment struct {
	file    *pdf.File
	buf     bytes.Buffer
	base    int64         // where buf begins in the signed file
	skipped int64         // the gap, once it is passed
	places  map[int]place // by object number
	next    int
	split   int // where the gap is in buf; 0 without one

	root    pdf.Ref
	catalog pdf.Dict // as it is to be
	altered bool     // it is not as in the file
}

// place is where a new version of an object stands in the signed file.
type place struct {
	offset     int64
	generation int
}

// newIncrement begins behind the last byte of the file, on a line of its own.
func newIncrement(f *pdf.File, in io.ReaderAt) (*increment, error) {
	last := make([]byte, 1)
	if _, err := in.ReadAt(last, f.Size()-1); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the last byte: %w", err)
	}
	next, err := f.Next()
	if err != nil {
		return nil, err
	}
	inc := &increment{file: f, base: f.Size(), places: map[int]place{}, next: next}
	if inc.root, inc.catalog, err = f.Catalog(); err != nil {
		return nil, err
	}
	if last[0] != '\n' && last[0] != '\r' {
		inc.buf.WriteByte('\n')
	}
	return inc, nil
}

func (inc *increment) here() int64 { return inc.base + int64(inc.buf.Len()) + inc.skipped }

// reference gives a number that the file has never used.
func (inc *increment) reference() pdf.Ref {
	inc.next++
	return pdf.Ref{Number: inc.next - 1}
}

func (inc *increment) object(ref pdf.Ref, body string) {
	inc.places[ref.Number] = place{inc.here(), ref.Generation}
	fmt.Fprintf(&inc.buf, "%d %d obj\n%s\nendobj\n", ref.Number, ref.Generation, body)
}

// alter gives the catalog an entry; it is written once, by seal.
func (inc *increment) alter(key, raw string) {
	inc.catalog, inc.altered = inc.catalog.With(key, raw), true
}

// addField writes the widget of the signature and ties it to its page and to the
// interactive form.
func (inc *increment) addField(signature pdf.Ref, look *Appearance) error {
	page, err := inc.file.Page(inc.catalog, look.page())
	if err != nil {
		return err
	}
	annots, err := inc.file.Array(page.Dict.Get("Annots"))
	if err != nil {
		return err
	}
	shows, err := inc.shows(look)
	if err != nil {
		return err
	}
	field := inc.reference()
	inc.object(field, fmt.Sprintf("<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (Signature%d)\n/F 132\n%s\n/P %s\n/V %s\n>>",
		field.Number, shows, page.Ref, signature))
	inc.object(page.Ref, page.Dict.With("Annots", list(annots, field)).String())
	return inc.addToForm(field)
}

// addToForm lists the field in the AcroForm, which may be missing, part of the
// catalog, or an object of its own.
func (inc *increment) addToForm(field pdf.Ref) error {
	form, err := inc.file.Dict(inc.catalog.Get("AcroForm"))
	if err != nil {
		return err
	}
	fields, err := inc.file.Array(form.Get("Fields"))
	if err != nil {
		return err
	}
	form = form.With("Fields", list(fields, field)).With("SigFlags", "3")
	if ref, own := inc.catalog.Get("AcroForm").Ref(); own {
		inc.object(ref, form.String())
		return nil
	}
	ref := inc.reference()
	inc.object(ref, form.String())
	inc.alter("AcroForm", ref.String())
	return nil
}

func list(old []pdf.Value, more pdf.Ref) string {
	var b strings.Builder
	b.WriteByte('[')
	for _, v := range old {
		b.Write(v.Raw)
		b.WriteByte(' ')
	}
	b.WriteString(more.String() + "]")
	return b.String()
}

// rangeRoom is the width kept for the numbers of /ByteRange.
const rangeRoom = 48

// addSignature writes the signature dictionary up to the gap, and what follows it.
// The three numbers of the range are filled in by seal.
func (inc *increment) addSignature(ref pdf.Ref, r Request) {
	inc.beginSignature(ref, "/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached")
	fmt.Fprintf(&inc.buf, "/M (%s)\n", pdfDate(r.Time))
	for _, e := range []struct{ key, text string }{{"Name", r.Name}, {"Reason", r.Reason}, {"Location", r.Location}} {
		if e.text != "" {
			fmt.Fprintf(&inc.buf, "/%s %s\n", e.key, textString(e.text))
		}
	}
	inc.endSignature(r.Reserve)
}

// addTimestamp writes the dictionary of a document timestamp (ETSI EN 319 142-1, 5.4.3).
func (inc *increment) addTimestamp(ref pdf.Ref, reserve int) {
	inc.beginSignature(ref, "/Type /DocTimeStamp\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.RFC3161")
	inc.endSignature(reserve)
}

func (inc *increment) beginSignature(ref pdf.Ref, kind string) {
	inc.places[ref.Number] = place{inc.here(), ref.Generation}
	fmt.Fprintf(&inc.buf, "%d 0 obj\n<<\n%s\n", ref.Number, kind)
}

func (inc *increment) endSignature(reserve int) {
	inc.buf.WriteString("/ByteRange " + strings.Repeat(" ", rangeRoom) + "\n/Contents ")
	inc.split = inc.buf.Len()
	inc.skipped = gap(reserve)
	inc.buf.WriteString("\n>>\nendobj\n")
}

// seal writes the catalog and the cross-references and fills in /ByteRange. It gives
// the bytes before and after the gap; without a signature all of them are before it.
func (inc *increment) seal(seed []byte) (before, after []byte, err error) {
	if inc.altered {
		inc.object(inc.root, inc.catalog.String())
	}
	start := inc.here()
	if inc.file.Streams {
		inc.streamSection(start, seed)
	} else {
		inc.tableSection(seed)
	}
	fmt.Fprintf(&inc.buf, "startxref\n%d\n%%%%EOF\n", start)
	all := inc.buf.Bytes()
	if inc.split == 0 {
		return all, nil, nil
	}
	before, after = all[:inc.split:inc.split], all[inc.split:]
	first := inc.base + int64(len(before))
	text := fmt.Sprintf("[0 %d %d %d]", first, first+inc.skipped, len(after))
	if len(text) > rangeRoom {
		return nil, nil, fmt.Errorf("writing /ByteRange of %d digits: %w", len(text), pdf.ErrBroken)
	}
	at := bytes.LastIndex(before, []byte("/ByteRange ")) + len("/ByteRange ")
	copy(before[at:], text)
	return before, after, nil
}

// trailer gives the entries that a new section carries on.
func (inc *increment) trailer(seed []byte) pdf.Dict {
	old := inc.file.Trailer
	d := pdf.Dict{}.With("Size", fmt.Sprint(inc.next)).With("Prev", fmt.Sprint(inc.file.StartXref))
	for _, key := range []string{"Root", "Info"} {
		if v := old.Get(key); !v.IsNull() {
			d = d.With(key, string(v.Raw))
		}
	}
	sum := sha256.Sum256(append([]byte("file identifier of a new revision"), seed...))
	changed := "<" + hex.EncodeToString(sum[:16]) + ">"
	kept := changed
	if id, err := inc.file.Array(old.Get("ID")); err == nil && len(id) == 2 {
		kept = string(id[0].Raw)
	}
	return d.With("ID", "["+kept+" "+changed+"]")
}

func (inc *increment) numbers() []int {
	var out []int
	for n := range inc.places {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// runs cuts sorted numbers into runs without holes.
func runs(numbers []int) [][]int {
	var out [][]int
	for i, n := range numbers {
		if i == 0 || n != numbers[i-1]+1 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], n)
	}
	return out
}

func (inc *increment) tableSection(seed []byte) {
	inc.buf.WriteString("xref\n")
	for _, run := range runs(inc.numbers()) {
		fmt.Fprintf(&inc.buf, "%d %d\n", run[0], len(run))
		for _, n := range run {
			fmt.Fprintf(&inc.buf, "%010d %05d n \n", inc.places[n].offset, inc.places[n].generation)
		}
	}
	fmt.Fprintf(&inc.buf, "trailer\n%s\n", inc.trailer(seed))
}

// streamSection writes a cross-reference stream, not deflated: it is a few bytes.
func (inc *increment) streamSection(start int64, seed []byte) {
	self := inc.reference()
	inc.places[self.Number] = place{offset: start}
	var index []string
	var table bytes.Buffer
	for _, run := range runs(inc.numbers()) {
		index = append(index, fmt.Sprintf("%d %d", run[0], len(run)))
		for _, n := range run {
			table.WriteByte(1)
			for shift := 56; shift >= 0; shift -= 8 {
				table.WriteByte(byte(inc.places[n].offset >> shift))
			}
			table.Write([]byte{byte(inc.places[n].generation >> 8), byte(inc.places[n].generation)})
		}
	}
	d := inc.trailer(seed).With("Type", "/XRef").With("W", "[1 8 2]").
		With("Index", "["+strings.Join(index, " ")+"]").With("Length", fmt.Sprint(table.Len()))
	fmt.Fprintf(&inc.buf, "%d 0 obj\n%s\nstream\n", self.Number, d)
	inc.buf.Write(table.Bytes())
	inc.buf.WriteString("\nendstream\nendobj\n")
}

// pdfDate writes a date as ISO 32000-1, 7.9.4 asks.
func pdfDate(t time.Time) string {
	zone := t.Format("-07'00'")
	return "D:" + t.Format("20060102150405") + zone
}

// textString writes a text string: PDFDocEncoding where ASCII is enough, otherwise
// UTF-16 with its mark.
func textString(s string) string {
	ascii := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
	if ascii {
		return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
	}
	return "<FEFF" + utf16Hex(s) + ">"
}

// utf16Hex writes the UTF-16 of a text in hexadecimal digits.
func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}
