// Package softhsm makes tokens that tests sign with: SoftHSM2, a security module in
// software that is not ours and speaks PKCS#11 as devices do. Keys and certificates are
// put on a token with OpenSC's pkcs11-tool, as an operator would.
//
// The library reads the environment when it is initialized, so that one process has one
// Store; it sees tokens that were made before that.
package softhsm

import (
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Module is the library, where Debian puts it.
const Module = "/usr/lib/softhsm/libsofthsm2.so"

// Store is a folder of tokens.
type Store struct {
	Config string // its configuration: the value of SOFTHSM2_CONF
	tokens string
}

// New makes a store in a folder.
func New(dir string) (*Store, error) {
	s := &Store{Config: filepath.Join(dir, "softhsm2.conf"), tokens: filepath.Join(dir, "tokens")}
	if err := os.MkdirAll(s.tokens, 0o700); err != nil {
		return nil, err
	}
	return s, os.WriteFile(s.Config, []byte("directories.tokendir = "+s.tokens+"\nobjectstore.backend = file\nlog.level = ERROR\n"), 0o600)
}

// Token is a token in a store.
type Token struct {
	Label, PIN string
	store      *Store
	folder     string
}

// Token makes one.
func (s *Store) Token(label, pin string) (*Token, error) {
	before, err := filepath.Glob(filepath.Join(s.tokens, "*"))
	if err != nil {
		return nil, err
	}
	if err := s.run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "sohoso42"); err != nil {
		return nil, err
	}
	after, err := filepath.Glob(filepath.Join(s.tokens, "*"))
	if err != nil {
		return nil, err
	}
	for _, folder := range after {
		if !slices.Contains(before, folder) {
			return &Token{Label: label, PIN: pin, store: s, folder: folder}, nil
		}
	}
	return nil, fmt.Errorf("making the token %q left no trace", label)
}

// Object is what lies on a token under a label and an ID.
type Object struct {
	Label      string
	ID         byte
	Key        crypto.Signer     // nil for none
	Public     bool              // its public half lies beside it
	AlwaysAuth bool              // it wants the PIN for each signature
	Cert       *x509.Certificate // nil for none
}

// Put puts something on the token.
func (t *Token) Put(o Object) error {
	at := []string{"--label", o.Label, "--id", hex.EncodeToString([]byte{o.ID})}
	if o.Key != nil {
		if err := t.putKey(o, at); err != nil {
			return err
		}
	}
	if o.Cert == nil {
		return nil
	}
	return t.write(o.Cert.Raw, append(at, "--type", "cert"))
}

func (t *Token) putKey(o Object, at []string) error {
	der, err := x509.MarshalPKCS8PrivateKey(o.Key)
	if err != nil {
		return err
	}
	args := append(slices.Clone(at), "--type", "privkey", "--usage-sign")
	if o.AlwaysAuth {
		args = append(args, "--always-auth")
	}
	if err := t.write(der, args); err != nil || !o.Public {
		return err
	}
	if der, err = x509.MarshalPKIXPublicKey(o.Key.Public()); err != nil {
		return err
	}
	return t.write(der, append(slices.Clone(at), "--type", "pubkey"))
}

// write has pkcs11-tool write an object.
func (t *Token) write(der []byte, args []string) error {
	f, err := os.CreateTemp(filepath.Dir(t.store.Config), "object-*.der")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it lies in the test's folder
	if _, err := f.Write(der); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return t.store.run("pkcs11-tool", append([]string{
		"--module", Module, "--token-label", t.Label, "--login", "--pin", t.PIN, "--write-object", f.Name(),
	}, args...)...)
}

// Pull takes the token out, as far as the library can see.
func (t *Token) Pull() error { return os.Rename(t.folder, t.away()) }

// Return puts it back.
func (t *Token) Return() error { return os.Rename(t.away(), t.folder) }

func (t *Token) away() string {
	return filepath.Join(filepath.Dir(t.store.Config), "pulled-"+filepath.Base(t.folder))
}

// SetPIN changes the user's PIN from another process.
func (t *Token) SetPIN(pin string) error {
	err := t.store.run("pkcs11-tool", "--module", Module, "--token-label", t.Label, "--login", "--pin", t.PIN, "--change-pin", "--new-pin", pin)
	if err == nil {
		t.PIN = pin
	}
	return err
}

func (s *Store) run(name string, args ...string) error {
	cmd := exec.Command(name, args...) //nolint:noctx // a TestMain has no context
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+s.Config)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s %q: %w\n%s", name, args, err, out)
	}
	return nil
}
