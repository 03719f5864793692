package pipeline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"hoso/pipeline"
)

const emptySum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // of no bytes

func TestParseDigest(t *testing.T) {
	t.Parallel()
	d, err := pipeline.ParseDigest(emptySum)
	if err != nil || d != pipeline.Sum(nil) || d.String() != emptySum {
		t.Errorf("ParseDigest(%q) = %v, %v; want the sum of nothing", emptySum, d, err)
	}
	for _, bad := range []string{
		"", "e3b0", strings.ToUpper(emptySum), emptySum + "0", emptySum[1:], "g" + emptySum[1:],
		" " + emptySum[1:], strings.Repeat("é", 32),
	} {
		if d, err := pipeline.ParseDigest(bad); !errors.Is(err, pipeline.ErrDigest) || !d.IsZero() {
			t.Errorf("ParseDigest(%q) = %v, %v; want ErrDigest", bad, d, err)
		}
	}
}

func TestSumReader(t *testing.T) {
	t.Parallel()
	b := bytes.Repeat([]byte("giấy tờ "), 10_000)
	d, n, err := pipeline.SumReader(iotest.HalfReader(bytes.NewReader(b)))
	if err != nil || n != int64(len(b)) || d != pipeline.Sum(b) {
		t.Errorf("SumReader = %v, %d, %v; want %v, %d", d, n, err, pipeline.Sum(b), len(b))
	}
	broken := errors.New("broken")
	if d, _, err := pipeline.SumReader(iotest.ErrReader(broken)); !errors.Is(err, broken) || !d.IsZero() {
		t.Errorf("SumReader of a broken reader = %v, %v", d, err)
	}
}

func TestDigestJSON(t *testing.T) {
	t.Parallel()
	type holder struct {
		D pipeline.Digest `json:"d,omitzero"`
	}
	for _, want := range []holder{{pipeline.Sum([]byte("hồ sơ"))}, {}} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got holder
		if err := json.Unmarshal(b, &got); err != nil || got != want {
			t.Errorf("%s came back as %v, %v", b, got, err)
		}
	}
	var d pipeline.Digest
	if d.String() != "" || !d.IsZero() {
		t.Errorf("the zero digest prints as %q", d)
	}
	if err := d.UnmarshalText([]byte("abc")); !errors.Is(err, pipeline.ErrDigest) {
		t.Errorf("UnmarshalText(abc) = %v, want ErrDigest", err)
	}
}

func FuzzParseDigest(f *testing.F) {
	f.Add(emptySum)
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := pipeline.ParseDigest(s); err == nil && d.String() != s && !d.IsZero() {
			t.Fatalf("%q prints as %q", s, d)
		}
	})
}
