// Package datadir says where things lie in a data directory, for the programs that
// serve one: hoso itself and its S3 server, which share no other code.
package datadir

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// S3Socket is the name of the S3 server's socket in the folder S3; it answers requests
// for HealthPath, which can be no bucket, without a signature.
const (
	S3Socket   = "s3.sock"
	HealthPath = "/hoso-health"
)

// Redis is the folder of the queue server.
func Redis(dir string) string { return filepath.Join(dir, "redis") }

// S3 is the folder of the S3 server's own files.
func S3(dir string) string { return filepath.Join(dir, "s3") }

// Objects is the folder of what the S3 server keeps.
func Objects(dir string) string { return filepath.Join(dir, "objects") }

// Sidecar is the folder of what file systems without attributes cannot keep of it.
func Sidecar(dir string) string { return filepath.Join(dir, "sidecar") }

// Key opens the embedded S3 server. Its socket is already for this user alone; the
// key keeps that so if somebody opens the folder to others.
type Key struct {
	Access string `json:"access"`
	Secret string `json:"secret"`
}

func keyPath(dir string) string { return filepath.Join(S3(dir), "key.json") }

// ReadKey reads the key of the S3 server.
func ReadKey(dir string) (Key, error) {
	var key Key
	text, err := os.ReadFile(keyPath(dir))
	if err != nil {
		return key, fmt.Errorf("reading key of object storage: %w", err)
	}
	if err := json.Unmarshal(text, &key); err != nil {
		return key, fmt.Errorf("reading key of object storage: %w", err)
	}
	return key, nil
}

// MakeKey makes the key at the first start.
func MakeKey(dir string) error {
	if _, err := os.Stat(keyPath(dir)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := json.Marshal(Key{ //nolint:gosec // into a file that only this user can read
		Access: "hoso-" + rand.Text()[:11], Secret: rand.Text() + rand.Text(),
	})
	if err != nil {
		return fmt.Errorf("making key of object storage: %w", err)
	}
	return Write(keyPath(dir), text)
}

// Write writes a small file that is there whole or not at all, for this user alone.
func Write(path string, text []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	if err := Sync(temporary); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return Sync(filepath.Dir(path))
}

// Sync puts a file or a folder's list of names on the disk. What is gone needs no
// sync: its folder will tell.
func Sync(path string) error {
	f, err := os.Open(path) //nolint:gosec // its callers' own paths
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("syncing: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("syncing: %w", err)
	}
	return nil
}
