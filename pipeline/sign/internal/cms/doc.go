// Package cms is the one form in which a signature and a timestamp travel: a CMS
// SignedData with a single signer (RFC 5652), as CAdES wants it (ETSI EN 319 122-1).
//
// A message is drafted first, so that the digest to be signed can go to a key that
// lives elsewhere, and put together when the signature value comes back. Reading is
// for messages that strangers send: every length is checked, nothing is followed,
// and what is taken from a message is only what its signature covers, except where
// it says otherwise.
package cms

// The object identifiers of contents and attributes (RFC 5652, 3161, 5035, 6211).
const (
	Data                = "1.2.840.113549.1.7.1"
	SignedData          = "1.2.840.113549.1.7.2"
	TSTInfo             = "1.2.840.113549.1.9.16.1.4"
	ContentType         = "1.2.840.113549.1.9.3"
	MessageDigest       = "1.2.840.113549.1.9.4"
	SigningTime         = "1.2.840.113549.1.9.5"
	SigningCertificate  = "1.2.840.113549.1.9.16.2.12"
	SigningCertV2       = "1.2.840.113549.1.9.16.2.47"
	AlgorithmProtection = "1.2.840.113549.1.9.52"
	TimestampToken      = "1.2.840.113549.1.9.16.2.14"
	RevocationArchival  = "1.2.840.113583.1.1.8" // Adobe's, in adbe.pkcs7.detached
)
