package compose

import (
	"errors"
	"fmt"
	"io"
	"time"

	"hoso/pipeline"
)

// Errors of the writer. They speak of the caller's description of a page, or of
// bytes that are not what was described; a retry with the same input ends the same.
var (
	// ErrImage marks an image that cannot stand in PDF/A-2 as it is described.
	ErrImage = errors.New("image cannot stand in PDF/A-2")
	// ErrMismatch marks image bytes that differ from their description in size,
	// digest or header.
	ErrMismatch = errors.New("image bytes are not the ones described")
	// ErrNoPages is returned by Close when nothing was added.
	ErrNoPages = errors.New("record has no pages")
	// ErrClosed is returned by calls after Close.
	ErrClosed = errors.New("writer is closed")
	// ErrTooLarge is returned when an offset no longer fits the ten digits of a
	// cross-reference entry (ISO 32000-1, 7.5.4), at 10 GB.
	ErrTooLarge = errors.New("record is larger than a cross-reference table can address")
)

// Meta describes a record. The Info dictionary and the XMP packet are both made
// from it and say the same.
type Meta struct {
	Title    string    // shown in the title bar of viewers; any language
	ID       string    // names the record; part of the trailer's ID, so that output is reproducible
	Created  time.Time // creation and modification date, to the second
	Lang     string    // BCP 47 language of the text; "vi" if empty
	Producer string    // program and version that writes the record; "hoso" if empty
	Copy     CopyOf    // set if this is no record but the light copy of one

	Attached Attachment // set if the record carries a file, see Writer.Attach
}

// Numbers of the objects that every record has.
const (
	catalogNum = 1 + iota
	rootNum
	infoNum
	metadataNum
	profileNum
	firstFreeNum
)

// Writer writes one record in a single pass. Its memory does not depend on the size
// of images, and by some forty bytes (numbers and offsets of objects) on each page.
// After an error it is unusable and gives the same error again; what was written so
// far is no PDF and must be thrown away. It is not safe for concurrent use.
type Writer struct {
	out   *output
	meta  Meta
	tree  pageTree
	codes codeSet
	font  int // object number of the font, 0 while no page has text

	globals    pipeline.Digest // the JBIG2 globals written last
	globalsNum int

	notes  [2]int // objects of an access copy's notes: plain, and of pages that differ
	differ []int  // pages of a copy that differ from the record

	attached int // object of the attachment, 0 while there is none

	err error
}

// NewWriter starts a record on w, which stays the caller's to close.
func NewWriter(w io.Writer, m Meta) (*Writer, error) {
	m, err := m.normal()
	if err != nil {
		return nil, err
	}
	out := newOutput(w, firstFreeNum)
	cw := &Writer{out: out, meta: m}
	out.printf("%%PDF-1.7\n%%\xE2\xE3\xCF\xD3\n")
	out.deflated(profileNum, "/N 3 /Alternate /DeviceRGB", sRGB())
	if out.err != nil {
		return nil, fmt.Errorf("starting record: %w", out.err)
	}
	return cw, nil
}

// AddPage appends a page: the bytes of image, which must be those that p.Image
// describes, and p.Lines over them. It reads image to its end. The page is
// p.WidthPt by p.HeightPt points, kept within the 3 to 14,400 that PDF/A-2 allows;
// p.Turn is done by the page, not to the stream.
func (w *Writer) AddPage(p pipeline.Page, image io.Reader) error {
	if w.err != nil {
		return w.err
	}
	if err := w.addPage(p, image); err != nil {
		w.err = fmt.Errorf("composing page %d: %w", w.tree.len()+1, err)
		return w.err
	}
	return nil
}

func (w *Writer) addPage(p pipeline.Page, image io.Reader) error {
	if !w.meta.Copy.Record.IsZero() {
		return errCopy
	}
	if err := checkImage(p.Image); err != nil {
		return err
	}
	g, err := geometryOf(p)
	if err != nil {
		return err
	}
	imageNum, err := w.writeImage(p.Image, image)
	if err != nil {
		return err
	}
	w.finishPage(page{geometry: g, content: g.paint(nil), objects: fmt.Sprintf(" /Im %d 0 R", imageNum), lines: p.Lines})
	return w.out.err
}

// page is a page whose images are written.
type page struct {
	geometry
	content []byte // what is seen
	objects string // the entries of its images and forms
	lines   []pipeline.Line
	band    int // points added below
}

// finishPage writes a page's content, the text over it, and the page itself.
func (w *Writer) finishPage(p page) {
	text := appendText(nil, p.lines, p.geometry, &w.codes)
	fontRef := ""
	if len(text) > 0 {
		if w.font == 0 {
			w.font = w.out.reserve()
		}
		fontRef = fmt.Sprintf(" /Font << /F %d 0 R >>", w.font)
	}
	contentNum := w.out.reserve()
	w.out.deflated(contentNum, "", append(p.content, text...))

	parent := w.tree.parent(w.out)
	pageNum := w.out.reserve()
	w.tree.add(pageNum)
	w.out.object(pageNum, fmt.Sprintf(
		"<< /Type /Page /Parent %d 0 R /MediaBox [0 %d %s %s] /Resources << /XObject <<%s >>%s >> /Contents %d 0 R >>",
		parent, -p.band, number(p.width), number(p.height), p.objects, fontRef, contentNum))
}

// Close writes what only the whole document knows: the font, the page tree, the
// metadata, the cross-reference table and the trailer. It does not close the
// underlying io.Writer.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	if w.tree.len() == 0 {
		w.err = ErrNoPages
		return w.err
	}
	if !w.carries() {
		w.err = errAttached
		return w.err
	}
	if w.font != 0 {
		writeFont(w.out, w.font, &w.codes)
	}
	w.tree.write(w.out)
	w.out.stream(metadataNum, "/Type /Metadata /Subtype /XML", w.meta.xmp(w.differ))
	w.out.object(infoNum, w.meta.info())
	w.out.object(catalogNum, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang %s"+
		" /ViewerPreferences << /DisplayDocTitle true >> /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1"+
		" /OutputConditionIdentifier (sRGB) /RegistryName (http://www.color.org) /Info (sRGB IEC 61966-2-1)"+
		" /DestOutputProfile %d 0 R >>]%s >>",
		rootNum, metadataNum, textString(w.meta.Lang), profileNum, w.catalogEntries()))
	w.out.finish(w.meta.ID)
	if w.out.err != nil {
		w.err = fmt.Errorf("finishing record: %w", w.out.err)
		return w.err
	}
	w.err = ErrClosed
	return nil
}
