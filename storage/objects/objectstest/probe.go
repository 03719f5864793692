package objectstest

import (
	"context"
	"iter"
	"strings"
	"testing"

	"hoso/storage/objects"
)

// Prober finds out what its server can do, by trying.
type Prober interface {
	Probe(ctx context.Context) (objects.Abilities, error)
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Probe checks that the abilities found are those of the codes in want, separated by
// spaces, and that nothing is left of the trying.
func Probe(t testing.TB, store Prober, want string) {
	t.Helper()
	found, err := store.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, a := range found.All() {
		if a.Present {
			codes = append(codes, a.Code)
		}
	}
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("Probe = %s, want %s", got, want)
	}
	for key, err := range store.List(t.Context(), "probe/") {
		t.Errorf("Probe left %q behind, %v", key, err)
	}
}
