package web

import (
	"slices"
	"testing"
)

// TestNatural: names come in the order in which people number them.
func TestNatural(t *testing.T) {
	t.Parallel()
	want := []string{"", "Tờ 2.pdf", "Tờ 02b.pdf", "Tờ 10.pdf", "scan0007.pdf", "scan0008.pdf", "scan0010.pdf", "scan11.pdf", "scanner.pdf"}
	got := slices.Clone(want)
	slices.Reverse(got)
	if slices.SortStableFunc(got, natural); !slices.Equal(got, want) {
		t.Errorf("names in order: %q, want %q", got, want)
	}
}
