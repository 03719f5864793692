package web

import (
	"cmp"
	"strings"
)

// natural compares names as people number them: 2 comes before 10.
func natural(a, b string) int {
	for a != "" && b != "" {
		m, restA := digits(a)
		n, restB := digits(b)
		if m == "" || n == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		m, n = strings.TrimLeft(m, "0"), strings.TrimLeft(n, "0")
		if by := cmp.Or(cmp.Compare(len(m), len(n)), cmp.Compare(m, n)); by != 0 {
			return by
		}
		a, b = restA, restB
	}
	return cmp.Compare(len(a), len(b))
}

// digits gives the digits with which s begins, and what follows them.
func digits(s string) (begin, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)], rest
}
