package sign

import (
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf16"

	"hoso/pipeline/sign/internal/pdf"
)

// stringBytes gives the bytes of a PDF string, nil if v is none.
func stringBytes(v pdf.Value) []byte {
	raw := v.Raw
	if len(raw) < 2 {
		return nil
	}
	switch raw[0] {
	case '<':
		return hexBytes(raw[1 : len(raw)-1])
	case '(':
		return literalBytes(raw[1 : len(raw)-1])
	}
	return nil
}

func hexBytes(raw []byte) []byte {
	digits := make([]byte, 0, len(raw)+1)
	for _, c := range raw {
		switch c {
		case ' ', '\n', '\r', '\t', '\f', 0:
		default:
			digits = append(digits, c)
		}
	}
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, len(digits)/2)
	if _, err := hex.Decode(out, digits); err != nil {
		return nil
	}
	return out
}

// literalBytes undoes the escapes of a literal string (ISO 32000-1, 7.3.4.2).
func literalBytes(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		if c := raw[i]; c >= '0' && c <= '7' {
			n := 0
			for k := 0; k < 3 && i < len(raw) && raw[i] >= '0' && raw[i] <= '7'; k++ {
				n = n<<3 | int(raw[i]-'0')
				i++
			}
			i--
			out = append(out, byte(n))
			continue
		}
		out = append(out, escaped(raw[i])...)
	}
	return out
}

func escaped(c byte) []byte {
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		return []byte{"\n\r\t\b\f"[i]}
	}
	if c == '\n' || c == '\r' {
		return nil // a line that goes on
	}
	return []byte{c}
}

// text decodes a text string for people: at most 200 runes, control characters left
// out.
func text(v pdf.Value) string {
	b := stringBytes(v)
	s := ""
	switch {
	case len(b) >= 2 && b[0] == 0xFE && b[1] == 0xFF:
		var units []uint16
		for i := 2; i+1 < len(b) && i < 1000; i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		s = string(utf16.Decode(units))
	case len(b) >= 3 && string(b[:3]) == "\xEF\xBB\xBF":
		s = strings.ToValidUTF8(string(b[3:min(len(b), 1000)]), "�")
	default:
		for _, c := range b[:min(len(b), 1000)] {
			s += string(rune(c))
		}
	}
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return -1
		}
		return r
	}, s))
	return string(runes[:min(len(runes), 200)])
}

// date reads a PDF date; the zero time if v is none.
func date(v pdf.Value) time.Time {
	s := strings.TrimPrefix(string(stringBytes(v)), "D:")
	s = strings.ReplaceAll(s, "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0700", "20060102150405Z", "20060102150405"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
