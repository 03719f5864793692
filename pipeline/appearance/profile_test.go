package appearance_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline/appearance"
)

// TestShippedProfiles has what the law wants of each.
func TestShippedProfiles(t *testing.T) {
	t.Parallel()
	all, err := appearance.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, corner := range map[string]appearance.Corner{
		"officer": appearance.TopLeft, "copy": appearance.TopRight, "incoming": appearance.TopRight,
	} {
		if p := all[name]; p.Corner != corner || p.Size != 10 || p.Seal != (name == "incoming") || p.IsZero() {
			t.Errorf("%s is %+v", name, p)
		}
	}
	if p, err := all.Get(appearance.None); err != nil || !p.IsZero() {
		t.Errorf("none is %+v, %v", p, err)
	}
	if _, err := all.Get("stamp"); !errors.Is(err, appearance.ErrProfile) {
		t.Errorf("a profile of no such name: %v", err)
	}
	if again, err := appearance.Parse(appearance.Shipped()); err != nil || len(again) != len(all) {
		t.Errorf("what is printed cannot be given back: %v", err)
	}
}

// TestOverride changes one line of a profile and adds another one.
func TestOverride(t *testing.T) {
	t.Parallel()
	all, err := appearance.Parse([]byte("copy:\n  size: 12\nvào-sổ:\n  corner: top-left\n  size: 9\n  margin: 20\n  widths: [200]\n  lines: ['Đã vào sổ {time}']\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p := all["copy"]; p.Size != 12 || p.Corner != appearance.TopRight || len(p.Lines) != 3 {
		t.Errorf("copy is %+v", p)
	}
	c := choose(t, all["vào-sổ"], facts(), a4().page())
	if got := written(t, c.Drawing); got != "Đã vào sổ 2022-10-11T09:30:05+07:00" || c.Frame.X0 != 20 {
		t.Errorf("it says %q at %v", got, c.Frame)
	}
}

// TestBadProfiles are refused, with what is wrong.
func TestBadProfiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"copy: {size: 100}":         "size is 100",
		"copy: {size: .nan}":        "size is NaN",
		"copy: {margin: -1}":        "margin is -1",
		"copy: {corner: middle}":    "corner is",
		"copy: {widths: [10]}":      "widths",
		"copy: {widths: [.nan]}":    "widths",
		"copy: {widths: []}":        "widths",
		"copy: {lines: ['{name}']}": "{name}",
		"copy: {lines: []}":         "lines",
		"copy: {colour: red}":       "colour",
		"none: {size: 10}":          "kept for showing nothing",
		"other: {size: 10}":         "lines",
		"- copy":                    "cannot unmarshal",
		"copy: [":                   "",
	} {
		if _, err := appearance.Parse([]byte(text)); !errors.Is(err, appearance.ErrProfile) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to say %q", text, err, want)
		}
	}
}

// FuzzParse reads any file: what is taken can be shown.
func FuzzParse(f *testing.F) {
	f.Add(appearance.Shipped())
	f.Add([]byte("copy: {size: 72, margin: 200, widths: [20, 5000], lines: ['{form}{form}{agency}', ' ', '{time}']}"))
	f.Add([]byte("a: &x {corner: top-left, size: 4, margin: 0, widths: [20], lines: ['\\u200b\\u0301']}\nb: *x"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := appearance.Parse(text)
		if err != nil {
			if !errors.Is(err, appearance.ErrProfile) {
				t.Errorf("another error: %v", err)
			}
			return
		}
		page := appearance.Page{Width: a4Width, Height: a4Height}
		for _, p := range all {
			if c := choose(t, p, facts(), page); c.Why == "" && (c.Frame.X0 < 0 || c.Frame.X1 > a4Width || c.Frame.Y1 > a4Height) {
				t.Errorf("%+v stands at %v", p, c.Frame)
			}
		}
	})
}

var shown = regexp.MustCompile(`<([0-9A-F]+)> Tj`)

// written is the text of a drawing, as its codes have it.
func written(t *testing.T, d appearance.Drawing) string {
	t.Helper()
	means := map[uint16]rune{}
	for _, g := range d.Font.Glyphs {
		means[g.ID] = g.Text
	}
	var lines []string
	for _, m := range shown.FindAllSubmatch(d.Content, -1) {
		codes, err := hex.DecodeString(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		line := ""
		for ; len(codes) >= 2; codes = codes[2:] {
			line += string(means[uint16(codes[0])<<8|uint16(codes[1])])
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "|")
}

// TestWords writes what the law wants, times as ISO 8601 with the zone of Vietnam, letters
// composed, and nothing that does not show.
func TestWords(t *testing.T) {
	t.Parallel()
	page := a4().page()
	if got := written(t, choose(t, profile(t, "copy"), facts(), page).Drawing); got != "SAO Y|Ủy ban nhân dân xã Gia Viễn|2022-10-11T09:30:05+07:00" {
		t.Errorf("copy says %q", got)
	}
	f := facts()
	f.Signer = norm.NFD.String("Đặng  Thị\u200b Mỹ\tDuyên") + "\u202e"
	if got := written(t, choose(t, profile(t, "officer"), f, page).Drawing); got != "Người số hóa: Đặng Thị Mỹ Duyên|Thời gian sao chụp: 2022-10-11T09:30:05+07:00" {
		t.Errorf("officer says %q", got)
	}
	f.Signer = "李 Lan"
	if got := written(t, choose(t, profile(t, "officer"), f, page).Drawing); !strings.HasPrefix(got, "Người số hóa: ? Lan|") {
		t.Errorf("of letters that the font lacks it says %q", got)
	}
	f.Agency, f.Notice = strings.Repeat("Trung tâm Phục vụ hành chính công ", 4), "Không có giá trị"
	long := choose(t, profile(t, "copy"), f, page)
	if got := written(t, long.Drawing); strings.Count(got, "|") < 4 || !strings.HasSuffix(got, "|Không có giá trị") {
		t.Errorf("a long name is written %q", got)
	}
	tight := withWords(a4(), rows(20, 28, a4Width-20, a4Height-20)...)
	if got := written(t, choose(t, profile(t, "copy"), facts(), tight.page()).Drawing); got != "SAO Y; Ủy ban nhân dân xã Gia Viễn; 2022-10-11T09:30:05+07:00" {
		t.Errorf("in a small margin it says %q", got)
	}
}

// TestSubset compares the glyphs of the font that is embedded with those of the whole one:
// every letter of Vietnamese, also those that are made of parts.
func TestSubset(t *testing.T) {
	t.Parallel()
	const letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY" +
		"áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ" +
		"ÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ0123456789:;,.-–+/()"
	f := facts()
	f.Signer = letters
	font := choose(t, profile(t, "officer"), f, appearance.Page{Width: 3000, Height: 3000}).Drawing.Font
	whole, err := sfnt.Parse(liberationserifregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	if len(font.File) > 60<<10 {
		t.Errorf("the subset has %d bytes", len(font.File))
	}
	part, err := sfnt.Parse(completed(font.File))
	if err != nil {
		t.Fatal(err)
	}
	have := map[rune]appearance.Glyph{}
	for _, g := range font.Glyphs {
		have[g.Text] = g
	}
	var buf sfnt.Buffer
	em := fixed.I(int(whole.UnitsPerEm()))
	for _, r := range letters {
		id, err := whole.GlyphIndex(&buf, r)
		if err != nil || id == 0 {
			t.Fatalf("the font lacks %c: %v", r, err)
		}
		if g := have[r]; g.ID != uint16(id) || g.Width == 0 {
			t.Errorf("%c is glyph %d, %d wide, want %d", r, g.ID, g.Width, id)
		}
		want, err := whole.LoadGlyph(&buf, id, em, nil)
		if err != nil {
			t.Fatal(err)
		}
		want = slices.Clone(want) // the next call takes its place
		got, err := part.LoadGlyph(&buf, id, em, nil)
		if err != nil || len(got) == 0 || !slices.Equal(got, want) {
			t.Errorf("%c is drawn with %d segments, want %d, %v", r, len(got), len(want), err)
		}
	}
	if !regexp.MustCompile(`^[A-Z]{6}\+LiberationSerif$`).MatchString(font.Name) {
		t.Errorf("the subset is named %q", font.Name)
	}
}

// tables takes a font file apart.
func tables(file []byte) map[string][]byte {
	all := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		e := file[12+16*i:]
		from := binary.BigEndian.Uint32(e[8:])
		all[string(e[:4])] = file[from : from+binary.BigEndian.Uint32(e[12:])]
	}
	return all
}

// completed gives a subset the tables that a PDF has in its own way, for a reader that
// wants them.
func completed(subset []byte) []byte {
	all := tables(liberationserifregular.TTF)
	for _, tag := range slices.Collect(maps.Keys(all)) {
		if !slices.Contains([]string{"cmap", "name", "OS/2", "post"}, tag) {
			delete(all, tag)
		}
	}
	all["post"] = append([]byte{0, 3, 0, 0}, make([]byte, 28)...) // without names of glyphs
	maps.Copy(all, tables(subset))
	head := []byte{0, 1, 0, 0, 0, byte(len(all)), 0, 0, 0, 0, 0, 0}
	var body []byte
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		head = append(head, tag+"\x00\x00\x00\x00"...)
		head = binary.BigEndian.AppendUint32(head, uint32(12+16*len(all)+len(body)))
		head = binary.BigEndian.AppendUint32(head, uint32(len(all[tag])))
		body = append(body, all[tag]...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	return append(head, body...)
}

// sized says in a PNG how large it is: so many pixels to a metre.
func sized(file []byte, pixels uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("pHYs"), pixels)
	chunk = append(binary.BigEndian.AppendUint32(chunk, pixels), 1)
	whole := append(binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4)), chunk...)
	whole = binary.BigEndian.AppendUint32(whole, crc32.ChecksumIEEE(chunk))
	return slices.Concat(file[:33], whole, file[33:]) // behind the header
}

// TestReadSeal takes a seal in its true size, and nothing that is none.
func TestReadSeal(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	m := image.NewNRGBA(image.Rect(0, 0, 425, 425))
	draw.Draw(m, image.Rect(100, 100, 200, 200), image.NewUniform(color.NRGBA{R: 200, A: 128}), image.Point{}, draw.Src)
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	s, err := appearance.ReadSeal(sized(b.Bytes(), 11811)) // 300 to an inch
	if err != nil || math.Abs(s.WidthPt-102) > 0.1 || s.Width != 425 || s.RGB[3*(150*425+150)] < 195 || s.Alpha[150*425+150] != 128 || s.Alpha[0] != 0 {
		t.Errorf("a seal of 36 mm: %v", err)
	}
	for name, file := range map[string][]byte{
		"no size": b.Bytes(), "too large": sized(b.Bytes(), 3000), "no picture": []byte("GIF89a"), "cut off": sized(b.Bytes(), 11811)[:80],
	} {
		if _, err := appearance.ReadSeal(file); !errors.Is(err, appearance.ErrProfile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReadSeal takes any file for a seal: what is taken has a size and all its pixels.
func FuzzReadSeal(f *testing.F) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(sized(b.Bytes(), 11811))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := appearance.ReadSeal(file)
		if err != nil {
			return
		}
		if n := m.Width * m.Height; n <= 0 || len(m.RGB) != 3*n || len(m.Alpha) != n || !(m.WidthPt > 0 && m.WidthPt <= 171) {
			t.Errorf("a seal of %d by %d pixels and %g points has %d bytes", m.Width, m.Height, m.WidthPt, len(m.RGB))
		}
	})
}
