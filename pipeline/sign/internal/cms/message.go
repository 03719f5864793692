package cms

import (
	"bytes"
	"crypto"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// What can be wrong with a message. Parse and the checks of Message wrap these.
var (
	ErrMalformed = errors.New("malformed CMS message")
	ErrSigner    = errors.New("the signer's certificate is not in the message")
	ErrDigest    = errors.New("the content is not what was signed")
	ErrSignature = errors.New("the signature does not fit the key")
	ErrNoESS     = errors.New("the signing certificate is not named in the signed attributes")
	ErrESS       = errors.New("the signed attributes name another certificate")
)

const maxCertificates = 64

// Message is a SignedData with exactly one signer, taken apart but not yet believed.
type Message struct {
	ContentType  string
	Content      []byte // nil when detached
	Certificates []*x509.Certificate

	Hash       crypto.Hash
	HashOID    string
	signature  algorithm
	value      []byte
	signedSet  []byte // re-tagged as the SET OF that was signed
	attributes map[string][]byte
	unsigned   map[string][]byte
	issuer     []byte
	serial     *big.Int
	keyID      []byte
}

// Parse takes one ContentInfo of type SignedData apart. Bytes after it must be zero:
// they are the padding of a PDF's /Contents.
func Parse(raw []byte) (*Message, error) {
	der, err := Normalize(raw)
	if err != nil {
		return nil, err
	}
	in := cryptobyte.String(der)
	var info, outer, signed cryptobyte.String
	if !in.ReadASN1(&info, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("reading ContentInfo: %w", ErrMalformed)
	}
	oid, ok := ReadOID(&info)
	if !ok || oid != SignedData || !info.ReadASN1(&outer, explicit(0)) || !outer.ReadASN1(&signed, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("reading SignedData: %w", ErrMalformed)
	}
	m := &Message{}
	if err := m.readSignedData(signed); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Message) readSignedData(s cryptobyte.String) error {
	var version int
	var hashes, content, infos, certificates cryptobyte.String
	if !s.ReadASN1Integer(&version) || !s.ReadASN1(&hashes, cbasn1.SET) || !s.ReadASN1(&content, cbasn1.SEQUENCE) {
		return fmt.Errorf("reading SignedData: %w", ErrMalformed)
	}
	if err := m.readContent(content); err != nil {
		return err
	}
	var present bool
	if !s.ReadOptionalASN1(&certificates, &present, explicit(0)) || !s.SkipOptionalASN1(explicit(1)) {
		return fmt.Errorf("reading certificates: %w", ErrMalformed)
	}
	if err := m.readCertificates(certificates); err != nil {
		return err
	}
	var one cryptobyte.String
	if !s.ReadASN1(&infos, cbasn1.SET) || !infos.ReadASN1(&one, cbasn1.SEQUENCE) || !infos.Empty() {
		return fmt.Errorf("reading the one SignerInfo: %w", ErrMalformed)
	}
	return m.readSignerInfo(one)
}

func (m *Message) readContent(s cryptobyte.String) error {
	oid, ok := ReadOID(&s)
	if !ok {
		return fmt.Errorf("reading content type: %w", ErrMalformed)
	}
	m.ContentType = oid
	if s.Empty() {
		return nil
	}
	var outer, octets cryptobyte.String
	if !s.ReadASN1(&outer, explicit(0)) || !outer.ReadASN1(&octets, cbasn1.OCTET_STRING) {
		return fmt.Errorf("reading content: %w", ErrMalformed)
	}
	m.Content = append([]byte{}, octets...)
	return nil
}

func (m *Message) readCertificates(s cryptobyte.String) error {
	for n := 0; !s.Empty(); n++ {
		var raw cryptobyte.String
		var tag cbasn1.Tag
		if n == maxCertificates || !s.ReadAnyASN1Element(&raw, &tag) {
			return fmt.Errorf("reading certificates: %w", ErrMalformed)
		}
		if tag != cbasn1.SEQUENCE {
			continue // attribute certificates and other kinds
		}
		if c, err := x509.ParseCertificate(raw); err == nil {
			m.Certificates = append(m.Certificates, c)
		}
	}
	return nil
}

func (m *Message) readSignerInfo(s cryptobyte.String) error {
	var version int
	var digest algorithm
	var attributes, value cryptobyte.String
	if !s.ReadASN1Integer(&version) || !m.readSignerID(&s) || !readAlgorithm(&s, &digest) {
		return fmt.Errorf("reading SignerInfo: %w", ErrMalformed)
	}
	if !s.PeekASN1Tag(explicit(0)) || !s.ReadASN1Element(&attributes, explicit(0)) {
		return fmt.Errorf("reading signed attributes: %w", ErrMalformed)
	}
	if !readAlgorithm(&s, &m.signature) || !s.ReadASN1(&value, cbasn1.OCTET_STRING) {
		return fmt.Errorf("reading signature value: %w", ErrMalformed)
	}
	hash, err := HashOf(digest.oid)
	if err != nil {
		return err
	}
	m.Hash, m.HashOID, m.value = hash, digest.oid, value
	m.signedSet = append([]byte{}, attributes...)
	m.signedSet[0] = byte(cbasn1.SET)
	if m.attributes, err = readAttributes(attributes, explicit(0)); err != nil {
		return err
	}
	if s.Empty() {
		return nil
	}
	m.unsigned, err = readAttributes(s, explicit(1))
	return err
}

func (m *Message) readSignerID(s *cryptobyte.String) bool {
	skid := cbasn1.Tag(0).ContextSpecific()
	if s.PeekASN1Tag(skid) {
		var id cryptobyte.String
		ok := s.ReadASN1(&id, skid)
		m.keyID = id
		return ok
	}
	issuer, serial, ok := readIssuerSerial(s)
	m.issuer, m.serial = issuer, serial
	return ok
}

func readIssuerSerial(s *cryptobyte.String) ([]byte, *big.Int, bool) {
	var id, issuer cryptobyte.String
	serial := new(big.Int)
	if !s.ReadASN1(&id, cbasn1.SEQUENCE) || !id.ReadASN1Element(&issuer, cbasn1.SEQUENCE) || !id.ReadASN1Integer(serial) {
		return nil, nil, false
	}
	return issuer, serial, true
}

// readAttributes gives the first value of each attribute. A signed one that comes twice
// or has two values makes the message ambiguous and is refused; of unsigned ones, such as
// several timestamps, the first is taken.
func readAttributes(s cryptobyte.String, tag cbasn1.Tag) (map[string][]byte, error) {
	var set cryptobyte.String
	if !s.ReadASN1(&set, tag) {
		return nil, fmt.Errorf("reading attributes: %w", ErrMalformed)
	}
	out := map[string][]byte{}
	for !set.Empty() {
		var one, values, value cryptobyte.String
		var kind cbasn1.Tag
		if !set.ReadASN1(&one, cbasn1.SEQUENCE) {
			return nil, fmt.Errorf("reading attributes: %w", ErrMalformed)
		}
		oid, ok := ReadOID(&one)
		if !ok || !one.ReadASN1(&values, cbasn1.SET) || !values.ReadAnyASN1Element(&value, &kind) {
			return nil, fmt.Errorf("reading attribute: %w", ErrMalformed)
		}
		_, twice := out[oid]
		if tag == explicit(0) && (twice || !values.Empty()) {
			return nil, fmt.Errorf("attribute %s comes twice: %w", oid, ErrMalformed)
		}
		if !twice {
			out[oid] = value
		}
	}
	return out, nil
}

// Signed gives the DER of a signed attribute, nil if there is none.
func (m *Message) Signed(oid string) []byte { return m.attributes[oid] }

// Unsigned gives the DER of an attribute that the signature does not cover.
func (m *Message) Unsigned(oid string) []byte { return m.unsigned[oid] }

// Value is the signature value, which a signature timestamp stamps.
func (m *Message) Value() []byte { return m.value }

// SigningCertificate finds the signer's certificate in the message: ErrSigner.
func (m *Message) SigningCertificate() (*x509.Certificate, error) {
	for _, c := range m.Certificates {
		if m.keyID != nil && bytes.Equal(c.SubjectKeyId, m.keyID) {
			return c, nil
		}
		if m.serial != nil && bytes.Equal(c.RawIssuer, m.issuer) && c.SerialNumber.Cmp(m.serial) == 0 {
			return c, nil
		}
	}
	return nil, ErrSigner
}

// CheckContent compares the signed attributes with the content's type and digest.
func (m *Message) CheckContent(digest []byte) error {
	kind := cryptobyte.String(m.attributes[ContentType])
	if oid, ok := ReadOID(&kind); !ok || oid != m.ContentType {
		return fmt.Errorf("content type: %w", ErrDigest)
	}
	value := cryptobyte.String(m.attributes[MessageDigest])
	var want cryptobyte.String
	if !value.ReadASN1(&want, cbasn1.OCTET_STRING) || subtle.ConstantTimeCompare(want, digest) != 1 {
		return ErrDigest
	}
	return m.checkProtection()
}

// checkProtection compares CMSAlgorithmProtection, where present, with what the
// message says outside of the signature (RFC 6211, 3).
func (m *Message) checkProtection() error {
	raw, ok := m.attributes[AlgorithmProtection]
	if !ok {
		return nil
	}
	in := cryptobyte.String(raw)
	var seq, inner cryptobyte.String
	var digest algorithm
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !readAlgorithm(&seq, &digest) || !seq.ReadASN1(&inner, explicit(1)) {
		return fmt.Errorf("reading algorithm protection: %w", ErrMalformed)
	}
	oid, ok := ReadOID(&inner)
	if !ok || oid != m.signature.oid || digest.oid != m.HashOID {
		return fmt.Errorf("algorithm protection: %w", ErrSignature)
	}
	return nil
}

// CheckSignature verifies the signature value with the certificate's key.
func (m *Message) CheckSignature(c *x509.Certificate) error {
	return m.signature.verify(c.PublicKey, m.Hash, Sum(m.Hash, m.signedSet), m.value)
}

// CheckESS verifies that signing-certificate-v2 names c: ErrNoESS, ErrESS.
func (m *Message) CheckESS(c *x509.Certificate) error {
	raw, ok := m.attributes[SigningCertV2]
	if !ok {
		return ErrNoESS
	}
	in := cryptobyte.String(raw)
	var outer, ids, first, hash cryptobyte.String
	if !in.ReadASN1(&outer, cbasn1.SEQUENCE) || !outer.ReadASN1(&ids, cbasn1.SEQUENCE) || !ids.ReadASN1(&first, cbasn1.SEQUENCE) {
		return fmt.Errorf("reading signing-certificate-v2: %w", ErrMalformed)
	}
	h := crypto.SHA256
	if first.PeekASN1Tag(cbasn1.SEQUENCE) {
		var a algorithm
		if !readAlgorithm(&first, &a) {
			return fmt.Errorf("reading signing-certificate-v2: %w", ErrMalformed)
		}
		var err error
		if h, err = HashOf(a.oid); err != nil {
			return err
		}
	}
	if !first.ReadASN1(&hash, cbasn1.OCTET_STRING) {
		return fmt.Errorf("reading signing-certificate-v2: %w", ErrMalformed)
	}
	if !bytes.Equal(hash, Sum(h, c.Raw)) {
		return ErrESS
	}
	return nil
}

// ReadOID reads an object identifier in dotted form; arcs may be of any size.
func ReadOID(s *cryptobyte.String) (string, bool) {
	var raw cryptobyte.String
	if !s.ReadASN1Element(&raw, cbasn1.OBJECT_IDENTIFIER) || len(raw) > 129 {
		return "", false
	}
	var oid x509.OID
	if err := oid.UnmarshalBinary(raw[2:]); err != nil {
		return "", false
	}
	return oid.String(), true
}

// AddOID writes a dotted object identifier.
func AddOID(b *cryptobyte.Builder, dotted string) {
	oid, err := x509.ParseOID(dotted)
	if err != nil {
		b.SetError(err)
		return
	}
	body, err := oid.MarshalBinary()
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1(cbasn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(body) })
}
