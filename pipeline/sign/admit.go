package sign

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"time"

	"hoso/pipeline"
)

// Admission is under which conditions a person's certificate may sign.
type Admission struct {
	Roots *x509.CertPool // that it must lead to; nil asks for none
	Time  time.Time
}

// Admit judges a person's certificates, the signer's first, before anything is prepared
// for them: signing software must check a certificate before it signs, not after
// (Decree 23/2025/NĐ-CP). It is the one place for that. What may not sign is a Refusal
// with the reason; ctx is for what must be asked of others.
func Admit(ctx context.Context, chain []*x509.Certificate, a Admission) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(chain) == 0 {
		return unfit("certificate-none", "no certificate was given", "Chưa có chứng thư số. Hãy cắm thiết bị ký rồi thử lại.")
	}
	leaf := chain[0]
	day := func(t time.Time) string { return t.Format("02/01/2006") }
	switch {
	case a.Time.Before(leaf.NotBefore):
		return unfit("certificate-early", "the certificate is not valid yet", "Chứng thư số chưa có hiệu lực (từ ngày "+day(leaf.NotBefore)+").")
	case a.Time.After(leaf.NotAfter):
		return unfit("certificate-expired", "the certificate has ended", "Chứng thư số đã hết hạn ngày "+day(leaf.NotAfter)+". Hãy gia hạn chứng thư số rồi ký lại.")
	case leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return unfit("certificate-usage", "the certificate is not for signatures", "Chứng thư số này không dùng để ký số. Hãy chọn chứng thư số ký.")
	}
	if err := admitKey(leaf); err != nil || a.Roots == nil {
		return err
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots: a.Roots, Intermediates: between, CurrentTime: a.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return unfit("certificate-untrusted", "the certificate does not lead to a trusted root", "Chứng thư số không do tổ chức được tin cậy cấp. Hãy báo người quản trị bổ sung chứng thư gốc của tổ chức cấp.")
	}
	return nil
}

// admitKey wants a key that tokens have and that will hold for some years.
func admitKey(c *x509.Certificate) error {
	const smallest = 2048
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() >= smallest {
			return nil
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() || key.Curve == elliptic.P384() {
			return nil
		}
	}
	return unfit("certificate-key", fmt.Sprintf("the key is none of RSA from %d bits, P-256 and P-384", smallest), "Khóa của chứng thư số quá yếu hoặc thuộc loại không dùng được (cần RSA từ 2048 bit, P-256 hoặc P-384).")
}

func unfit(code, english, vietnamese string) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, nil)
}
