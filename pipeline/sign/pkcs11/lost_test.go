package pkcs11_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"sync"
	"testing"

	p11 "github.com/miekg/pkcs11"

	"hoso/pipeline"
	"hoso/pipeline/sign/pkcs11"
	"hoso/testdata/softhsm"
)

func asUnavailable(err error) (*pipeline.Unavailable, bool) {
	return errors.AsType[*pipeline.Unavailable](err)
}

// TestPulled takes the token out between signatures and puts it back.
func TestPulled(t *testing.T) {
	t.Parallel()
	id, err := open(t, config("pulled")).Identity("")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(nil)
	for range 2 {
		signs(t, id, crypto.SHA256)
		if err := tokens.tokens["pulled"].Pull(); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				_, err := id.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
				awayAs(t, err, "plug it in") // the sentence is for whoever finds papers waiting
			})
		}
		all.Wait()
		if err := tokens.tokens["pulled"].Return(); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			all.Go(func() { signs(t, id, crypto.SHA256) })
		}
		all.Wait()
	}
}

// behind is the library as somebody else in this process would use it.
func behind(t *testing.T, label string) (*p11.Ctx, uint) {
	t.Helper()
	ctx := p11.New(softhsm.Module)
	if ctx == nil {
		t.Fatal("SoftHSM cannot be loaded")
	}
	slots, err := ctx.GetSlotList(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, slot := range slots {
		info, err := ctx.GetTokenInfo(slot)
		if err != nil {
			t.Fatal(err)
		}
		if info.Label == label {
			return ctx, slot
		}
	}
	t.Fatalf("no token %q", label)
	return nil, 0
}

// TestBehindItsBack ends sessions, login and library without telling. It is not parallel:
// C_Finalize would meet the other tests in the middle of a call.
func TestBehindItsBack(t *testing.T) { //nolint:paralleltest // see above
	id, err := open(t, config("stale")).Identity("")
	if err != nil {
		t.Fatal(err)
	}
	signs(t, id, crypto.SHA256)
	for name, harm := range map[string]func(*p11.Ctx, uint) error{
		"sessions closed": func(ctx *p11.Ctx, slot uint) error { return ctx.CloseAllSessions(slot) },
		"logged out": func(ctx *p11.Ctx, slot uint) error {
			h, err := ctx.OpenSession(slot, p11.CKF_SERIAL_SESSION)
			return errors.Join(err, ctx.Logout(h), ctx.CloseSession(h))
		},
		"finalized":   func(ctx *p11.Ctx, _ uint) error { return ctx.Finalize() },
		"initialized": func(ctx *p11.Ctx, _ uint) error { return errors.Join(ctx.Finalize(), ctx.Initialize()) },
	} {
		ctx, slot := behind(t, "stale")
		if err := harm(ctx, slot); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if err := trySigning(id, crypto.SHA256); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
	}
}

// TestWrongPIN: a wrong PIN is tried once, at the beginning and when it was changed
// meanwhile. It is seen from this: with the PIN right again, it is still refused.
func TestWrongPIN(t *testing.T) { //nolint:paralleltest // it ends sessions behind the library's back
	wrong := config("pin")
	wrong.PIN = "735104"
	_, err := pkcs11.Open(wrong)
	refusedAs(t, err, "pkcs11-pin")

	token := open(t, config("pin"))
	id, err := token.Identity("")
	if err != nil {
		t.Fatal(err)
	}
	device := tokens.tokens["pin"]
	if err := device.SetPIN("904217"); err != nil {
		t.Fatal(err)
	}
	ctx, slot := behind(t, "pin")
	if err := ctx.CloseAllSessions(slot); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(nil)
	_, err = id.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	refusedAs(t, err, "pkcs11-pin")
	if err := device.SetPIN(pin); err != nil {
		t.Fatal(err)
	}
	_, err = id.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	refusedAs(t, err, "pkcs11-pin")
	_, err = token.Identities()
	refusedAs(t, err, "pkcs11-pin")

	again, err := open(t, config("pin")).Identity("")
	if err != nil {
		t.Fatal(err)
	}
	signs(t, again, crypto.SHA256)
}
