package sign

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"

	"software.sslmate.com/src/go-pkcs12"

	"hoso/pipeline"
)

// LoadPKCS12 takes key and certificates out of a .p12 or .pfx file. What is wrong with
// the file or the password is a Refusal. That the certificate is valid is asked when
// something is signed, with the time of signing.
func LoadPKCS12(data []byte, password string) (Identity, error) {
	secret, leaf, issuers, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) || errors.Is(err, pkcs12.ErrDecryption):
		return Identity{}, refuseKey("pkcs12-password", "the password of the key file is wrong",
			"Mật khẩu của tệp khóa ký (.p12/.pfx) không đúng. Hãy kiểm tra và nhập lại.", err)
	case err != nil:
		return Identity{}, refuseKey("pkcs12-unreadable", "the key file is damaged, or lacks its key or its certificate",
			"Không đọc được tệp khóa ký (.p12/.pfx): tệp hỏng, hoặc thiếu khóa bí mật hay chứng thư số.", err)
	}
	key, ok := secret.(crypto.Signer)
	if !ok || leaf == nil {
		return Identity{}, refuseKey("pkcs12-no-key", "the key file holds no signing key",
			"Tệp khóa ký (.p12/.pfx) không có khóa bí mật dùng để ký.", nil)
	}
	if !samePublic(key.Public(), leaf.PublicKey) {
		return Identity{}, refuseKey("pkcs12-mismatch", "the key does not belong to the certificate",
			"Khóa bí mật không khớp với chứng thư số trong tệp khóa ký (.p12/.pfx).", nil)
	}
	return Identity{Key: key, Chain: Chain(leaf, issuers), Demo: IsDemo(leaf)}, nil
}

func refuseKey(code, english, vietnamese string, err error) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, err)
}

func samePublic(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// Chain puts the issuers behind the leaf in the order of the chain; what does not belong
// to it is left out.
func Chain(leaf *x509.Certificate, issuers []*x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{leaf}
	for last := leaf; !bytes.Equal(last.RawIssuer, last.RawSubject) && len(chain) <= len(issuers); {
		next := issuerOf(last, issuers)
		if next == nil {
			break
		}
		chain, last = append(chain, next), next
	}
	return chain
}

func issuerOf(c *x509.Certificate, among []*x509.Certificate) *x509.Certificate {
	for _, i := range among {
		if bytes.Equal(i.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(i) == nil {
			return i
		}
	}
	return nil
}
