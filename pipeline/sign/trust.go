package sign

import (
	"crypto/x509"
	"slices"
	"time"

	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/tsa"
)

func (t Trust) roots() *x509.CertPool {
	if t.Roots == nil {
		return x509.NewCertPool() // nil would mean the roots of the operating system
	}
	return t.Roots
}

func (t Trust) stampRoots() *x509.CertPool {
	if t.Timestamps == nil {
		return t.roots()
	}
	return t.Timestamps
}

// checkTrust judges who signed and when. The certificate must have been valid at the
// time of a trusted timestamp; without one, it must be valid now.
func (v *verifier) checkTrust(c *Checked, m *cms.Message, leaf *x509.Certificate) {
	at := v.trust.Now
	if stamped, ok := v.checkStamp(c, m); ok {
		at = stamped
	}
	between := x509.NewCertPool()
	for _, i := range m.Certificates {
		between.AddCert(i)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots: v.trust.roots(), Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	c.Trusted = err == nil
	switch {
	case err == nil:
	case at.After(leaf.NotAfter):
		c.note("certificate-expired")
	case at.Before(leaf.NotBefore):
		c.note("certificate-early")
	default:
		c.note("certificate-untrusted")
	}
	if leaf.KeyUsage != 0 && leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		c.note("certificate-usage")
	}
	c.Demo = IsDemo(leaf) || len(chains) > 0 && anyDemo(chains[0])
	if c.Demo {
		c.note("demonstration")
	}
}

// checkStamp judges the signature timestamp and gives its time if it is trusted.
func (v *verifier) checkStamp(c *Checked, m *cms.Message) (time.Time, bool) {
	raw := m.Unsigned(cms.TimestampToken)
	if raw == nil {
		c.note("timestamp-none")
		return time.Time{}, false
	}
	t, err := tsa.Open(raw)
	if err == nil {
		err = t.Stamps(m.Value())
	}
	if err != nil {
		c.note("timestamp-wrong")
		return time.Time{}, false
	}
	c.Time, c.Authority = t.Time, t.Authority.Subject.CommonName
	if c.Level == "B-B" {
		c.Level = "B-T"
	}
	if _, err := t.Chain(v.trust.stampRoots(), m.Certificates); err != nil {
		c.note("timestamp-untrusted")
		return time.Time{}, false
	}
	return t.Time, true
}

func anyDemo(chain []*x509.Certificate) bool { return slices.ContainsFunc(chain, IsDemo) }
