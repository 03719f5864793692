package sign

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/revocation"
)

// Admission is under which conditions a person's certificate may sign.
type Admission struct {
	Trust   Trust // with Status, nothing on the way to the root may have been revoked
	AnyRoot bool  // it need not lead to a trusted root; then nothing is asked of others
	Time    time.Time
}

// Admit judges a person's certificates, the signer's first, before anything is prepared
// for them: signing software must check a certificate before it signs, not after
// (Decree 23/2025/NĐ-CP). It is the one place for that. What may not sign is a Refusal
// with the reason, for the person to read; that nobody tells what was revoked is
// *pipeline.Unavailable. It gives the chain with the issuers that it lacked, as far as
// they were found.
func Admit(ctx context.Context, chain []*x509.Certificate, a Admission) ([]*x509.Certificate, error) {
	if len(chain) == 0 {
		return nil, unfit("certificate-none", "no certificate was given", "Chưa có chứng thư số. Hãy cắm thiết bị ký rồi thử lại.")
	}
	leaf := chain[0]
	day := func(t time.Time) string { return t.Format("02/01/2006") }
	switch {
	case a.Time.Before(leaf.NotBefore):
		return nil, unfit("certificate-early", "the certificate is not valid yet", "Chứng thư số chưa có hiệu lực (từ ngày "+day(leaf.NotBefore)+").")
	case a.Time.After(leaf.NotAfter):
		return nil, unfit("certificate-expired", "the certificate has ended", "Chứng thư số đã hết hạn ngày "+day(leaf.NotAfter)+". Hãy gia hạn chứng thư số rồi ký lại.")
	case leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return nil, unfit("certificate-usage", "the certificate is not for signatures", "Chứng thư số này không dùng để ký số. Hãy chọn chứng thư số ký.")
	}
	if err := admitKey(leaf); err != nil || a.AnyRoot {
		return chain, err
	}
	return a.issued(ctx, chain)
}

// issued asks who gave the certificate, and whether they stand by it.
func (a Admission) issued(ctx context.Context, chain []*x509.Certificate) ([]*x509.Certificate, error) {
	whole, err := a.Trust.complete(ctx, chain, a.Time)
	if err != nil {
		return nil, pipeline.Refuse(pipeline.Reason{
			Code: "certificate-untrusted", English: "the certificate does not lead to a trusted root",
			Vietnamese: "Chứng thư số không do tổ chức được tin cậy cấp. Hãy báo người quản trị bổ sung chứng thư gốc của tổ chức cấp.",
		}, err)
	}
	whole, err = a.Trust.Ready(ctx, whole, a.Time)
	if errors.Is(err, revocation.ErrNoSource) {
		return nil, pipeline.Refuse(pipeline.Reason{
			Code: "certificate-silent", English: "the certificate names neither OCSP nor CRL, so nobody can be asked whether it was revoked",
			Vietnamese: "Chứng thư số không ghi địa chỉ kiểm tra thu hồi (OCSP, CRL) nên không dùng để ký được. Hãy liên hệ tổ chức cấp chứng thư số.",
		}, err)
	}
	if at, away := errors.AsType[*pipeline.Unavailable](err); away && at.What == keyAway {
		return nil, pipeline.Refuse(pipeline.Reason{
			Code: "certificate-revoked", English: "the certificate has been revoked",
			Vietnamese: "Chứng thư số đã bị thu hồi. Hãy liên hệ tổ chức cấp chứng thư số.",
		}, err)
	}
	return whole, err
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
