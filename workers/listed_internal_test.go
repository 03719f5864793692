package workers

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// TestWithListed sets what a list states against what was read.
func TestWithListed(t *testing.T) {
	t.Parallel()
	listed := func(n pipeline.FieldName, v string) pipeline.Field {
		return pipeline.Field{Name: n, Value: v, Confidence: 100, Source: pipeline.ByList}
	}
	read := func(n pipeline.FieldName, v string, sure float32) pipeline.Field {
		return pipeline.Field{Name: n, Value: v, Confidence: sure, Source: pipeline.ByOCR, Page: 2}
	}
	for name, c := range map[string]struct {
		list, read pipeline.Field
		want       int // fields of that name
		page       int // of the first
	}{
		"the same":            {listed(pipeline.FieldNumber, "12/QĐ-UBND"), read(pipeline.FieldNumber, "12/qđ - UBND", 99), 1, 2},
		"another number":      {listed(pipeline.FieldOwnerID, "001204000001"), read(pipeline.FieldOwnerID, "001204000002", 99), 2, 0},
		"another, but unsure": {listed(pipeline.FieldOwnerID, "001204000001"), read(pipeline.FieldOwnerID, "001204000002", 1), 1, 0},
		"another spelling":    {listed(pipeline.FieldSigner, "Trần Thị B"), read(pipeline.FieldSigner, "Trần Thi B", 99), 1, 0},
		"a year of the day":   {listed(pipeline.FieldOwnerBirth, "1980"), read(pipeline.FieldOwnerBirth, "1980-05-03", 99), 1, 2},
	} {
		rules := policy.Demands{pipeline.FieldOwnerID: {Sure: 60}}
		got := withListed([]pipeline.Field{c.read}, []pipeline.Field{c.list}, rules)
		if len(got) != c.want || got[0].Source != pipeline.ByList || got[0].Page != c.page {
			t.Errorf("%s: %+v", name, got)
		}
		if differ := len(policy.Holding(rules.Doubts(got))) > 0; differ != (c.want == 2) {
			t.Errorf("%s: asked is %v", name, differ)
		}
		if diff := cmp.Diff(got, withListed([]pipeline.Field{c.read}, got, rules)); diff != "" {
			t.Errorf("%s: read again (-before +after):\n%s", name, diff)
		}
	}
}
