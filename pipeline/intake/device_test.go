package intake_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hoso/testdata/paper"
)

// said is a tag of text.
type said struct {
	tag  uint16
	text string
}

// directoryOf writes a directory of texts as EXIF and TIFF have it, to stand at an offset.
func directoryOf(order binary.AppendByteOrder, at int, texts ...said) []byte {
	b := order.AppendUint16(nil, uint16(len(texts)))
	after := at + 2 + 12*len(texts) + 4
	var values []byte
	for _, s := range texts {
		b = order.AppendUint16(order.AppendUint16(b, s.tag), 2)
		b = order.AppendUint32(b, uint32(len(s.text)))
		if len(s.text) <= 4 {
			b = append(b, append([]byte(s.text), 0, 0, 0, 0)[:4]...)
			continue
		}
		b = order.AppendUint32(b, uint32(after+len(values)))
		values = append(values, s.text...)
	}
	return append(order.AppendUint32(b, 0), values...)
}

// photo is a JPEG that says so.
func photo(tb testing.TB, texts ...said) []byte {
	tb.Helper()
	x := append([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00"), directoryOf(binary.LittleEndian, 8, texts...)...)
	out := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(x)+2))
	return append(append(out, x...), jpegBytes(tb, letter(24, 34))[2:]...)
}

// cutPhoto is a JPEG whose EXIF ends before its texts.
func cutPhoto(tb testing.TB, text said) []byte {
	tb.Helper()
	b := photo(tb, text)
	const head, kept = 6, 32 // the header of EXIF, the directory and its entry
	n := int(binary.BigEndian.Uint16(b[4:]))
	out := bytes.Clone(b[:head+kept])
	binary.BigEndian.PutUint16(out[4:], 2+kept)
	return append(out, b[4+n:]...)
}

// saidTIFF is a TIFF that says so: its tags are put where those of its image end.
func saidTIFF(tb testing.TB, texts ...said) []byte {
	tb.Helper()
	b := tiffBytes(tb, letter(24, 34))
	own := b[10 : 10+12*9]
	at := len(b) + len(b)%2
	made := directoryOf(binary.LittleEndian, at+12*9, texts...)
	b = append(b, make([]byte, at-len(b))...)
	binary.LittleEndian.PutUint32(b[4:], uint32(at))
	b = binary.LittleEndian.AppendUint16(b, uint16(9+len(texts)))
	return append(append(b, own...), made[2:]...)
}

// writtenPDF is a PDF with an information dictionary, and metadata if there are any.
func writtenPDF(info, xmp string) []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", stream("", []byte("q Q")),
		stream("/Type/Metadata/Subtype/XML", []byte(xmp)), info,
	}
	return paper.Assemble(objects, "/Info 6 0 R")
}

// photoPDF is a PDF without a word about itself that shows a JPEG.
func photoPDF(jpg []byte) []byte {
	return onePage(useImage, fullPage, stream(scanEntries(24, 34, "/ColorSpace/DeviceRGB/Filter/DCTDecode"), jpg))
}

func TestDevice(t *testing.T) {
	t.Parallel()
	const maker, model, software, host, artist = 271, 272, 305, 316, 315
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"camera":        {photo(t, said{maker, "Apple\x00"}, said{model, "iPhone 12\x00"}, said{software, "18.1.1\x00"}, said{host, "iPhone của Lan\x00"}, said{artist, "Lan\x00"}), "Apple iPhone 12"},
		"model alone":   {photo(t, said{model, "Canon DR-C230\x00"}, said{maker, "CANON\x00"}), "Canon DR-C230"},
		"short":         {photo(t, said{maker, "HP\x00"}), "HP"},
		"program":       {photo(t, said{software, "Adobe Scan\x00"}), "Adobe Scan"},
		"a version":     {photo(t, said{software, "18.1.1\x00"}), ""},
		"owner":         {photo(t, said{software, "iPhone của Lan\x00"}), ""},
		"owner English": {photo(t, said{model, "Lan's iPhone\x00"}), ""},
		"no words":      {photo(t, said{maker, "   \x00"}), ""},
		"scanner":       {saidTIFF(t, said{maker, "FUJITSU\x00"}, said{model, "fi-7160\x00"}, said{software, "PaperStream\x00"}), "FUJITSU fi-7160"},
		"TIFF's own":    {saidTIFF(t), ""},
		"creator":       {writtenPDF("<</Creator(HP Scan)/Producer(HP Scan Extended Application)/Author(Lan)>>", ""), "HP Scan"},
		"producer":      {writtenPDF("<</Creator()/Producer(EPSON Scan)>>", ""), "EPSON Scan"},
		"Unicode":       {writtenPDF("<</Producer<FEFF0051007500E900742010>>>", ""), "Quét‐"},
		"metadata":      {writtenPDF("<<>>", `<?xpacket begin?><rdf:Description xmp:CreatorTool="KMBT_C258 &amp; co"><pdf:Producer>x</pdf:Producer>`), "KMBT_C258 & co"},
		"model in it":   {writtenPDF("null", `<tiff:Make>RICOH</tiff:Make><tiff:Model>MP C3004</tiff:Model>`), "RICOH MP C3004"},
		"photograph":    {photoPDF(photo(t, said{maker, "Brother\x00"}, said{model, "ADS-2700W\x00"})), "Brother ADS-2700W"},
		"bundle":        {bundled(t, part{"jpg", photo(t, said{model, "fi-800R\x00"})}, part{"jpg", photo(t)}), "fi-800R"},
		"nothing":       {jpegBytes(t, letter(24, 34)), ""},

		"controls":  {photo(t, said{model, "EP\x1b[31mSON\r\n\x7f \u202eDS\u200b-530\x00"}), "EP[31mSON DS-530"},
		"not UTF-8": {photo(t, said{model, "EPSON \xff\xfe DS\x00"}), "EPSON DS"},
		"long":      {photo(t, said{model, strings.Repeat("ố", 5000)}), strings.Repeat("ố", 60)},
		"cut off":   {cutPhoto(t, said{model, "EPSON DS-530\x00"}), ""},
		"long PDF":  {writtenPDF("<</Producer("+strings.Repeat("a", 900_000)+")>>", ""), strings.Repeat("a", 60)},
		"too long":  {writtenPDF("<</Producer("+strings.Repeat("a", 3_000_000)+")>>", ""), ""},
		"loop":      {writtenPDF("<</Producer 6 0 R>>", "<tiff:Make><tiff:Make>"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := open(t, save(t, "in", c.file)).Device(t.Context()); got != c.want {
				t.Errorf("Device() = %q, want %q", got, c.want)
			}
		})
	}
}

// shownSafely: what a file says of its making can stand in a line of text.
func shownSafely(tb testing.TB, device string) {
	tb.Helper()
	unsafe := strings.ContainsFunc(device, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) })
	if unsafe || !utf8.ValidString(device) || utf8.RuneCountInString(device) > 60 {
		tb.Errorf("device %q", device)
	}
}
