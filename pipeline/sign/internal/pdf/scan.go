package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// errShort means that the value goes on behind the bytes at hand.
var errShort = fmt.Errorf("value is cut short: %w", ErrBroken)

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// skipSpace gives the index of the next byte that is neither space nor comment.
func skipSpace(b []byte, i int) int {
	for i < len(b) {
		switch {
		case isSpace(b[i]):
			i++
		case b[i] == '%':
			for i < len(b) && b[i] != '\n' && b[i] != '\r' {
				i++
			}
		default:
			return i
		}
	}
	return i
}

// skip gives the end of the value that begins at i, a reference taken as one value.
func skip(b []byte, i, depth int) (int, error) {
	switch {
	case depth > maxDepth:
		return 0, fmt.Errorf("values nest too deep: %w", ErrBroken)
	case i >= len(b):
		return 0, errShort
	case b[i] == '(':
		return skipString(b, i)
	case b[i] == '[':
		return skipList(b, i+1, "]", depth)
	case b[i] == '<' && i+1 < len(b) && b[i+1] == '<':
		return skipList(b, i+2, ">>", depth)
	case b[i] == '<':
		return skipHex(b, i+1)
	case b[i] == '/':
		return skipWord(b, i+1)
	case isDelimiter(b[i]):
		return 0, fmt.Errorf("unexpected %q: %w", b[i], ErrBroken)
	}
	return skipAtom(b, i)
}

// skipAtom gives the end of a keyword, a number or a reference.
func skipAtom(b []byte, i int) (int, error) {
	end, err := skipWord(b, i)
	if err != nil || !isDigit(b[i]) {
		return end, err
	}
	return skipReference(b, end)
}

// skipReference goes on behind "G R" if that follows the number that ends at i.
func skipReference(b []byte, i int) (int, error) {
	j := skipSpace(b, i)
	k := j
	for k < len(b) && isDigit(b[k]) {
		k++
	}
	if k == j || k-j > 5 {
		return i, shortAt(b, k)
	}
	l := skipSpace(b, k)
	if l == k || l >= len(b) || b[l] != 'R' {
		return i, shortAt(b, l)
	}
	if l+1 >= len(b) {
		return 0, errShort
	}
	if !isSpace(b[l+1]) && !isDelimiter(b[l+1]) {
		return i, nil
	}
	return l + 1, nil
}

// shortAt is errShort if the bytes at hand end at i: more might change the answer.
func shortAt(b []byte, i int) error {
	if i >= len(b) {
		return errShort
	}
	return nil
}

func skipWord(b []byte, i int) (int, error) {
	for i < len(b) {
		if isSpace(b[i]) || isDelimiter(b[i]) {
			return i, nil
		}
		i++
	}
	return 0, errShort
}

func skipHex(b []byte, i int) (int, error) {
	end := bytes.IndexByte(b[i:], '>')
	if end < 0 {
		return 0, errShort
	}
	return i + end + 1, nil
}

func skipString(b []byte, i int) (int, error) {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, errShort
}

func skipList(b []byte, i int, end string, depth int) (int, error) {
	for {
		i = skipSpace(b, i)
		if i >= len(b) {
			return 0, errShort
		}
		if bytes.HasPrefix(b[i:], []byte(end)) {
			return i + len(end), nil
		}
		next, err := skip(b, i, depth+1)
		if err != nil {
			return 0, err
		}
		i = next
	}
}

// readValue reads the value at offset, growing its window up to maxObject. After it,
// rest gives what follows in the window, at least 32 bytes unless the file ends.
func readValue(r io.ReaderAt, size, offset int64) (v Value, rest []byte, err error) {
	for window := int64(4096); ; window *= 4 {
		window = min(window, maxObject, size-offset)
		if offset < 0 || window <= 0 {
			return Value{}, nil, fmt.Errorf("reading at %d of %d: %w", offset, size, ErrBroken)
		}
		b := make([]byte, window)
		if err := readFull(r, b, offset); err != nil {
			return Value{}, nil, err
		}
		all := window == size-offset
		i := skipSpace(b, 0)
		end, err := skip(b, i, 0)
		if err == nil && (all || end+32 <= len(b)) {
			return Value{b[i:end:end], offset + int64(i)}, b[end:], nil
		}
		if all || window == maxObject || err != nil && !errors.Is(err, errShort) {
			return Value{}, nil, fmt.Errorf("reading value at %d: %w", offset, ErrBroken)
		}
	}
}

// readFull fills b; the file cannot end there, because its size is known.
func readFull(r io.ReaderAt, b []byte, offset int64) error {
	n, err := r.ReadAt(b, offset)
	if n == len(b) {
		return nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("reading %d bytes at %d: %w", len(b), offset, err)
}
