package compose

import (
	"crypto/md5" //nolint:gosec // PDF asks for it (ISO 32000-1, table 46); nothing rests on it
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"hoso/pipeline"
)

// Attachment is the file that a record shows and carries whole: a signed original, whose
// signature would be lost in any other form. A record with one is a PDF/A-3u.
type Attachment struct {
	Name     string          // as people know it
	Digest   pipeline.Digest // of its bytes
	Size     int64           // in bytes, up to MaxAttached
	Received time.Time       // when it came, to the second
}

// IsZero reports whether there is none.
func (a Attachment) IsZero() bool { return a.Digest.IsZero() }

// MaxAttached is how many bytes an attachment may have: PDF/A knows no greater number
// (ISO 19005-3, 6.1.13).
const MaxAttached = 1<<31 - 1

// plainName is what readers without Unicode call an attachment.
const plainName = "tep-da-ky-so.pdf"

var errAttached = errors.New("the attachment of a record is added once, if its metadata name it")

// Attach adds the file that the record's metadata name: the bytes of r, which must be
// those that are described there, as they are. They are copied on their way, none are
// held.
func (w *Writer) Attach(r io.Reader) error {
	if w.err != nil {
		return w.err
	}
	if w.meta.Attached.IsZero() || w.attached != 0 {
		return errAttached
	}
	if err := w.attach(w.meta.Attached, r); err != nil {
		w.err = fmt.Errorf("attaching a file: %w", err)
		return w.err
	}
	return nil
}

func (w *Writer) attach(a Attachment, r io.Reader) error {
	if a.Size > MaxAttached {
		return fmt.Errorf("%d bytes: %w", a.Size, ErrTooLarge)
	}
	fileNum, paramsNum := w.out.reserve(), w.out.reserve()
	w.out.begin(fileNum)
	w.out.printf("<< /Type /EmbeddedFile /Subtype /application#2Fpdf /Params %d 0 R /Length %d >>\nstream\n", paramsNum, a.Size)
	sum, check := sha256.New(), md5.New() //nolint:gosec // as above
	n, err := io.Copy(io.MultiWriter(carrier{w.out}, sum, check), io.LimitReader(r, a.Size+1))
	if err != nil {
		return fmt.Errorf("copying it: %w", err)
	}
	if digest := pipeline.DigestOf(sum); n != a.Size || digest != a.Digest {
		return fmt.Errorf("copying %d bytes of %d, %s for %s: %w", n, a.Size, digest, a.Digest, ErrMismatch)
	}
	w.out.sum.Write(a.Digest[:])
	w.out.printf("\nendstream\nendobj\n")
	date := a.Received.UTC().Format("(D:20060102150405+00'00')")
	w.out.object(paramsNum, fmt.Sprintf("<< /Size %d /CheckSum <%X> /CreationDate %s /ModDate %s >>", a.Size, check.Sum(nil), date, date))
	w.attached = w.out.reserve()
	w.out.object(w.attached, fmt.Sprintf("<< /Type /Filespec /F (%s) /UF %s /Desc %s /AFRelationship /Source /EF << /F %d 0 R /UF %d 0 R >> >>",
		plainName, textString(a.name()), textString(a.describe()), fileNum, fileNum))
	return w.out.err
}

// name is what the attachment is called; a name that says nothing is not taken.
func (a Attachment) name() string {
	if name := fileName(clean(a.Name)); name != "" && len(name) <= maxTitle {
		return name
	}
	return plainName
}

func (a Attachment) describe() string {
	return "Tệp gốc đã ký số, nguyên vẹn từng byte; SHA-256 " + a.Digest.String()
}

// catalogEntries hang the attachment on the document as a whole (ISO 19005-3, 6.8), and
// have viewers show that there is one.
func (w *Writer) catalogEntries() string {
	if w.attached == 0 {
		return ""
	}
	return fmt.Sprintf(" /AF [%d 0 R] /Names << /EmbeddedFiles << /Names [(%s) %d 0 R] >> >> /PageMode /UseAttachments", w.attached, plainName, w.attached)
}

// attachedXMP says of a record that carries a file what it is, in Dublin Core, so that no
// schema of our own is needed.
func (m Meta) attachedXMP() string {
	if m.Attached.IsZero() {
		return ""
	}
	digest := m.Attached.Digest.String()
	vi := "Bản lưu trữ bọc một tệp đã ký số: các trang là hình ảnh của tệp đó, tệp gốc đính kèm nguyên vẹn từng byte, mã SHA-256 " + digest + ". Chữ ký của người ký ban đầu nằm trong tệp đính kèm."
	en := "Archival wrapper of a signed file: the pages show that file, which is attached byte for byte, SHA-256 " + digest + ". The signatures of its signers are in the attachment."
	return "<dc:type><rdf:Bag><rdf:li>wrapper of a signed file</rdf:li></rdf:Bag></dc:type>\n" +
		"<dc:source>urn:sha256:" + digest + "</dc:source>\n" +
		"<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">" + escape(vi) + "</rdf:li>" +
		"<rdf:li xml:lang=\"en\">" + escape(en) + "</rdf:li></rdf:Alt></dc:description>\n"
}

// part is the part of PDF/A that the record is of.
func (m Meta) part() string {
	if m.Attached.IsZero() {
		return "2"
	}
	return "3"
}

// carries tells whether the file that the metadata name was added.
func (w *Writer) carries() bool { return w.meta.Attached.IsZero() || w.attached != 0 }

// fileName is a name that a reader may save under: no folders.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, s)
}
