package sign_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
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
	return forcedAs(t, l, file, bytes.Clone)
}

// forcedAs is forced with other bytes of the same length before the gap.
func forcedAs(t *testing.T, l lab, file []byte, change func(before []byte) []byte) []byte {
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
	return resigned(t, l, file, p, change(bytes.Clone(p.Before)))
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

// assembled signs a file with a token that the signature did not earn.
func assembled(t *testing.T, l lab, file, token []byte) []byte {
	t.Helper()
	p, err := sign.Prepare(t.Context(), bytes.NewReader(file), int64(len(file)), l.request)
	if err != nil {
		t.Fatal(err)
	}
	value, err := l.request.Identity.Key.Sign(nil, p.Digest(), p.Hash)
	if err != nil {
		t.Fatal(err)
	}
	d := &cms.Draft{ContentType: cms.Data, Certificates: l.request.Identity.Chain, Signer: l.request.Identity.Chain[0], Hash: p.Hash, Attributes: p.Attributes}
	message, err := d.Assemble(value, token)
	if err != nil {
		t.Fatal(err)
	}
	contents := make([]byte, p.Reserve)
	copy(contents, message)
	return slices.Concat(file, p.Before, fmt.Appendf(nil, "<%x>", contents), p.After)
}

// signedAs prepares a signature for one certificate and signs it as another of the same
// key, which Prepare would refuse.
func signedAs(t *testing.T, l lab, prepared, signer sign.Identity) []byte {
	t.Helper()
	file := classicPDF()
	r := l.request
	r.Identity = prepared
	p, err := sign.Prepare(t.Context(), bytes.NewReader(file), int64(len(file)), r)
	if err != nil {
		t.Fatal(err)
	}
	p.Chain = nil
	for _, c := range signer.Chain {
		p.Chain = append(p.Chain, c.Raw)
	}
	l.request.Identity = signer
	return resigned(t, l, file, p, p.Before)
}
