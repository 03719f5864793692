package intake

import (
	"bytes"
	"context"
	"slices"
	"unicode/utf8"

	"hoso/pipeline/intake/bundle"
	"hoso/pipeline/intake/fault"
)

const (
	mediaPDF  = "application/pdf"
	mediaTIFF = "image/tiff"
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
	mediaHEIC = "image/heic"
)

// kind is a format that is taken in.
type kind struct {
	media string
	open  func(ctx context.Context, in input) (source, error)
}

// sniff tells the format from the first bytes of a file.
func sniff(head []byte) (kind, error) {
	switch {
	case bundle.Is(head):
		return kind{bundle.Media, openBundle}, nil
	case prefix(head, "\xff\xd8\xff"):
		return kind{mediaJPEG, openJPEG}, nil
	case prefix(head, "\x89PNG\r\n\x1a\n"):
		return kind{mediaPNG, openPNG}, nil
	case prefix(head, "II*\x00", "MM\x00*", "II+\x00", "MM\x00+"):
		return kind{mediaTIFF, openTIFF}, nil
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return kind{mediaPDF, openPDF}, nil
	case heic(head):
		return kind{mediaHEIC, openHEIC}, nil
	}
	return kind{}, other(head)
}

// prefix reports whether head begins with one of several beginnings.
func prefix(head []byte, begins ...string) bool {
	return slices.ContainsFunc(begins, func(b string) bool { return bytes.HasPrefix(head, []byte(b)) })
}

// heic looks for the brands of HEIF with HEVC inside.
func heic(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	switch string(head[8:12]) {
	case "heic", "heix", "hevc", "hevx", "heim", "heis":
		return true
	case "mif1", "msf1":
		return bytes.Contains(head[:min(len(head), 64)], []byte("hei"))
	}
	return false
}

const (
	asPDF  = "Hãy mở tệp, chọn in hoặc lưu thành PDF rồi gửi lại."
	asJPEG = "Hãy lưu lại ảnh thành JPEG hoặc PNG rồi gửi lại."
	unpack = "Hãy giải nén và gửi từng tệp PDF hoặc ảnh bên trong."
	rescan = "Hãy quét giấy tờ thành PDF, TIFF hoặc JPEG rồi gửi lại."
)

// known are beginnings of formats that are not taken.
func known() []struct{ begin, name, advice string } {
	return []struct{ begin, name, advice string }{
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word/Excel (DOC, XLS)", asPDF},
		{"{\\rtf", "RTF", asPDF},
		{"%!PS", "PostScript", asPDF},
		{"GIF87a", "GIF", asJPEG},
		{"GIF89a", "GIF", asJPEG},
		{"BM", "BMP", asJPEG},
		{"\x00\x00\x00\x0cjP  ", "JPEG 2000", asJPEG},
		{"\xff\x4f\xff\x51", "JPEG 2000", asJPEG},
		{"AT&TFORM", "DjVu", asPDF},
		{"Rar!\x1a\x07", "RAR", unpack},
		{"7z\xbc\xaf\x27\x1c", "7-Zip", unpack},
		{"\x1f\x8b", "nén (gzip)", unpack},
		{"BZh", "nén (bzip2)", unpack},
		{"\xfd7zXZ", "nén (xz)", unpack},
		{"\x28\xb5\x2f\xfd", "nén (zstd)", unpack},
		{"MZ", "chương trình (EXE)", rescan},
		{"\x7fELF", "chương trình (ELF)", rescan},
	}
}

// other names what the file is, if it can be told, and what to do.
func other(head []byte) error {
	text := plainText(head)
	for _, k := range known() {
		// Two letters may also begin a text.
		if prefix(head, k.begin) && (len(k.begin) > 3 || !text) {
			return fault.UnsupportedFormat(k.name, k.advice)
		}
	}
	switch {
	case prefix(head, "PK\x03\x04", "PK\x05\x06"):
		return zipped(head)
	case prefix(head, "RIFF") && len(head) > 12 && string(head[8:12]) == "WEBP":
		return fault.UnsupportedFormat("WebP", asJPEG)
	case len(head) > 12 && string(head[4:8]) == "ftyp":
		return boxed(head)
	}
	return written(head)
}

// boxed names a file of the MP4 family by its brand.
func boxed(head []byte) error {
	if prefix(head[8:], "avif", "avis") {
		return fault.UnsupportedFormat("AVIF", asJPEG)
	}
	return fault.UnsupportedFormat("video (MP4)", rescan)
}

func zipped(head []byte) error {
	for part, name := range map[string]string{
		"word/": "Word (DOCX)", "xl/": "Excel (XLSX)", "ppt/": "PowerPoint (PPTX)",
		"application/vnd.oasis": "OpenDocument (ODT, ODS)",
	} {
		if bytes.Contains(head, []byte(part)) {
			return fault.UnsupportedFormat(name, asPDF)
		}
	}
	if bytes.Contains(head, []byte("[Content_Types].xml")) {
		return fault.UnsupportedFormat("Office (DOCX, XLSX, PPTX)", asPDF)
	}
	return fault.UnsupportedFormat("ZIP", unpack)
}

// written recognizes text in its forms.
func written(head []byte) error {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := bytes.ToLower(text[:min(len(text), 512)])
	switch {
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.Contains(lower, []byte("<html")):
		return fault.UnsupportedFormat("HTML", asPDF)
	case bytes.HasPrefix(lower, []byte("<?xml")), bytes.HasPrefix(lower, []byte("<svg")):
		return fault.UnsupportedFormat("XML", asPDF)
	case len(text) > 0 && plainText(head):
		return fault.UnsupportedFormat("văn bản thuần (TXT)", asPDF)
	}
	return fault.UnknownFormat()
}

func plainText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && len(head) > utf8.UTFMax || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}
