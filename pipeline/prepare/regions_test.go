package prepare_test

import (
	"testing"

	"hoso/pipeline"
)

func TestSealIsPlaced(t *testing.T) {
	t.Parallel()
	s := letter(t, 200)
	s.Seal(125, 180, 18)
	p := prepared(t, s, 0)
	if len(p.Regions) != 1 || p.Regions[0].Kind != pipeline.Seal {
		t.Fatalf("regions = %v, want one seal", p.Regions)
	}
	b := p.Regions[0].Box
	if abs(b.X0-843) > 28 || abs(b.X1-1126) > 28 || abs(b.Y0-1276) > 28 || abs(b.Y1-1559) > 28 {
		t.Errorf("seal at %v", b)
	}
	if q := prepared(t, letter(t, 200), 0); len(q.Regions) != 0 {
		t.Errorf("plain page has %v", q.Regions)
	}
}
