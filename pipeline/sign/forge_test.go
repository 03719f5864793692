package sign_test

import (
	"bytes"
	"regexp"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/internal/cms"
)

// resigned finishes what was prepared with other bytes before the gap, of the same
// length, as a program would that writes them so.
func resigned(t *testing.T, l lab, file []byte, p *sign.Prepared, before []byte) []byte {
	t.Helper()
	if len(before) != len(p.Before) {
		t.Fatalf("%d bytes in place of %d", len(before), len(p.Before))
	}
	p.Before = before
	h := p.Hash.New()
	h.Write(file)
	h.Write(p.Before)
	h.Write(p.After)
	d, err := cms.NewDraft(l.request.Identity.Chain[0], p.Hash, cms.Data, h.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	p.Attributes = d.Attributes
	value, err := l.request.Identity.Key.Sign(nil, p.Digest(), p.Hash)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := p.Finish(t.Context(), bytes.NewReader(file), &out, sign.Value{Signature: value, Timestamper: l.request.Timestamper}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rewritten signs a file further, with other bytes of the same length before the gap.
func rewritten(t *testing.T, l lab, file []byte, change func(before []byte) []byte) []byte {
	t.Helper()
	r := l.request
	r.Further = true
	p, err := sign.Prepare(t.Context(), bytes.NewReader(file), int64(len(file)), r)
	if err != nil {
		t.Fatal(err)
	}
	return resigned(t, l, file, p, change(bytes.Clone(p.Before)))
}

var docMDP = regexp.MustCompile(`/TransformMethod /DocMDP`)

// forced signs a file further although its first signature may forbid it.
func forced(t *testing.T, l lab, file []byte) []byte {
	t.Helper()
	// Prepare is shown a file without the prohibition, and then the real one.
	open := docMDP.ReplaceAll(file, []byte("/TransformMethod /NoMDP1"))
	r := l.request
	r.Further = true
	p, err := sign.Prepare(t.Context(), bytes.NewReader(open), int64(len(open)), r)
	if err != nil {
		t.Fatal(err)
	}
	p.Input = pipeline.Sum(file)
	return resigned(t, l, file, p, bytes.Clone(p.Before))
}

// stamped appends a document timestamp alone.
func stamped(t *testing.T, l lab, file []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := sign.Extend(t.Context(), bytes.NewReader(file), int64(len(file)), &out, sign.Extension{Timestamper: l.request.Timestamper}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
