package tsa

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"hoso/pipeline/sign/internal/cms"
)

const maxQuery = 8 << 10

// Server is a timestamp authority (RFC 3161) over HTTP. It stamps SHA-256, SHA-384
// and SHA-512 digests and refuses SHA-1. It is safe for concurrent use.
type Server struct {
	Key    crypto.Signer
	Chain  []*x509.Certificate // the authority's certificate first; its EKU must be critical timeStamping
	Policy string              // dotted identifier put into every token
	Now    func() time.Time    // nil is time.Now
	Log    *slog.Logger        // nil keeps silent; only failures of the authority itself are logged
}

// ServeHTTP answers a TimeStampReq that was posted.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != mediaQuery {
		http.Error(w, "POST "+mediaQuery, http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuery))
	if err != nil {
		http.Error(w, "query too long", http.StatusRequestEntityTooLarge)
		return
	}
	reply, err := s.Answer(body)
	if err != nil {
		if s.Log != nil {
			s.Log.LogAttrs(r.Context(), slog.LevelError, "timestamp not made", slog.Any("error", err))
		}
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", mediaReply)
	if _, err := w.Write(reply); err != nil && s.Log != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelWarn, "timestamp not delivered", slog.Any("error", err))
	}
}

// refusal is a failure that the reply states.
type refusal struct{ bit int }

// Error names the bit of PKIFailureInfo.
func (r refusal) Error() string { return fmt.Sprintf("timestamp query refused with bit %d", r.bit) }

// Answer gives the TimeStampResp (DER) to a TimeStampReq. A query that is refused has
// an answer, too; an error is one of the authority itself.
func (s *Server) Answer(request []byte) ([]byte, error) {
	q, err := readQuery(request)
	if err == nil && q.policy != "" && q.policy != s.Policy {
		err = refusal{unacceptedPolicy}
	}
	if r, ok := errors.AsType[refusal](err); ok {
		return rejection(r.bit)
	}
	token, err := s.stamp(q)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Int64(0) })
		b.AddBytes(token)
	})
	return b.Bytes()
}

func rejection(bit int) ([]byte, error) {
	bits := asn1.BitString{Bytes: make([]byte, bit/8+1), BitLength: bit + 1}
	bits.Bytes[bit/8] |= 0x80 >> (bit % 8)
	der, err := asn1.Marshal(bits)
	if err != nil {
		return nil, fmt.Errorf("writing a refusal: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(2)
			b.AddBytes(der)
		})
	})
	return b.Bytes()
}

// readQuery reads a TimeStampReq (RFC 3161, 2.4.1); its errors are refusals.
func readQuery(der []byte) (query, error) {
	in := cryptobyte.String(der)
	var s cryptobyte.String
	var version int
	var q query
	if !in.ReadASN1(&s, cbasn1.SEQUENCE) || !in.Empty() || !s.ReadASN1Integer(&version) {
		return q, refusal{badDataFormat}
	}
	oid, imprint, ok := readImprint(&s)
	if !ok || version != 1 {
		return q, refusal{badRequest}
	}
	hash, err := cms.HashOf(oid)
	if err != nil {
		return q, refusal{badAlg}
	}
	if len(imprint) != hash.Size() {
		return q, refusal{badDataFormat}
	}
	q.hash, q.imprint = hash, imprint
	return q, q.readOptional(s)
}

// readOptional reads what may follow the imprint: policy, nonce, certReq, extensions.
func (q *query) readOptional(s cryptobyte.String) error {
	if s.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER) {
		var ok bool
		if q.policy, ok = cms.ReadOID(&s); !ok {
			return refusal{badDataFormat}
		}
	}
	if s.PeekASN1Tag(cbasn1.INTEGER) {
		q.nonce = new(big.Int)
		if !s.ReadASN1Integer(q.nonce) || q.nonce.BitLen() > 1024 {
			return refusal{badDataFormat}
		}
	}
	if s.PeekASN1Tag(cbasn1.BOOLEAN) && !s.ReadASN1Boolean(&q.certReq) {
		return refusal{badDataFormat}
	}
	if !s.Empty() {
		return refusal{unacceptedExtension}
	}
	return nil
}

// stamp makes the token. genTime is cut to the second, which accuracy states.
func (s *Server) stamp(q query) ([]byte, error) {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	// Serial numbers are drawn, not counted: two in 2^120 do not meet, and nothing
	// has to be remembered across restarts.
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("drawing a serial number: %w", err)
	}
	info, err := s.info(q, serial.Add(serial, big.NewInt(1)), now().UTC())
	if err != nil {
		return nil, err
	}
	hash := cms.DefaultHash(s.Chain[0].PublicKey)
	draft, err := cms.NewDraft(s.Chain[0], hash, cms.TSTInfo, cms.Sum(hash, info))
	if err != nil {
		return nil, fmt.Errorf("drafting a token: %w", err)
	}
	draft.Content = info
	if q.certReq {
		draft.Certificates = s.Chain
	}
	value, err := s.Key.Sign(rand.Reader, draft.Digest(), hash)
	if err != nil {
		return nil, fmt.Errorf("signing a token: %w", err)
	}
	return draft.Assemble(value, nil)
}

// info writes TSTInfo.
func (s *Server) info(q query, serial *big.Int, now time.Time) ([]byte, error) {
	oid, err := cms.HashOID(q.hash)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		cms.AddOID(b, s.Policy)
		addImprint(b, oid, q.imprint)
		b.AddASN1BigInt(serial)
		b.AddASN1(cbasn1.GeneralizedTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(now.Format("20060102150405Z"))) })
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Int64(1) }) // accuracy: one second
		if q.nonce != nil {
			b.AddASN1BigInt(q.nonce)
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("writing TSTInfo: %w", err)
	}
	return der, nil
}
