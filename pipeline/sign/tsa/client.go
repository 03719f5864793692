package tsa

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/cms"
)

// maxReply bounds a reply in bytes. A token must fit into a PDF string of 32 767.
const maxReply = 64 << 10

// Client asks timestamp authorities, the first one that gives a good answer. It is
// safe for concurrent use.
type Client struct {
	URLs  []string       // tried in this order
	HTTP  *http.Client   // nil is http.DefaultClient
	Limit time.Duration  // for one timestamp, shared among the URLs; 0 is 180 s
	Roots *x509.CertPool // what the authority must lead to; nil leaves that to verification
}

// Timestamp gives a verified RFC 3161 token (DER) over a SHA-256 digest. Whatever the
// authorities do wrong is a *pipeline.Unavailable: a paper is never at fault for it.
func (c *Client) Timestamp(ctx context.Context, imprint []byte) ([]byte, error) {
	if len(imprint) != crypto.SHA256.Size() {
		return nil, fmt.Errorf("asking for a timestamp over %d bytes: %w", len(imprint), ErrImprint)
	}
	limit := c.Limit
	if limit <= 0 {
		limit = 180 * time.Second
	}
	causes := []error{errors.New("no timestamp authority is configured")}
	for i, url := range c.URLs {
		if i == 0 {
			causes = nil
		}
		token, err := c.ask(ctx, url, limit/time.Duration(len(c.URLs)), imprint)
		if err == nil {
			return token, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("asking for a timestamp: %w", ctx.Err())
		}
		causes = append(causes, err)
	}
	return nil, &pipeline.Unavailable{What: "timestamp authority", Err: errors.Join(causes...)}
}

func (c *Client) ask(ctx context.Context, url string, limit time.Duration, imprint []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("making a nonce: %w", err)
	}
	q := query{hash: crypto.SHA256, imprint: imprint, nonce: nonce, certReq: true}
	body, err := q.encode()
	if err != nil {
		return nil, fmt.Errorf("writing a timestamp query: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	reply, err := c.post(ctx, url, body)
	if err != nil {
		return nil, err
	}
	raw, err := readReply(reply)
	if err != nil {
		return nil, err
	}
	return raw, c.check(raw, q)
}

func (c *Client) post(ctx context.Context, url string, body []byte) (reply []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("asking a timestamp authority: %w", err)
	}
	req.Header.Set("Content-Type", mediaQuery)
	req.Header.Set("Accept", mediaReply)
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking a timestamp authority: %w", err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking a timestamp authority: HTTP status %d", res.StatusCode)
	}
	reply, err = io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	if err != nil {
		return nil, fmt.Errorf("reading the timestamp authority's reply: %w", err)
	}
	if len(reply) > maxReply {
		return nil, fmt.Errorf("timestamp reply of more than %d bytes: %w", maxReply, ErrToken)
	}
	return reply, nil
}

// check verifies a token against the question it answers.
func (c *Client) check(raw []byte, q query) error {
	t, err := Open(raw)
	if err != nil {
		return err
	}
	if t.Hash != q.hash {
		return ErrImprint
	}
	if err := t.Covers(q.imprint); err != nil {
		return err
	}
	if t.nonce == nil || t.nonce.Cmp(q.nonce) != 0 {
		return ErrNonce
	}
	if c.Roots != nil {
		_, err = t.Chain(c.Roots, nil)
	}
	return err
}

// readReply takes the token out of a TimeStampResp that grants it.
func readReply(raw []byte) ([]byte, error) {
	der, err := cms.Normalize(raw)
	if err != nil {
		return nil, fmt.Errorf("reading timestamp reply: %w", err)
	}
	in := cryptobyte.String(der)
	var reply, info, token cryptobyte.String
	var status int
	if !in.ReadASN1(&reply, cbasn1.SEQUENCE) || !reply.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1Integer(&status) {
		return nil, fmt.Errorf("reading timestamp reply: %w", ErrToken)
	}
	if status != 0 && status != 1 { // granted, or granted with modifications
		return nil, fmt.Errorf("the timestamp authority refused: status %d, reason %s", status, failure(info))
	}
	if !reply.ReadASN1Element(&token, cbasn1.SEQUENCE) || !reply.Empty() {
		return nil, fmt.Errorf("timestamp reply without a token: %w", ErrToken)
	}
	return token, nil
}

// failure names the set bits of PKIFailureInfo.
func failure(info cryptobyte.String) string {
	info.SkipOptionalASN1(cbasn1.SEQUENCE)
	var bits asn1.BitString
	if !info.ReadASN1BitString(&bits) {
		return "not given"
	}
	names := map[int]string{
		badAlg: "bad algorithm", badRequest: "bad request", badDataFormat: "bad data format", 14: "time not available",
		unacceptedPolicy: "policy not accepted", unacceptedExtension: "extension not accepted", systemFailure: "system failure",
	}
	for i := range bits.BitLength {
		if bits.At(i) != 0 && names[i] != "" {
			return names[i]
		}
	}
	return "unknown"
}
