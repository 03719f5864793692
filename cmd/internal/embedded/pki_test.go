package embedded_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/cmd/internal/embedded"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/tsa"
)

func TestDemoPKIIsMadeOnceAndLoaded(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "pki")
	now := time.Now()
	first, err := embedded.DemoPKI(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	second, err := embedded.DemoPKI(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Root.Equal(second.Root) || !first.Signer.Chain[0].Equal(second.Signer.Chain[0]) {
		t.Error("the second start made other certificates")
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", f.Name(), info.Mode())
		}
	}
}

func TestDemoPKISaysWhatItIs(t *testing.T) {
	t.Parallel()
	p, err := embedded.DemoPKI(filepath.Join(t.TempDir(), "pki"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	leaf := p.Signer.Chain[0]
	if !p.Signer.Demo || !sign.IsDemo(leaf) || sign.IsDemo(&x509.Certificate{}) {
		t.Error("the signer's certificate is not marked as a demonstration")
	}
	if !strings.Contains(leaf.Subject.CommonName, "KHONG CO GIA TRI PHAP LY") {
		t.Errorf("common name = %q", leaf.Subject.CommonName)
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: p.Roots(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		t.Errorf("verifying the signer: %v", err)
	}
	list, err := x509.ParseRevocationList(p.Revocation)
	if err != nil || list.CheckSignatureFrom(p.Root) != nil {
		t.Errorf("revocation list: %v", err)
	}
	for years := range 9 {
		at := time.Now().AddDate(years, 0, 0)
		if at.After(leaf.NotAfter) {
			t.Errorf("the signer ends within %d years", years)
		}
	}
}

func TestDemoAuthorityStamps(t *testing.T) {
	t.Parallel()
	p, err := embedded.DemoPKI(filepath.Join(t.TempDir(), "pki"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p.Authority())
	t.Cleanup(server.Close)
	client := &tsa.Client{URLs: []string{server.URL}, Roots: p.Roots()}
	imprint := sha256.Sum256([]byte("bytes"))
	raw, err := client.Timestamp(context.Background(), imprint[:])
	if err != nil {
		t.Fatal(err)
	}
	token, err := tsa.Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	if !sign.IsDemo(token.Authority) {
		t.Error("the authority's certificate is not marked as a demonstration")
	}
}

func TestDemoPKIRecovers(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, dir string){
		"empty directory": mkdir,
		"lost file": func(t *testing.T, dir string) {
			t.Helper()
			made(t, dir)
			if err := os.Remove(filepath.Join(dir, "timestamp.key")); err != nil {
				t.Fatal(err)
			}
		},
		"empty file": func(t *testing.T, dir string) {
			t.Helper()
			made(t, dir)
			if err := os.Truncate(filepath.Join(dir, "root.crt"), 0); err != nil {
				t.Fatal(err)
			}
		},
		"interrupted start": func(t *testing.T, dir string) {
			t.Helper()
			mkdir(t, dir+".new")
			if err := os.WriteFile(filepath.Join(dir+".new", "root.key"), []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "pki")
			damage(t, dir)
			made(t, dir)
			if _, err := os.Stat(dir + ".new"); err == nil {
				t.Error("an interrupted start was left")
			}
		})
	}
}

func TestDemoPKIKeepsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "pki")
	made(t, dir)
	path := filepath.Join(dir, "signer.key")
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.DemoPKI(dir, time.Now()); err == nil {
		t.Error("an unreadable key was accepted")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "not a key" {
		t.Errorf("the file was changed: %q, %v", b, err)
	}
}

func TestDemoPKIByManyAtOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "pki")
	roots := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range roots {
		wg.Go(func() {
			p, err := embedded.DemoPKI(dir, time.Now())
			if err != nil {
				t.Error(err)
				return
			}
			roots[i] = p.Root.Raw
		})
	}
	wg.Wait()
	for _, r := range roots[1:] {
		if !bytes.Equal(r, roots[0]) {
			t.Fatal("starts at once made different roots")
		}
	}
}

func made(t *testing.T, dir string) {
	t.Helper()
	if _, err := embedded.DemoPKI(dir, time.Now()); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
}
