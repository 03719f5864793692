package lazy

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Lexer reads values and operators from the text of a PDF.
type Lexer struct {
	r       *bufio.Reader
	pos     int64 // of the next byte, from where the lexer was reset
	back    []any // values read ahead, next one last
	values  int
	scratch []byte
}

// delimiter is a bracket; "[", "]", "<<", ">>", "{" and "}".
type delimiter string

// NewLexer reads from r, which the caller bounds.
func NewLexer(r io.Reader) *Lexer {
	return &Lexer{r: bufio.NewReaderSize(r, 4096)}
}

func (l *Lexer) reset(r io.Reader) {
	l.r.Reset(r)
	l.pos, l.back, l.values = 0, l.back[:0], 0
}

// Value reads the next value or Operator; io.EOF at the end. Indirect references
// are recognized.
func (l *Lexer) Value() (any, error) {
	l.values = 0
	return l.value(0)
}

func (l *Lexer) value(depth int) (any, error) {
	if l.values++; l.values > maxValues || depth > maxDepth {
		return nil, fmt.Errorf("reading a value: %w", ErrTooMuch)
	}
	tok, err := l.token()
	if err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case delimiter:
		switch t {
		case "[":
			return l.array(depth)
		case "<<":
			return l.dict(depth)
		}
		return nil, fmt.Errorf("reading a value that starts with %q: %w", string(t), ErrFormat)
	case int64:
		return l.maybeRef(t)
	case Operator:
		switch t {
		case "true":
			return true, nil
		case "false":
			return false, nil
		case "null":
			return nil, nil
		}
	}
	return tok, nil
}

// maybeRef reads ahead to tell "7 0 R" from a number.
func (l *Lexer) maybeRef(num int64) (any, error) {
	second, err := l.token()
	if err != nil {
		return num, l.unlessEOF(err)
	}
	gen, ok := second.(int64)
	if !ok {
		l.back = append(l.back, second)
		return num, nil
	}
	third, err := l.token()
	if err != nil {
		l.back = append(l.back, second)
		return num, l.unlessEOF(err)
	}
	if third == Operator("R") && num >= 0 && num < maxObjects && gen >= 0 && gen <= 65535 {
		return Ref{int(num), int(gen)}, nil
	}
	l.back = append(l.back, third, second)
	return num, nil
}

func (l *Lexer) unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (l *Lexer) array(depth int) (any, error) {
	a := Array{}
	for {
		closed, err := l.closes("]")
		if err != nil || closed {
			return a, err
		}
		v, err := l.inner(depth)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
}

func (l *Lexer) dict(depth int) (any, error) {
	d := Dict{}
	for {
		closed, err := l.closes(">>")
		if err != nil || closed {
			return d, err
		}
		key, err := l.token()
		if err != nil {
			return nil, noEOF(err)
		}
		name, ok := key.(Name)
		if !ok {
			return nil, fmt.Errorf("reading a dictionary with a %T for a key: %w", key, ErrFormat)
		}
		if d[name], err = l.inner(depth); err != nil {
			return nil, err
		}
	}
}

// inner reads a value inside another, where the text must not end.
func (l *Lexer) inner(depth int) (any, error) {
	v, err := l.value(depth + 1)
	if err != nil {
		return nil, noEOF(err)
	}
	if _, ok := v.(Operator); ok {
		return nil, fmt.Errorf("reading an operator inside a value: %w", ErrFormat)
	}
	return v, nil
}

func (l *Lexer) closes(d delimiter) (bool, error) {
	tok, err := l.token()
	if err != nil {
		return false, noEOF(err)
	}
	if tok == any(d) {
		return true, nil
	}
	l.back = append(l.back, tok)
	return false, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("reading a value: %w", io.ErrUnexpectedEOF)
	}
	return err
}

func (l *Lexer) readByte() (byte, error) {
	c, err := l.r.ReadByte()
	if err == nil {
		l.pos++
	}
	return c, err
}

func (l *Lexer) unread() {
	if l.r.UnreadByte() == nil {
		l.pos--
	}
}

// token reads the next token, skipping white space and comments.
func (l *Lexer) token() (any, error) {
	if n := len(l.back); n > 0 {
		tok := l.back[n-1]
		l.back = l.back[:n-1]
		return tok, nil
	}
	c, err := l.skipSpace()
	if err != nil {
		return nil, err
	}
	switch c {
	case '/':
		return l.name()
	case '(':
		return l.literal()
	case '[', ']', '{', '}':
		return delimiter(c), nil
	case '<':
		return l.less()
	case '>':
		if c, err = l.readByte(); err != nil || c != '>' {
			return nil, fmt.Errorf("reading a single \">\": %w", ErrFormat)
		}
		return delimiter(">>"), nil
	case ')':
		return nil, fmt.Errorf("reading a lone \")\": %w", ErrFormat)
	}
	l.unread()
	return l.word()
}

func (l *Lexer) skipSpace() (byte, error) {
	for {
		c, err := l.readByte()
		if err != nil {
			return 0, err
		}
		if c == '%' {
			for c != '\n' && c != '\r' {
				if c, err = l.readByte(); err != nil {
					return 0, err
				}
			}
			continue
		}
		if !isSpace(c) {
			return c, nil
		}
	}
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// regular collects bytes up to the next space or delimiter.
func (l *Lexer) regular() ([]byte, error) {
	b := l.scratch[:0]
	for {
		c, err := l.readByte()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if isSpace(c) || isDelimiter(c) {
			l.unread()
			break
		}
		if b = append(b, c); len(b) > 4096 {
			return nil, fmt.Errorf("reading a word: %w", ErrTooMuch)
		}
	}
	l.scratch = b
	return b, nil
}

func (l *Lexer) word() (any, error) {
	b, err := l.regular()
	if err != nil {
		return nil, err
	}
	if c := b[0]; c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') {
		return Operator(b), nil
	}
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		return n, nil
	}
	if f, err := strconv.ParseFloat(string(b), 64); err == nil {
		return f, nil
	}
	return Operator(b), nil
}

func (l *Lexer) name() (any, error) {
	b, err := l.regular()
	if err != nil {
		return nil, err
	}
	out := b[:0]
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == '#' && i+2 < len(b) {
			if v, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8); err == nil {
				c = byte(v)
				i += 2
			}
		}
		out = append(out, c)
	}
	return Name(out), nil
}
