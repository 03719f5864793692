package pipeline_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"hoso/pipeline"
)

// TestSignersOfOldAndNewRecords: a manifest of before officers could sign tells of the
// agency, and one of now is read back as it was written.
func TestSignersOfOldAndNewRecords(t *testing.T) {
	t.Parallel()
	both := pipeline.Signature{Signer: "Lan", Serial: "1f", Level: "B-T", Demo: true}
	both.By = []pipeline.SignedBy{both.As(pipeline.ByOfficer, "lan"), {Who: pipeline.ByAgency, Name: "UBND"}}
	now, err := json.Marshal(both)
	if err != nil {
		t.Fatal(err)
	}
	for manifest, want := range map[string]string{
		`{"level":"B-T","signer":"UBND","serial":"7"}`: "agency UBND 7 B-T; ",
		`{}`:        "",
		string(now): "officer Lan 1f B-T; agency UBND  ; ",
	} {
		var s pipeline.Signature
		if err := json.Unmarshal([]byte(manifest), &s); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, by := range s.Signers() {
			got += fmt.Sprintf("%s %s %s %s; ", by.Who, by.Name, by.Serial, by.Level)
		}
		if got != want {
			t.Errorf("%s: signed by %q, want %q", manifest, got, want)
		}
	}
}
