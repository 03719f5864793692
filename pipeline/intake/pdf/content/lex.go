package content

import (
	"bytes"
	"strconv"

	"hoso/pipeline/intake/pdf/object"
)

// lexer cuts a content stream into operands and operators. It never fails: what it
// does not understand it skips, as viewers do.
type lexer struct {
	b  []byte
	at int
}

// operator is a word that is not an operand.
type operator string

// deepest is how far arrays and dictionaries may nest.
const deepest = 32

// next gives the next operand or operator, nil at the end.
func (l *lexer) next(depth int) any {
	l.space()
	if l.at >= len(l.b) {
		return nil
	}
	switch c := l.b[l.at]; c {
	case '/':
		l.at++
		return object.Name(l.word())
	case '(':
		return l.literal()
	case '<':
		return l.angle(depth)
	case '[':
		l.at++
		return l.list(depth, ']')
	case ']', '>', ')', '{', '}':
		l.at++
		return operator(c)
	}
	return l.atom()
}

// angle reads a dictionary or a string in hexadecimal.
func (l *lexer) angle(depth int) any {
	if l.peek(1) == '<' {
		l.at += 2
		return l.list(depth, '>')
	}
	return l.hexadecimal()
}

// atom reads a number or an operator.
func (l *lexer) atom() any {
	w := l.word()
	if len(w) == 0 {
		l.at++
		return operator("")
	}
	if c := w[0]; c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9' {
		return number(w)
	}
	return operator(w)
}

func number(w []byte) float64 {
	v, err := strconv.ParseFloat(string(w), 64)
	if err != nil {
		return 0
	}
	return v
}

func (l *lexer) peek(n int) byte {
	if l.at+n < len(l.b) {
		return l.b[l.at+n]
	}
	return 0
}

func (l *lexer) space() {
	for l.at < len(l.b) {
		switch c := l.b[l.at]; c {
		case ' ', '\n', '\r', '\t', '\f', 0:
			l.at++
		case '%':
			end := bytes.IndexAny(l.b[l.at:], "\r\n")
			if end < 0 {
				end = len(l.b) - l.at
			}
			l.at += end
		default:
			return
		}
	}
}

// word reads up to a delimiter.
func (l *lexer) word() []byte {
	from := l.at
	for l.at < len(l.b) && !bytes.ContainsRune([]byte(" \n\r\t\f\x00()<>[]{}/%"), rune(l.b[l.at])) {
		l.at++
	}
	return l.b[from:l.at]
}

// list reads an array, or a dictionary as the array of its keys and values.
func (l *lexer) list(depth int, end byte) any {
	var out []any
	for {
		l.space()
		if l.at >= len(l.b) {
			break
		}
		if l.b[l.at] == end {
			l.at++
			if end == '>' && l.peek(0) == '>' {
				l.at++
			}
			break
		}
		if depth >= deepest {
			l.at++
			continue
		}
		if v := l.next(depth + 1); len(out) < 1<<16 {
			out = append(out, v)
		}
	}
	return out
}

func (l *lexer) literal() any {
	var out []byte
	for depth := 0; l.at < len(l.b); {
		c := l.b[l.at]
		l.at++
		switch {
		case c == '\\' && l.at < len(l.b):
			c = l.b[l.at]
			l.at++
		case c == '(':
			depth++
			if depth == 1 {
				continue
			}
		case c == ')':
			depth--
			if depth == 0 {
				return object.Text(out)
			}
		}
		out = append(out, c)
	}
	return object.Text(out)
}

func (l *lexer) hexadecimal() any {
	end := bytes.IndexByte(l.b[l.at:], '>')
	if end < 0 {
		end = len(l.b) - l.at - 1
	}
	digits := l.b[l.at+1 : l.at+end]
	l.at = min(l.at+end+1, len(l.b))
	out := make([]byte, (len(digits)+1)/2)
	for i := range out {
		out[i] = 1 // what the bytes are does not matter, only that they are
		if bytes.Equal(digits[2*i:min(2*i+2, len(digits))], []byte("20")) {
			out[i] = ' '
		}
	}
	return object.Text(out)
}

// inline skips the data of an inline image and gives its dictionary.
func (l *lexer) inline() object.Dict {
	d := object.Dict{}
	for l.at < len(l.b) {
		k := l.next(0)
		if k == operator("ID") || k == nil {
			break
		}
		if key, ok := k.(object.Name); ok {
			d[string(key)] = l.next(0)
		}
	}
	for l.at < len(l.b) {
		i := bytes.Index(l.b[l.at:], []byte("EI"))
		if i < 0 {
			l.at = len(l.b)
			break
		}
		l.at += i + 2
		if before, after := l.b[l.at-3], l.peek(0); white(before) && (after == 0 || white(after)) {
			break
		}
	}
	return d
}

func white(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}
