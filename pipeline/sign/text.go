package sign

import (
	"crypto/x509"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"hoso/pipeline/sign/internal/pdf"
)

// text decodes a text string for people: at most 200 runes, control characters left
// out.
func text(v pdf.Value) string {
	b := v.Bytes()
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

// plain makes what strangers call themselves fit to be shown: one line of at most 200
// runes without marks that turn the direction of text, since a name that reads backwards
// takes the words behind it along.
func plain(s string) string {
	kept := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, s)
	runes := []rune(kept)
	return string(runes[:min(len(runes), 200)])
}

// names are the common names of who holds a certificate and of who issued it, as they may
// be shown.
func names(c *x509.Certificate) (holder, issuer string) {
	return plain(c.Subject.CommonName), plain(c.Issuer.CommonName)
}

// numbered tells of a certificate by its serial number, without the name of its holder:
// errors are logged.
func numbered(c *x509.Certificate) string { return "certificate " + c.SerialNumber.Text(16) }

// date reads a PDF date; the zero time if v is none.
func date(v pdf.Value) time.Time {
	s := strings.TrimPrefix(string(v.Bytes()), "D:")
	s = strings.ReplaceAll(s, "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0700", "20060102150405Z", "20060102150405"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
