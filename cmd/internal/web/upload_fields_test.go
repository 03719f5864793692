package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
)

// TestListedFields reads what a list states, as a list's word whatever the sender calls it.
func TestListedFields(t *testing.T) {
	t.Parallel()
	got, err := listedFields(url.PathEscape(`[{"name":"signer","value":" Trần  Thị\tB ","source":"person","conf":100},{"name":"issue_date","value":"2024-03-05"}]`))
	want := []pipeline.Field{
		{Name: pipeline.FieldSigner, Value: "Trần Thị B", Confidence: 100, Source: pipeline.ByList},
		{Name: pipeline.FieldDate, Value: "2024-03-05", Confidence: 100, Source: pipeline.ByList},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	many, err := json.Marshal(make([]pipeline.Field, 65))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"%zz", "{", `[{"name":"state","value":"filed"}]`, `[{"name":"page_count","value":"1"}]`, `[{"name":"signer","value":" "}]`,
		`[{"name":"signer","value":"` + strings.Repeat("x", 2001) + `"}]`, string(many),
	} {
		if got, err := listedFields(bad); err == nil {
			t.Errorf("%.40q gave %+v", bad, got)
		}
	}
}
