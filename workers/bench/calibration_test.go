package bench_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/workers/bench"
)

// pageOf makes a page of lines of words.
func pageOf(confidence float32, lines ...string) pipeline.Page {
	var p pipeline.Page
	for _, line := range lines {
		var l pipeline.Line
		for word := range strings.FieldsSeq(line) {
			l.Words = append(l.Words, pipeline.Word{Text: word, Confidence: confidence})
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}

func wrongOf(words []bench.Judged) []string {
	var wrong []string
	for _, w := range words {
		if !w.Right {
			wrong = append(wrong, w.Text)
		}
	}
	return wrong
}

func TestJudge(t *testing.T) {
	t.Parallel()
	const truth = "CỘNG HÒA XÃ HỘI\nSố: 12/QĐ-UBND\nông Hoàng Văn Thiệp"
	for _, c := range []struct {
		name  string
		lines []string
		wrong []string
	}{
		{"all right", []string{"CỘNG HÒA XÃ HỘI", "Số: 12/QĐ-UBND", "ông Hoàng Văn Thiệp"}, nil},
		{"other order, dashes and Đ", []string{"ông Hoàng Văn Thiệp Số: 12/QÐ–UBND", "CỘNG HÒA XÃ HỘI"}, nil},
		{"columns interleaved", []string{"CỘNG HÒA Số: XÃ HỘI", "ông Hoàng 12/QĐ-UBND Văn Thiệp"}, nil},
		{"a tone", []string{"CỘNG HOA XÃ HỘI", "Số: 12/QĐ-UBND", "ông Hoàng Vân Thiệp"}, []string{"HOA", "Vân"}},
		{"letters of a seal", []string{"CỘNG HÒA XÃ HỘI", "Số: 12/QĐ-UBND", "*VH* Văn", "ông Hoàng Văn Thiệp"}, []string{"*VH*", "Văn"}},
		{"run together", []string{"CỘNG HÒA XÃHỘI"}, []string{"XÃHỘI"}},
		{"leader dots", []string{"CỘNG HÒA ...... XÃ HỘI ____"}, nil},
		{"marks apart from their letters", []string{"CO\u0323\u0302NG HO\u0300A XÃ HỘI"}, nil},
	} {
		if got := wrongOf(bench.Judge(truth, []pipeline.Page{pageOf(90, c.lines...)})); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: wrong are %q, want %q", c.name, got, c.wrong)
		}
	}
}

// Of two equal words, the one that stands where the truth has it is right, and the
// one in the noise is not.
func TestTheWordInItsPlaceIsRight(t *testing.T) {
	t.Parallel()
	noise, line := pageOf(30, "của ~"), pageOf(95, "quyền lợi của người nộp")
	words := bench.Judge("quyền lợi của người nộp", []pipeline.Page{noise, line})
	for _, w := range words {
		if w.Right != (w.Confidence > 90) {
			t.Errorf("%s (%.0f): right = %v", w.Text, w.Confidence, w.Right)
		}
	}
}

func TestCalibrate(t *testing.T) {
	t.Parallel()
	var words []bench.Judged
	add := func(n int, confidence float64, right int) {
		for i := range n {
			words = append(words, bench.Judged{Confidence: confidence, Right: i < right})
		}
	}
	add(100, 96, 96) // as it says
	add(10, 92, 6)   // too sure: 0.92 to 0.60
	add(10, 55, 8)   // too modest: 0.55 to 0.80
	add(2, 100, 2)   // the upper end belongs to the last bin
	add(1, 0, 0)     // and the lower to the first
	c := bench.Calibrate(words)
	want := (10*0.32 + 10*0.25) / 123
	if c.Words != 123 || math.Abs(c.Error-want) > 1e-9 || math.Abs(c.Right-112./123) > 1e-9 {
		t.Errorf("%d words, error %.4f, right %.4f; want 123, %.4f, %.4f", c.Words, c.Error, c.Right, want, 112./123)
	}
	sum := 0
	for _, b := range c.Bins {
		sum += b.Words
		if b.Words > 0 && (b.Mean*100 < b.From || b.Mean*100 > b.To) {
			t.Errorf("bin %.0f to %.0f has the mean %.3f", b.From, b.To, b.Mean)
		}
	}
	if last := c.Bins[len(c.Bins)-1]; sum != 123 || last.Words != 2 || last.From != 98 {
		t.Errorf("%d words in bins, the last: %+v", sum, last)
	}
}

func TestCurveIsAPicture(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := bench.Calibrate([]bench.Judged{{Confidence: 97, Right: true}, {Confidence: 20}}).Curve(&out); err != nil {
		t.Fatal(err)
	}
	dots, words := 0, ""
	for d := xml.NewDecoder(bytes.NewReader(out.Bytes())); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "circle" {
				dots++
			}
		case xml.CharData:
			words += string(token)
		}
	}
	if dots != 2 || !strings.Contains(words, "confidence of the word") || !strings.Contains(words, "words that are right") {
		t.Errorf("%d dots; words: %s", dots, words)
	}
}
