package sign

import (
	"crypto/x509"
	"slices"
)

// DemoPolicy is the certificate policy that marks demonstration certificates: an
// identifier under 2.25, the arc of UUIDs, drawn for this purpose.
const DemoPolicy = "2.25.226125573539410474059129442562322043526"

// What a demonstration signature says of itself, to Vietnamese and English readers.
const (
	DemoName   = "HOSO - CHỮ KÝ DÙNG THỬ (DEMO)"
	DemoReason = "Ký thử nghiệm, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ / Demonstration only, NO LEGAL VALUE"
)

// IsDemo reports whether a certificate is marked as made for demonstration.
func IsDemo(c *x509.Certificate) bool {
	return slices.ContainsFunc(c.Policies, func(p x509.OID) bool { return p.String() == DemoPolicy })
}
