// Package pagetest draws the pages that tests read: sheets of paper with type, seals,
// dotted lines and the damage that scanners do. Tests know what is on a page because
// they had it drawn, so no scan of a real paper lies in the tree.
package pagetest

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Sheet is a page being drawn. Places are in millimetres from the top left corner.
type Sheet struct {
	Image *image.RGBA
	DPI   int
	fonts map[string]*opentype.Font
}

// A4 is the size of a sheet in millimetres.
const (
	A4Width  = 210.0
	A4Height = 297.0
)

// New gives a white A4 sheet. It needs the Liberation fonts of the system.
func New(dpi int) (*Sheet, error) {
	s := &Sheet{DPI: dpi, fonts: map[string]*opentype.Font{}}
	s.Image = image.NewRGBA(image.Rect(0, 0, s.pixels(A4Width), s.pixels(A4Height)))
	draw.Draw(s.Image, s.Image.Rect, image.White, image.Point{}, draw.Src)
	for _, style := range []string{"Regular", "Bold", "Italic"} {
		f, err := loadFont(style)
		if err != nil {
			return nil, err
		}
		s.fonts[style] = f
	}
	return s, nil
}

// loadFont finds a font that has the letters of Vietnamese; the first Liberation
// fonts had not.
func loadFont(style string) (*opentype.Font, error) {
	var tried []error
	for _, folder := range []string{"liberation2", "liberation"} {
		b, err := os.ReadFile("/usr/share/fonts/truetype/" + folder + "/LiberationSerif-" + style + ".ttf")
		if err != nil {
			tried = append(tried, err)
			continue
		}
		f, err := opentype.Parse(b)
		if err != nil {
			tried = append(tried, err)
			continue
		}
		if glyph, err := f.GlyphIndex(nil, 'ế'); err == nil && glyph != 0 {
			return f, nil
		}
		tried = append(tried, fmt.Errorf("%s has no Vietnamese letters", folder))
	}
	return nil, fmt.Errorf("loading a font to draw with (Debian package fonts-liberation2): %w", errors.Join(tried...))
}

func (s *Sheet) pixels(mm float64) int { return int(math.Round(mm / 25.4 * float64(s.DPI))) }

// Type sets one line of text with its baseline's left end at x, y. The style is
// Regular, Bold or Italic; the size is in points.
func (s *Sheet) Type(x, y float64, style string, points float64, text string) error {
	face, err := opentype.NewFace(s.fonts[style], &opentype.FaceOptions{Size: points, DPI: float64(s.DPI), Hinting: font.HintingFull})
	if err != nil {
		return fmt.Errorf("setting %q: %w", text, err)
	}
	d := font.Drawer{Dst: s.Image, Src: image.NewUniform(color.Gray{30}), Face: face, Dot: fixed.P(s.pixels(x), s.pixels(y))}
	d.DrawString(text)
	return face.Close()
}

// Letter sets an official letter in the layout of Decree 30/2020 and gives its text
// in reading order.
func (s *Sheet) Letter() (truth string, err error) {
	for _, l := range letter() {
		if err := s.Type(l.x, l.y, l.style, l.points, l.text); err != nil {
			return "", err
		}
		truth += l.text + "\n"
	}
	return truth, nil
}

type typeset struct {
	x, y   float64
	style  string
	points float64
	text   string
}

func letter() []typeset {
	lines := []typeset{
		{32, 26, "Regular", 12, "UBND TỈNH NINH BÌNH"},
		{32, 32, "Bold", 12, "SỞ KẾ HOẠCH"},
		{32, 42, "Regular", 13, "Số: 1523/SKH-VP"},
		{32, 48, "Regular", 12, "V/v số hóa hồ sơ lưu trữ"},
		{88, 26, "Bold", 12, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{108, 32, "Bold", 13, "Độc lập - Tự do - Hạnh phúc"},
		{104, 42, "Italic", 13, "Ninh Bình, ngày 17 tháng 3 năm 2025"},
		{60, 62, "Regular", 14, "Kính gửi: Trung tâm Phục vụ hành chính công tỉnh"},
	}
	body := strings.Split(`Thực hiện kế hoạch số hóa kết quả giải quyết thủ tục hành chính,
Sở đề nghị Trung tâm rà soát toàn bộ hồ sơ giấy còn thời hạn bảo quản,
lập danh mục theo từng lĩnh vực và bàn giao trước ngày 30 tháng 6.
Mã hồ sơ: 000.00.15.H42-250317-0042
Hồ sơ phải được quét màu, độ phân giải tối thiểu 200 dpi, đúng khổ giấy;
mỗi giấy tờ lưu thành một tệp riêng, đặt tên theo mã số của hồ sơ gốc.
Trong quá trình thực hiện, nếu có vướng mắc đề nghị phản ánh kịp thời
về Sở để tổng hợp, hướng dẫn và báo cáo cấp có thẩm quyền xem xét.`, "\n")
	for i, text := range body {
		lines = append(lines, typeset{32, 76 + 8*float64(i), "Regular", 14, text})
	}
	return append(lines,
		typeset{130, 160, "Bold", 14, "KT. GIÁM ĐỐC"},
		typeset{128, 166, "Bold", 14, "PHÓ GIÁM ĐỐC"},
		typeset{130, 192, "Bold", 14, "Trần Thu Hương"},
	)
}

// Seal draws a round red seal: a double ring with a star of ink in it.
func (s *Sheet) Seal(x, y, radius float64) {
	cx, cy, r := s.pixels(x), s.pixels(y), float64(s.pixels(radius))
	red := color.RGBA{205, 40, 50, 255}
	for py := cy - int(r); py <= cy+int(r); py++ {
		for px := cx - int(r); px <= cx+int(r); px++ {
			d := math.Hypot(float64(px-cx), float64(py-cy)) / r
			if (d > 0.93 && d <= 1 || d > 0.7 && d < 0.74 || d < 0.2) && s.Image.RGBAAt(px, py).R > 150 {
				s.Image.SetRGBA(px, py, red)
			}
		}
	}
}

// Leader draws a row of dots from x to toX, as forms have it to be written on.
func (s *Sheet) Leader(x, toX, y, points float64) error {
	dots := int((toX - x) / 25.4 * 72 / (points / 4))
	return s.Type(x, y, "Regular", points, strings.Repeat(".", dots))
}

// Rotated gives the sheet turned clockwise by degrees about its middle, on white.
func (s *Sheet) Rotated(degrees float64) *Sheet {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	b := s.Image.Rect
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	return s.mapped(b, func(x, y int) image.Point {
		dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
		return image.Pt(int(math.Floor(cx+dx*cos+dy*sin)), int(math.Floor(cy+dy*cos-dx*sin)))
	})
}

// Turned gives the sheet turned clockwise by quarters of a turn.
func (s *Sheet) Turned(quarters int) *Sheet {
	w, h := s.Image.Rect.Dx(), s.Image.Rect.Dy()
	across, along := image.Rect(0, 0, h, w), s.Image.Rect
	switch ((quarters % 4) + 4) % 4 {
	case 1:
		return s.mapped(across, func(x, y int) image.Point { return image.Pt(y, h-1-x) })
	case 2:
		return s.mapped(along, func(x, y int) image.Point { return image.Pt(w-1-x, h-1-y) })
	case 3:
		return s.mapped(across, func(x, y int) image.Point { return image.Pt(w-1-y, x) })
	}
	return s.mapped(along, image.Pt)
}

// mapped gives a sheet whose every pixel is the one of s that from names, or white.
func (s *Sheet) mapped(b image.Rectangle, from func(x, y int) image.Point) *Sheet {
	out := &Sheet{Image: image.NewRGBA(b), DPI: s.DPI, fonts: s.fonts}
	white := []byte{255, 255, 255, 255}
	for y := range b.Dy() {
		row := out.Image.Pix[y*out.Image.Stride:]
		for x := range b.Dx() {
			px := white
			if p := from(x, y); p.In(s.Image.Rect) {
				px = s.Image.Pix[p.Y*s.Image.Stride+4*p.X:]
			}
			copy(row[4*x:4*x+4], px)
		}
	}
	return out
}

// Copy gives a sheet to draw on that leaves s as it is.
func (s *Sheet) Copy() *Sheet {
	img := *s.Image
	img.Pix = slices.Clone(img.Pix)
	return &Sheet{Image: &img, DPI: s.DPI, fonts: s.fonts}
}

// Worn darkens the sheet unevenly, as under bad light, and strews noise on it. The
// same seed gives the same wear.
func (s *Sheet) Worn(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	noise := make([]int, 1<<12)
	for i := range noise {
		noise[i] = int(math.Round(r.NormFloat64() * 4))
	}
	b := s.Image.Rect
	for y := range b.Dy() {
		row := s.Image.Pix[y*s.Image.Stride : y*s.Image.Stride+4*b.Dx()]
		at := r.IntN(len(noise))
		for x := range b.Dx() {
			light := 1000 - 350*x/b.Dx() - 100*y/b.Dy() // thousandths
			n := noise[(at+x)%len(noise)]
			for c := range 3 {
				row[4*x+c] = uint8(min(max(int(row[4*x+c])*light/1000+n, 0), 255))
			}
		}
	}
}

// JPEG encodes the sheet as a scanner does.
func (s *Sheet) JPEG() ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, s.Image, &jpeg.Options{Quality: 85}); err != nil {
		return nil, fmt.Errorf("encoding sheet: %w", err)
	}
	return b.Bytes(), nil
}

// PNG encodes the sheet without loss.
func (s *Sheet) PNG() ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, s.Image); err != nil {
		return nil, fmt.Errorf("encoding sheet: %w", err)
	}
	return b.Bytes(), nil
}

// PPM writes the sheet without compression, the fastest form to test with.
func (s *Sheet) PPM() []byte {
	b := s.Image.Rect
	out := fmt.Appendf(nil, "P6 %d %d 255\n", b.Dx(), b.Dy())
	at := len(out)
	out = slices.Grow(out, 3*b.Dx()*b.Dy())[:at+3*b.Dx()*b.Dy()]
	for y := range b.Dy() {
		row := s.Image.Pix[y*s.Image.Stride:]
		for x := range b.Dx() {
			copy(out[at:at+3], row[4*x:4*x+3])
			at += 3
		}
	}
	return out
}
