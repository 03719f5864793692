package lazy

import (
	"fmt"
	"strings"
)

// less reads what begins with "<": a dictionary's bracket or a string of digits.
func (l *Lexer) less() (any, error) {
	c, err := l.readByte()
	if err != nil {
		return nil, noEOF(err)
	}
	if c == '<' {
		return delimiter("<<"), nil
	}
	var b []byte
	half, high := false, byte(0)
	for ; c != '>'; c, err = l.readByte() {
		if err != nil {
			return nil, noEOF(err)
		}
		if isSpace(c) {
			continue
		}
		v, ok := digit(c)
		if !ok {
			return nil, fmt.Errorf("reading a string of hexadecimal digits: %w", ErrFormat)
		}
		if half {
			b = append(b, high<<4|v)
		}
		half, high = !half, v
	}
	if half {
		b = append(b, high<<4)
	}
	return String(b), nil
}

func digit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// literal reads a string in parentheses, the first of which is read already.
func (l *Lexer) literal() (any, error) {
	var b []byte
	for open := 1; ; {
		c, err := l.readByte()
		if err != nil {
			return nil, noEOF(err)
		}
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return String(b), nil
			}
		case '\\':
			if b, err = l.escape(b); err != nil {
				return nil, noEOF(err)
			}
			continue
		case '\r':
			c = '\n'
			if next, err := l.readByte(); err == nil && next != '\n' {
				l.unread()
			}
		}
		b = append(b, c)
	}
}

// escape appends what the escape after a backslash stands for.
func (l *Lexer) escape(b []byte) ([]byte, error) {
	c, err := l.readByte()
	if err != nil {
		return b, err
	}
	const letters, meant = "nrtbf", "\n\r\t\b\f"
	if i := strings.IndexByte(letters, c); i >= 0 {
		return append(b, meant[i]), nil
	}
	switch {
	case c == '\r': // a line continued; its end may have two bytes
		if next, err := l.readByte(); err == nil && next != '\n' {
			l.unread()
		}
		return b, nil
	case c == '\n':
		return b, nil
	case c >= '0' && c <= '7':
		return l.octal(b, c-'0')
	}
	return append(b, c), nil
}

// octal appends the byte of up to three octal digits, the first of which is v.
func (l *Lexer) octal(b []byte, v byte) ([]byte, error) {
	for range 2 {
		next, err := l.readByte()
		if err != nil {
			return b, err
		}
		if next < '0' || next > '7' {
			l.unread()
			break
		}
		v = v<<3 | next - '0'
	}
	return append(b, v), nil
}

// SkipInlineImage passes over the data of an inline image, after its operator ID
// was read, up to and including EI.
func (l *Lexer) SkipInlineImage() error {
	var last [4]byte
	for {
		c, err := l.readByte()
		if err != nil {
			return noEOF(err)
		}
		last = [4]byte{last[1], last[2], last[3], c}
		if isSpace(last[0]) && last[1] == 'E' && last[2] == 'I' && isSpace(c) {
			return nil
		}
	}
}
