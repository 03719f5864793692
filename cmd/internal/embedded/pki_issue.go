package embedded

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"hoso/pipeline/sign"
)

const (
	rootName       = "root"
	signerName     = "signer"
	stampName      = "timestamp"
	revocationFile = "root.crl"

	demoOrganization = "HOSO DEMO - KHONG CO GIA TRI PHAP LY"
	demoHost         = "http://" + Host + "/" // reserved by RFC 6761: nothing answers there
	year             = 365 * 24 * time.Hour
)

// pair is a certificate with its key.
type pair struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issuePKI makes all files of the demonstration's certificates, by name.
func issuePKI(now time.Time) (map[string][]byte, error) {
	files := map[string][]byte{}
	root, err := issue(files, rootName, rootTemplate(now), pair{})
	if err != nil {
		return nil, err
	}
	for name, template := range map[string]*x509.Certificate{signerName: signerTemplate(now), stampName: stampTemplate(now)} {
		if _, err := issue(files, name, template, root); err != nil {
			return nil, err
		}
	}
	list, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: now.Add(-time.Hour).UTC(), NextUpdate: now.Add(10 * year).UTC(),
	}, root.cert, root.key)
	if err != nil {
		return nil, fmt.Errorf("making the revocation list: %w", err)
	}
	files[revocationFile] = list
	return files, nil
}

// issue makes a key and has it certified by issuer, or by itself if there is none.
func issue(files map[string][]byte, name string, t *x509.Certificate, issuer pair) (pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair{}, fmt.Errorf("making the key of %s: %w", name, err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return pair{}, fmt.Errorf("encoding the key of %s: %w", name, err)
	}
	id := sha256.Sum256(spki)
	t.SubjectKeyId = id[:20]
	if issuer.cert == nil {
		issuer = pair{t, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, issuer.cert, &key.PublicKey, issuer.key)
	if err != nil {
		return pair{}, fmt.Errorf("making the certificate of %s: %w", name, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return pair{}, fmt.Errorf("reading the certificate of %s: %w", name, err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pair{}, fmt.Errorf("encoding the key of %s: %w", name, err)
	}
	files[name+".crt"] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	files[name+".key"] = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	return pair{cert, key}, nil
}

// template holds what all demonstration certificates share. It begins an hour early,
// for clocks that disagree.
func template(commonName string, now time.Time, years time.Duration) *x509.Certificate {
	t := &x509.Certificate{
		Subject:   pkix.Name{Country: []string{"VN"}, Organization: []string{demoOrganization}, CommonName: commonName},
		NotBefore: now.Add(-time.Hour).UTC(),
		NotAfter:  now.Add(years * year).UTC(),
	}
	if policy, err := x509.ParseOID(sign.DemoPolicy); err == nil {
		t.Policies = []x509.OID{policy}
	}
	return t
}

func rootTemplate(now time.Time) *x509.Certificate {
	t := template("HOSO DEMO ROOT", now, 20)
	t.IsCA, t.BasicConstraintsValid, t.MaxPathLenZero = true, true, true
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	return t
}

func leaf(t *x509.Certificate) *x509.Certificate {
	t.BasicConstraintsValid = true
	t.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	t.IssuingCertificateURL = []string{demoHost + rootName + ".crt"}
	t.CRLDistributionPoints = []string{demoHost + revocationFile}
	return t
}

func signerTemplate(now time.Time) *x509.Certificate {
	t := leaf(template("HOSO BAN DUNG THU - KHONG CO GIA TRI PHAP LY", now, 10))
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	return t
}

// stampTemplate marks the extended key usage critical, as RFC 3161, 2.3 demands;
// package x509 does so only for an extension written by hand.
func stampTemplate(now time.Time) *x509.Certificate {
	t := leaf(template("HOSO DEMO TIMESTAMP AUTHORITY", now, 10))
	t.KeyUsage = x509.KeyUsageDigitalSignature
	timeStamping := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	if value, err := asn1.Marshal([]asn1.ObjectIdentifier{timeStamping}); err == nil {
		t.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: value}}
	}
	return t
}
