// Package sign puts a PAdES baseline signature (ETSI EN 319 142-1) into a PDF and
// tells what the signatures in a PDF are worth.
//
// A signature is an increment: not one byte of the record changes, and the file is
// never in memory. Signing has three steps, because the key may lie elsewhere:
//
//	Prepare   the increment around a gap for the signature, and the hash of the file
//	Digest    what the key must sign: 32 to 64 bytes that can travel to a token
//	Finish    timestamp, put together, copy the file and append the increment
//
// Sign is the three in a row. So that a signature can be judged when its certificates
// have ended, Collect gathers what that takes from those who issued them, and Extend
// appends it with a timestamp over the whole file; renewing is the same once more.
//
// Verify trusts nothing that the file says of itself: it
// compares the signed range with the place of the signature, and every later change
// with what may change in a signed file.
package sign

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"

	"hoso/pipeline"
)

// Timestamper gives an RFC 3161 token (DER) over a SHA-256 digest. What it gives must
// be verified already; tsa.Client does so.
type Timestamper interface {
	Timestamp(ctx context.Context, imprint []byte) (token []byte, err error)
}

// Identity is who signs.
type Identity struct {
	Key   crypto.Signer       // RSA from 2048 bits, ECDSA P-256 to P-521
	Chain []*x509.Certificate // the signer's first, then its issuers as far as known
	Demo  bool                // the signature says that it has no legal value
}

// Request says how to sign.
type Request struct {
	Identity    Identity // Prepare needs only its Chain
	Timestamper Timestamper
	Time        time.Time   // when it is claimed to be signed (/M); the certificate must be valid then
	Hash        crypto.Hash // SHA-256, SHA-384 or SHA-512; 0 takes what fits the key
	Name        string      // who signs, for people; "" is the certificate's common name
	Reason      string
	Location    string
	Appearance  *Appearance     // nil shows nothing on any page
	Shown       *pipeline.Shown // what the signature is to tell of that; nil tells nothing
	Further     bool            // the file may carry signatures already; they are kept
	Reserve     int             // bytes kept free for the CMS message; 0 estimates
}
