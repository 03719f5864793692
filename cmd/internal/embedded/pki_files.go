package embedded

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// pkiFiles are the names in a complete directory.
func pkiFiles() []string {
	return []string{
		rootName + ".crt", rootName + ".key", signerName + ".crt", signerName + ".key",
		stampName + ".crt", stampName + ".key", revocationFile,
	}
}

func readPKI(dir string) (map[string][]byte, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("reading demonstration certificates: %w", err)
	}
	files := map[string][]byte{}
	for _, name := range pkiFiles() {
		b, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // in our own data folder
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(b) == 0 {
			return nil, fmt.Errorf("reading %q in %q: %w", name, dir, errHalfMade)
		}
		if err != nil {
			return nil, fmt.Errorf("reading demonstration certificates: %w", err)
		}
		files[name] = b
	}
	return files, nil
}

func parsePair(files map[string][]byte, name string) (pair, error) {
	certificate, _ := pem.Decode(files[name+".crt"])
	secret, _ := pem.Decode(files[name+".key"])
	if certificate == nil || secret == nil {
		return pair{}, fmt.Errorf("reading %s: not PEM", name)
	}
	cert, err := x509.ParseCertificate(certificate.Bytes)
	if err != nil {
		return pair{}, fmt.Errorf("reading %s.crt: %w", name, err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(secret.Bytes)
	if err != nil {
		return pair{}, fmt.Errorf("reading %s.key: %w", name, err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || !key.PublicKey.Equal(cert.PublicKey) {
		return pair{}, fmt.Errorf("reading %s.key: it does not belong to %s.crt", name, name)
	}
	return pair{cert, key}, nil
}

// lockBeside waits until no other process makes certificates in dir. The lock ends
// with the process, whatever happens to it.
func lockBeside(dir string) (unlock func(), err error) {
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("making demonstration certificates: %w", err)
	}
	f, err := os.OpenFile(dir+".lock", os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // likewise
	if err != nil {
		return nil, fmt.Errorf("locking demonstration certificates: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("locking demonstration certificates: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // nothing was written: only the lock ends
}

// createPKI makes all files in a directory of their own and moves it into place when
// they are on disk, so that dir is never seen half made. It needs the lock.
func createPKI(dir string, now time.Time) error {
	files, err := issuePKI(now)
	if err != nil {
		return err
	}
	dir = filepath.Clean(dir)
	parent := filepath.Dir(dir)
	if err := clearPKI(dir, now); err != nil {
		return err
	}
	fresh := dir + ".new"
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("making demonstration certificates: %w", err)
	}
	if err := errors.Join(fill(fresh, files), syncDir(fresh)); err != nil {
		return fmt.Errorf("making demonstration certificates: %w", err)
	}
	if err := os.Rename(fresh, dir); err != nil {
		return fmt.Errorf("making demonstration certificates: %w", err)
	}
	return syncDir(parent)
}

// clearPKI moves a half-made directory aside and drops what an interrupted start left.
func clearPKI(dir string, now time.Time) error {
	if err := os.RemoveAll(dir + ".new"); err != nil {
		return fmt.Errorf("dropping an interrupted start: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at %q: %w", dir, err)
	}
	if len(entries) == 0 {
		return os.Remove(dir)
	}
	aside := fmt.Sprintf("%s.incomplete-%d", dir, now.UnixNano())
	if err := os.Rename(dir, aside); err != nil {
		return fmt.Errorf("moving %q aside: %w", dir, err)
	}
	return nil
}

func fill(dir string, files map[string][]byte) error {
	for name, content := range files {
		if err := writeSynced(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

// writeSynced writes a new file that its owner alone can read.
func writeSynced(path string, content []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // likewise
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(content); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return f.Sync()
}

func syncDir(dir string) (err error) {
	f, err := os.Open(dir) //nolint:gosec // likewise
	if err != nil {
		return fmt.Errorf("syncing %q: %w", dir, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Sync()
}
