package lazy_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline/compose/internal/lazy"
)

func TestValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"42": int64(42), "-7 ": int64(-7), "+.5": 0.5, "4.": 4.0, "true": true, "null": nil,
		"/A#20b#zz":                lazy.Name("A b#zz"),
		"/":                        lazy.Name(""),
		"(a(b)\\)\\\\\\n\\101\\7)": lazy.String("a(b))\\\nA\a"),
		"(x\\\r\ny\rz)":            lazy.String("xy\nz"),
		"<48 6F 7>":                lazy.String("Hop"),
		"<>":                       lazy.String(""),
		"12 0 R":                   lazy.Ref{Num: 12},
		"[1 2 0 R 3 4 % c\n 5.5]":  lazy.Array{int64(1), lazy.Ref{Num: 2}, int64(3), int64(4), 5.5},
		"<</A 1/B[<<>>]/C(x)>>":    lazy.Dict{"A": int64(1), "B": lazy.Array{lazy.Dict{}}, "C": lazy.String("x")},
		"BT":                       lazy.Operator("BT"),
	} {
		got, err := lazy.NewLexer(strings.NewReader(text)).Value()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("Value of %q: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestMalformedValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"": io.EOF, " % only a comment": io.EOF,
		"(open": io.ErrUnexpectedEOF, "<< /A": io.ErrUnexpectedEOF, "[1 2": io.ErrUnexpectedEOF, "<4": io.ErrUnexpectedEOF,
		")": lazy.ErrFormat, "]": lazy.ErrFormat, ">": lazy.ErrFormat, "<zz>": lazy.ErrFormat,
		"<< 1 2 >>": lazy.ErrFormat, "[BT]": lazy.ErrFormat, "<< /A >>": lazy.ErrFormat,
		strings.Repeat("[", 5000):                 lazy.ErrTooMuch,
		strings.Repeat("a", 5000):                 lazy.ErrTooMuch,
		"[" + strings.Repeat("0 ", 600_000) + "]": lazy.ErrTooMuch,
	} {
		if _, err := lazy.NewLexer(strings.NewReader(text)).Value(); !errors.Is(err, want) {
			t.Errorf("Value of %.20q = %v, want %v", text, err, want)
		}
	}
}

func TestInlineImageIsPassedOver(t *testing.T) {
	t.Parallel()
	l := lazy.NewLexer(strings.NewReader("ID \x01(EI) \xFF EI Q"))
	for _, want := range []lazy.Operator{"ID", "Q"} {
		got, err := l.Value()
		if err != nil || got != want {
			t.Fatalf("Value = %v, %v; want %s", got, err, want)
		}
		if want == "ID" {
			if err := l.SkipInlineImage(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// file lays objects 1 to n out with a table and a trailer.
func file(trailer string, objects ...string) []byte {
	b := []byte("%PDF-1.7\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return fmt.Appendf(b, "%strailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n", table, trailer, len(b))
}

func open(b []byte) (*lazy.File, error) {
	return lazy.Open(bytes.NewReader(b), int64(len(b)))
}

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := zlib.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 8<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	stream := func(entries, data string) string {
		return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", entries, len(data), data)
	}
	for name, test := range map[string]struct {
		object string
		want   error
	}{
		"length in itself":  {"<< /Length 1 0 R >>\nstream\n\nendstream", lazy.ErrTooMuch},
		"length too long":   {"<< /Length 99999 >>\nstream\nx\nendstream", lazy.ErrFormat},
		"length too short":  {"<< /Length 1 >>\nstream\nxyz\nendstream", lazy.ErrFormat},
		"length negative":   {"<< /Length -1 >>\nstream\nx\nendstream", lazy.ErrFormat},
		"two values":        {"1 2", lazy.ErrFormat},
		"inflates too much": {stream("/Filter /FlateDecode", bomb.String()), lazy.ErrTooMuch},
		"not deflated":      {stream("/Filter [/FlateDecode]", "plain"), zlib.ErrHeader},
		"other filter":      {stream("/Filter /LZWDecode", "x"), lazy.ErrFilter},
		"two filters":       {stream("/Filter [/FlateDecode /FlateDecode]", "x"), lazy.ErrFilter},
		"other predictor":   {stream("/DecodeParms << /Predictor 2 >>", "x"), lazy.ErrFilter},
		"unknown PNG row":   {stream("/DecodeParms << /Predictor 12 /Columns 1 >>", "\x09x"), lazy.ErrFormat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := open(file("/Root 1 0 R", test.object))
			if err != nil {
				t.Fatal(err)
			}
			v, err := f.Object(lazy.Ref{Num: 1})
			if s, ok := v.(lazy.Stream); ok {
				_, err = f.Decode(s, 1<<20)
			}
			if !errors.Is(err, test.want) {
				t.Errorf("reading %q = %v, want %v", name, err, test.want)
			}
		})
	}
}

func TestHostileTables(t *testing.T) {
	t.Parallel()
	good := string(file("/Root 1 0 R", "null"))
	table := strings.Index(good, "xref\n")
	loop := strings.Replace(good, "/Root 1 0 R", fmt.Sprintf("/Root 1 0 R /Prev %d", table), 1)
	for name, test := range map[string]struct {
		pdf  string
		want error
	}{
		"empty":             {"", lazy.ErrFormat},
		"sections in loop":  {loop, lazy.ErrTooMuch},
		"beyond the end":    {strings.Replace(good, "startxref\n", "startxref\n9", 1), lazy.ErrFormat},
		"huge numbers":      {strings.Replace(good, "0 2\n", "9999999 2\n", 1), lazy.ErrTooMuch},
		"negative numbers":  {strings.Replace(good, "0 2\n", "-5 2\n", 1), lazy.ErrTooMuch},
		"offset outside":    {strings.Replace(good, "0000000009", "9999999999", 1), lazy.ErrFormat},
		"count of billions": {strings.Replace(good, "0 2\n", "0 9000000000\n", 1), lazy.ErrFormat},
		"no trailer":        {strings.Replace(good, "trailer", "trolley", 1), lazy.ErrFormat},
		"bad Prev":          {strings.Replace(good, "/Root", "/Prev (x) /Root", 1), lazy.ErrFormat},
	} {
		if _, err := open([]byte(test.pdf)); !errors.Is(err, test.want) {
			t.Errorf("%s: Open = %v, want %v", name, err, test.want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(file("/Root 1 0 R", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Length 2 >>\nstream\nab\nendstream"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		pdf, err := open(b)
		if err != nil {
			return
		}
		for ref := range pdf.Objects() {
			if v, err := pdf.Object(ref); err == nil {
				if s, ok := v.(lazy.Stream); ok {
					_, _ = pdf.Decode(s, 1<<16)
				}
			}
		}
	})
}
