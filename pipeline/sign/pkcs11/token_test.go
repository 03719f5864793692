package pkcs11_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/pkcs11"
	"hoso/testdata/softhsm"
)

// signs has a key sign something new and checks it by the certificate.
func signs(t testing.TB, id sign.Identity, hash crypto.Hash) {
	t.Helper()
	if err := trySigning(id, hash); err != nil {
		t.Error(err)
	}
}

func trySigning(id sign.Identity, hash crypto.Hash) error {
	text := make([]byte, 32)
	if _, err := rand.Read(text); err != nil {
		return err
	}
	h := hash.New()
	h.Write(text)
	digest := h.Sum(nil)
	value, err := id.Key.Sign(rand.Reader, digest, hash)
	if err != nil {
		return err
	}
	switch public := id.Chain[0].PublicKey.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(public, hash, digest, value)
	case *ecdsa.PublicKey:
		if !ecdsa.VerifyASN1(public, digest, value) {
			return fmt.Errorf("the signature with %s does not verify", hash)
		}
	}
	return nil
}

// TestSigns has every kind of key sign every kind of hash.
func TestSigns(t *testing.T) {
	t.Parallel()
	token := open(t, config("keys"))
	all, err := token.Identities()
	if err != nil || len(all) != 5 {
		t.Fatalf("found %d identities (%v), want 5", len(all), err)
	}
	for _, kind := range kinds()[:5] {
		id, err := token.Identity(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !id.Chain[0].Equal(tokens.certs[kind]) {
			t.Errorf("%s has the certificate of somebody else", kind)
		}
		for _, hash := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			t.Run(kind+" "+hash.String(), func(t *testing.T) {
				t.Parallel()
				signs(t, id, hash)
			})
		}
	}
}

// TestRefusesToSign: what is no hash of this kind, and kinds that were not asked for.
func TestRefusesToSign(t *testing.T) {
	t.Parallel()
	id, err := open(t, config("keys")).Identity("rsa-2048")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(nil)
	for name, opts := range map[string]crypto.SignerOpts{
		"another hash's length": crypto.SHA512, "SHA-1": crypto.SHA1, "PSS": &rsa.PSSOptions{Hash: crypto.SHA256},
	} {
		if _, err := id.Key.Sign(rand.Reader, sum[:], opts); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

// TestChain orders the certificates of the token.
func TestChain(t *testing.T) {
	t.Parallel()
	id, err := open(t, config("keys")).Identity("p-384")
	if err != nil {
		t.Fatal(err)
	}
	if len(id.Chain) != 3 || !id.Chain[1].Equal(tokens.issuer) || !id.Chain[2].Equal(tokens.root) {
		t.Errorf("a chain of %d, want leaf, issuer, root", len(id.Chain))
	}
}

// TestNames finds an identity by each of its names.
func TestNames(t *testing.T) {
	t.Parallel()
	token := open(t, config("keys"))
	want := tokens.certs["p-256"]
	sum := sha256.Sum256(want.Raw)
	for _, name := range []string{"p-256", "04", hex.EncodeToString(sum[:]), strings.ToUpper(hex.EncodeToString(sum[:]))} {
		id, err := token.Identity(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if !id.Chain[0].Equal(want) {
			t.Errorf("%q gave another certificate", name)
		}
	}
	_, err := token.Identity("")
	refusedAs(t, err, "pkcs11-which")
	if err == nil || !strings.Contains(err.Error(), hex.EncodeToString(sum[:])) {
		t.Errorf("the choices are not named: %v", err)
	}
	_, err = token.Identity("không có")
	refusedAs(t, err, "pkcs11-no-key")
	only, err := open(t, config("crowd")).Identity("")
	if err != nil || !only.Chain[0].Equal(tokens.certs["rsa-2048"]) {
		t.Errorf("the only key was not found without a name: %v", err)
	}
}

// refusedAs wants a Refusal with a code and both sentences.
func refusedAs(t testing.TB, err error, code string) {
	t.Helper()
	refusal, ok := pipeline.AsRefusal(err)
	if !ok || refusal.Reason.Code != code || refusal.Reason.English == "" || refusal.Reason.Vietnamese == "" {
		t.Errorf("got %v, want %s", err, code)
	}
	if err != nil && strings.Contains(err.Error(), pin) {
		t.Errorf("the error tells the PIN: %v", err)
	}
}

// TestCrowd signs far more at once than there are sessions.
func TestCrowd(t *testing.T) {
	t.Parallel()
	c := config("crowd")
	c.Sessions = 3
	id, err := open(t, c).Identity("")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() { signs(t, id, crypto.SHA256) })
	}
	all.Wait()
}

// TestBusy: who does not get a session in time is told so, and may come again.
func TestBusy(t *testing.T) {
	t.Parallel()
	c := config("crowd")
	c.Sessions, c.Wait = 1, time.Nanosecond
	token := open(t, c)
	patient := c
	patient.Wait = time.Minute
	id, err := open(t, patient).Identity("") // this one only tells which key to ask for
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	busy := make(chan error, 300)
	for range cap(busy) {
		all.Go(func() {
			if _, err := token.Identity("crowd"); strings.Contains(fmt.Sprint(err), "busy") {
				busy <- err
			}
		})
	}
	all.Wait()
	select {
	case err := <-busy:
		awayAs(t, err, "busy")
	default:
		t.Error("300 had room in one session within a nanosecond")
	}
	signs(t, id, crypto.SHA256)
}

// awayAs wants an Unavailable that says something.
func awayAs(t testing.TB, err error, words string) {
	t.Helper()
	if _, refused := pipeline.AsRefusal(err); refused || err == nil {
		t.Errorf("got %v, want it to wait", err)
		return
	}
	missing, ok := asUnavailable(err)
	if !ok || missing.What != "signing key" || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want the signing key unavailable: %s", err, words)
	}
}

// TestAsksEachTime uses a key that wants the PIN for every signature, as keys of
// qualified certificates do.
func TestAsksEachTime(t *testing.T) {
	t.Parallel()
	id, err := open(t, config("asks")).Identity("")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		signs(t, id, crypto.SHA256)
	}
}

// TestMismatch: a certificate beside the key of another is found out, whether the token
// tells the public half or not.
func TestMismatch(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"mismatch", "liar"} {
		token := open(t, config(label))
		_, err := token.Identity("")
		refusedAs(t, err, "pkcs11-mismatch")
		_, err = token.Identities()
		refusedAs(t, err, "pkcs11-mismatch")
	}
	id, err := open(t, config("hidden")).Identity("")
	if err != nil {
		t.Fatal(err)
	}
	signs(t, id, crypto.SHA256)
}

// TestNothing: a token without keys.
func TestNothing(t *testing.T) {
	t.Parallel()
	token := open(t, config("empty"))
	_, err := token.Identities()
	refusedAs(t, err, "pkcs11-no-key")
	_, err = token.Identity("")
	refusedAs(t, err, "pkcs11-no-key")
}

// TestWrongSettings are refused with what to mend.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	text := filepath.Join(t.TempDir(), "library.so")
	if err := os.WriteFile(text, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	slot := 7
	for name, c := range map[string]struct {
		pkcs11.Config
		code string
	}{
		"no path":       {pkcs11.Config{}, "pkcs11-module"},
		"no file":       {pkcs11.Config{Module: "/nowhere.so"}, "pkcs11-module"},
		"no library":    {pkcs11.Config{Module: text}, "pkcs11-module"},
		"another name":  {pkcs11.Config{Module: softhsm.Module, Token: "khác", PIN: pin}, "pkcs11-token"},
		"another slot":  {pkcs11.Config{Module: softhsm.Module, Token: "keys", Slot: &slot, PIN: pin}, "pkcs11-token"},
		"several":       {pkcs11.Config{Module: softhsm.Module, PIN: pin}, "pkcs11-token"},
		"no PIN":        {pkcs11.Config{Module: softhsm.Module, Token: "empty"}, "pkcs11-pin"},
		"PIN too short": {pkcs11.Config{Module: softhsm.Module, Token: "stale", PIN: "1"}, "pkcs11-pin"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pkcs11.Open(c.Config)
			refusedAs(t, err, c.code)
		})
	}
}

// TestNoToken: the library of another maker, with nothing plugged in. The token may come.
func TestNoToken(t *testing.T) {
	t.Parallel()
	_, err := pkcs11.Open(pkcs11.Config{Module: "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", PIN: pin})
	awayAs(t, err, "plug it in")
}

// TestSerial finds a token by its serial number: makers give many the same label.
func TestSerial(t *testing.T) {
	t.Parallel()
	_, err := pkcs11.Open(pkcs11.Config{Module: softhsm.Module, Token: "hidden", PIN: pin, Serial: "0"})
	refusedAs(t, err, "pkcs11-token")
	_, after, _ := strings.Cut(err.Error(), `"hidden" (serial `)
	serial, _, _ := strings.Cut(after, ",")
	for _, c := range []pkcs11.Config{
		{Module: softhsm.Module, PIN: pin, Token: serial}, {Module: softhsm.Module, PIN: pin, Serial: serial}, {Module: softhsm.Module, PIN: pin, Token: "hidden", Serial: serial},
	} {
		id, err := open(t, c).Identity("")
		if err != nil || !id.Chain[0].Equal(tokens.certs["p-256"]) {
			t.Errorf("%v: another token (%v)", c, err)
		}
	}
}

// TestSecret: a configuration that is printed or kept does not tell the PIN.
func TestSecret(t *testing.T) {
	t.Parallel()
	c := config("keys")
	kept, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %s", c, c, &c), string(kept)} {
		if strings.Contains(s, pin) || !strings.Contains(s, "keys") {
			t.Errorf("printed as %s", s)
		}
	}
}

// TestClosed: nothing is signed after the end, and closing twice is no error.
func TestClosed(t *testing.T) {
	t.Parallel()
	token, err := pkcs11.Open(config("hidden"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := token.Identity("")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := token.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, err = id.Key.Sign(rand.Reader, bytes.Repeat([]byte{1}, 32), crypto.SHA256)
	awayAs(t, err, "closed")
}
