package cms

import (
	"fmt"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const maxDepth = 64

// Normalize gives the first element of raw with definite lengths. Some signing
// programs write CMS with indefinite lengths and strings in pieces, although PDF
// asks for DER; what such a message says is the same. After the element only zeros
// may follow.
func Normalize(raw []byte) ([]byte, error) {
	out, rest, err := element(raw, 0)
	if err != nil {
		return nil, err
	}
	for _, b := range rest {
		if b != 0 {
			return nil, fmt.Errorf("bytes after the message: %w", ErrMalformed)
		}
	}
	return out, nil
}

// element copies one element with a minimal definite length.
func element(in []byte, depth int) (out, rest []byte, err error) {
	h, err := readHead(in)
	if err != nil || depth > maxDepth {
		return nil, nil, fmt.Errorf("reading element: %w", ErrMalformed)
	}
	body := in[h.size:]
	constructed := h.tag&0x20 != 0
	if h.length < 0 {
		if !constructed {
			return nil, nil, fmt.Errorf("reading element: %w", ErrMalformed)
		}
		inner, after, err := children(body, h.tag, depth)
		if err != nil {
			return nil, nil, err
		}
		return encode(h.tag, inner), after, nil
	}
	if h.length > len(body) {
		return nil, nil, fmt.Errorf("reading element: %w", ErrMalformed)
	}
	if !constructed {
		return in[:h.size+h.length], body[h.length:], nil
	}
	inner, after, err := children(body[:h.length:h.length], h.tag|0x100, depth)
	if err != nil || len(after) != 0 {
		return nil, nil, fmt.Errorf("reading element: %w", ErrMalformed)
	}
	return encode(h.tag, inner), body[h.length:], nil
}

// children copies elements up to the end of in, or up to the end-of-contents mark if
// tag has no 0x100 in it. The pieces of a constructed OCTET STRING lose their heads.
func children(in []byte, tag, depth int) (out, rest []byte, err error) {
	definite := tag&0x100 != 0
	pieces := tag&0xff == int(cbasn1.OCTET_STRING)|0x20
	for {
		if definite && len(in) == 0 {
			return out, nil, nil
		}
		if !definite && len(in) >= 2 && in[0] == 0 && in[1] == 0 {
			return out, in[2:], nil
		}
		one, after, err := element(in, depth+1)
		if err != nil {
			return nil, nil, err
		}
		if pieces {
			h, err := readHead(one)
			if err != nil {
				return nil, nil, err
			}
			one = one[h.size:]
		}
		out, in = append(out, one...), after
	}
}

// head is the beginning of an element: its tag byte, the length of its body (-1 for
// indefinite) and its own size.
type head struct{ tag, length, size int }

func readHead(in []byte) (head, error) {
	if len(in) < 2 || in[0]&0x1f == 0x1f {
		return head{}, ErrMalformed
	}
	tag, n := int(in[0]), int(in[1])
	switch {
	case n < 0x80:
		return head{tag, n, 2}, nil
	case n == 0x80:
		return head{tag, -1, 2}, nil
	case n > 0x84 || len(in) < 2+n&0x7f:
		return head{}, ErrMalformed
	}
	n &= 0x7f
	length := 0
	for _, b := range in[2 : 2+n] {
		length = length<<8 | int(b)
	}
	return head{tag, length, 2 + n}, nil
}

func encode(tag int, body []byte) []byte {
	if tag&0xff == int(cbasn1.OCTET_STRING)|0x20 {
		tag = int(cbasn1.OCTET_STRING)
	}
	out := []byte{byte(tag)}
	switch n := len(body); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, body...)
}
