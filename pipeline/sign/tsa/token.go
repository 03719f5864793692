package tsa

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"hoso/pipeline/sign/internal/cms"
)

// What can be wrong with a token. Open, Token.Stamps and the client wrap these.
var (
	ErrToken   = errors.New("malformed timestamp token")
	ErrImprint = errors.New("the timestamp is for other bytes")
	ErrNonce   = errors.New("the timestamp answers another question")
	ErrUsage   = errors.New("the authority's certificate is not for timestamps alone")
)

// Token is a timestamp token whose signature has been verified. That its certificate
// leads to a trusted root is for the caller to ask of Chain.
type Token struct {
	Raw      []byte // DER
	Time     time.Time
	Accuracy time.Duration
	Serial   *big.Int
	Policy   string
	Hash     crypto.Hash
	Imprint  []byte

	Authority    *x509.Certificate
	Certificates []*x509.Certificate // all that the token carries

	nonce *big.Int
}

// Open reads a token and verifies it as far as it can be without roots: signature,
// message digest, signing certificate, and an extended key usage that is critical
// and for timestamps alone (RFC 3161, 2.3).
func Open(raw []byte) (*Token, error) {
	m, err := cms.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("reading timestamp token: %w", err)
	}
	if m.ContentType != cms.TSTInfo || m.Content == nil {
		return nil, fmt.Errorf("reading timestamp token of type %s: %w", m.ContentType, ErrToken)
	}
	c, err := m.SigningCertificate()
	if err != nil {
		return nil, fmt.Errorf("verifying timestamp token: %w", err)
	}
	if err := m.CheckContent(cms.Sum(m.Hash, m.Content)); err != nil {
		return nil, fmt.Errorf("verifying timestamp token: %w", err)
	}
	if err := m.CheckSignature(c); err != nil {
		return nil, fmt.Errorf("verifying timestamp token: %w", err)
	}
	if err := checkESS(m, c); err != nil {
		return nil, fmt.Errorf("verifying timestamp token: %w", err)
	}
	if err := checkUsage(c); err != nil {
		return nil, err
	}
	t := &Token{Raw: raw, Authority: c, Certificates: m.Certificates}
	return t, t.readInfo(m.Content)
}

// checkESS takes the older signing-certificate attribute, too: RFC 3161 knew only
// that one, and its SHA-1 names a certificate whose key has already been tried.
func checkESS(m *cms.Message, c *x509.Certificate) error {
	err := m.CheckESS(c)
	if errors.Is(err, cms.ErrNoESS) && m.Signed(cms.SigningCertificate) != nil {
		return nil
	}
	return err
}

func checkUsage(c *x509.Certificate) error {
	only := len(c.ExtKeyUsage) == 1 && c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(c.UnknownExtKeyUsage) == 0
	critical := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool {
		return e.Critical && e.Id.String() == "2.5.29.37"
	})
	if !only || !critical {
		return ErrUsage
	}
	return nil
}

// readInfo reads TSTInfo (RFC 3161, 2.4.2).
func (t *Token) readInfo(der []byte) error {
	in := cryptobyte.String(der)
	var s cryptobyte.String
	var version int
	t.Serial = new(big.Int)
	if !in.ReadASN1(&s, cbasn1.SEQUENCE) || !s.ReadASN1Integer(&version) || version != 1 {
		return fmt.Errorf("reading TSTInfo: %w", ErrToken)
	}
	policy, ok := cms.ReadOID(&s)
	if !ok {
		return fmt.Errorf("reading the policy: %w", ErrToken)
	}
	oid, imprint, ok := readImprint(&s)
	if !ok || !s.ReadASN1Integer(t.Serial) {
		return fmt.Errorf("reading TSTInfo: %w", ErrToken)
	}
	hash, err := cms.HashOf(oid)
	if err != nil {
		return fmt.Errorf("reading the imprint: %w", err)
	}
	if len(imprint) != hash.Size() {
		return fmt.Errorf("imprint of %d bytes: %w", len(imprint), ErrToken)
	}
	t.Policy, t.Hash, t.Imprint = policy, hash, imprint
	var when cryptobyte.String
	if !s.ReadASN1(&when, cbasn1.GeneralizedTime) {
		return fmt.Errorf("reading genTime: %w", ErrToken)
	}
	if t.Time, err = parseTime(string(when)); err != nil {
		return err
	}
	return t.readOptional(s)
}

// readOptional reads what may follow genTime: accuracy, ordering, nonce.
func (t *Token) readOptional(s cryptobyte.String) error {
	if s.PeekASN1Tag(cbasn1.SEQUENCE) {
		var accuracy cryptobyte.String
		if !s.ReadASN1(&accuracy, cbasn1.SEQUENCE) || !t.readAccuracy(accuracy) {
			return fmt.Errorf("reading accuracy: %w", ErrToken)
		}
	}
	if !s.SkipOptionalASN1(cbasn1.BOOLEAN) {
		return fmt.Errorf("reading ordering: %w", ErrToken)
	}
	if s.PeekASN1Tag(cbasn1.INTEGER) {
		t.nonce = new(big.Int)
		if !s.ReadASN1Integer(t.nonce) {
			return fmt.Errorf("reading nonce: %w", ErrToken)
		}
	}
	return nil
}

func (t *Token) readAccuracy(s cryptobyte.String) bool {
	units := []struct {
		tag  cbasn1.Tag
		unit time.Duration
	}{
		{cbasn1.INTEGER, time.Second},
		{cbasn1.Tag(0).ContextSpecific(), time.Millisecond},
		{cbasn1.Tag(1).ContextSpecific(), time.Microsecond},
	}
	for _, u := range units {
		var body cryptobyte.String
		var present bool
		if !s.ReadOptionalASN1(&body, &present, u.tag) || len(body) > 3 {
			return false
		}
		n := 0
		for _, b := range body {
			n = n<<8 | int(b)
		}
		t.Accuracy += time.Duration(n) * u.unit
	}
	return s.Empty()
}

// parseTime reads a GeneralizedTime in UTC with or without a fraction.
func parseTime(s string) (time.Time, error) {
	if len(s) > 40 || !strings.HasSuffix(s, "Z") {
		return time.Time{}, fmt.Errorf("reading genTime: %w", ErrToken)
	}
	t, err := time.Parse("20060102150405Z", s) // takes a fraction, too
	if err != nil {
		return time.Time{}, fmt.Errorf("reading genTime: %w: %w", ErrToken, err)
	}
	return t.UTC(), nil
}

// Stamps tells whether the token is for message: ErrImprint.
func (t *Token) Stamps(message []byte) error {
	return t.Covers(cms.Sum(t.Hash, message))
}

// Covers tells whether the token is for a message with this digest: ErrImprint.
func (t *Token) Covers(digest []byte) error {
	if !bytes.Equal(t.Imprint, digest) {
		return ErrImprint
	}
	return nil
}

// Chain verifies that the authority's certificate leads to one of roots at the time
// of the token. More certificates that may lie between can be given.
func (t *Token) Chain(roots *x509.CertPool, more []*x509.Certificate) ([]*x509.Certificate, error) {
	between := x509.NewCertPool()
	for _, c := range slices.Concat(t.Certificates, more) {
		between.AddCert(c)
	}
	chains, err := t.Authority.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: t.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return nil, fmt.Errorf("verifying the timestamp authority: %w", err)
	}
	return chains[0], nil
}
