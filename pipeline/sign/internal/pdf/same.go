package pdf

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Same reports whether two values mean the same, however they are written: programs
// that append a revision write anew what they change only a part of.
func (v Value) Same(w Value) bool {
	return bytes.Equal(v.Raw, w.Raw) || canonical(v) == canonical(w)
}

// canonical writes a value in one way. A value that cannot be read stays as it is.
func canonical(v Value) string {
	if len(v.Raw) == 0 {
		return "null"
	}
	if d, err := v.Dict(); err == nil {
		return canonicalDict(d)
	}
	if list, err := v.Array(); err == nil {
		var b strings.Builder
		for _, e := range list {
			b.WriteString(canonical(e) + " ")
		}
		return "[" + b.String() + "]"
	}
	switch v.Raw[0] {
	case '(', '<':
		return "<" + hex.EncodeToString(v.Bytes()) + ">"
	case '/':
		return "/" + escapeName(v.Name())
	}
	if ref, ok := v.Ref(); ok {
		return ref.String()
	}
	if isNumber(v.Raw) {
		if n, err := strconv.ParseFloat(string(v.Raw), 64); err == nil {
			return strconv.FormatFloat(n, 'g', -1, 64)
		}
	}
	return string(v.Raw)
}

// isNumber reports whether a word is a number of PDF, which knows no exponents.
func isNumber(raw []byte) bool {
	for i, c := range raw {
		if !isDigit(c) && c != '.' && (i > 0 || c != '+' && c != '-') {
			return false
		}
	}
	return true
}

func canonicalDict(d Dict) string {
	sorted := slices.Clone(d)
	slices.SortStableFunc(sorted, func(a, b Entry) int { return cmp.Compare(a.Key, b.Key) })
	var b strings.Builder
	for _, e := range sorted {
		if !e.Value.IsNull() { // a null entry is no entry (ISO 32000-1, 7.3.7)
			b.WriteString("/" + escapeName(e.Key) + " " + canonical(e.Value) + " ")
		}
	}
	return "<<" + b.String() + ">>"
}

// Bytes gives the bytes of a string, literal or hexadecimal, nil if v is none.
func (v Value) Bytes() []byte {
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
