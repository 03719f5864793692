package pkcs11_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"runtime"
	"sync"
	"testing"
	"time"

	"hoso/testdata/softhsm"
)

// TestLibraryHangs: a library that does not come back holds nobody up for long, and is
// used again when it does.
func TestLibraryHangs(t *testing.T) { //nolint:paralleltest // two copies of a library in one process
	gate, err := softhsm.NewGate(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := config("crowd")
	c.Module, c.Sessions, c.Wait, c.Limit = gate.Module, 2, time.Minute, 200*time.Millisecond
	token := open(t, c)
	id, err := token.Identity("")
	if err != nil {
		t.Fatal(err)
	}
	signs(t, id, crypto.SHA256)

	if err := gate.Shut(); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := id.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
			awayAs(t, err, "has not answered")
		})
	}
	all.Wait()
	if err := token.Close(); err == nil {
		t.Error("a library that hangs was let go of")
	}

	if err := gate.Open(); err != nil {
		t.Fatal(err)
	}
	soon(t, "the library works again and is not used", func() bool {
		_, err := id.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
		if err != nil {
			awayAs(t, err, "has not answered")
		}
		return err == nil
	})
	signs(t, id, crypto.SHA256)
	soon(t, "all calls came back and it is not let go of", func() bool { return token.Close() == nil })
}

// soon tries until it is so.
func soon(t *testing.T, otherwise string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal(otherwise)
		}
	}
}
