package pkcs11

import (
	"errors"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"hoso/pipeline"
)

// TestTriesLeft tells apart what tokens say of PINs. SoftHSM never locks, so that the flags
// are given here as a device gives them.
func TestTriesLeft(t *testing.T) {
	t.Parallel()
	wrong, required := pkcs11.Error(pkcs11.CKR_PIN_INCORRECT), uint(pkcs11.CKF_LOGIN_REQUIRED)
	mayTry := func(flags uint, last bool) error {
		return Config{PIN: "482915", LastTry: last}.mayTry(required | flags)
	}
	for name, c := range map[string]struct {
		err        error
		code, says string
	}{
		"wrong":              {refusePIN(wrong, required), "pkcs11-pin", "is wrong; it is not"},
		"wrong, few left":    {refusePIN(wrong, pkcs11.CKF_USER_PIN_COUNT_LOW), "pkcs11-pin", "few more"},
		"wrong, one left":    {refusePIN(wrong, pkcs11.CKF_USER_PIN_COUNT_LOW|pkcs11.CKF_USER_PIN_FINAL_TRY), "pkcs11-pin", "ONE more"},
		"wrong, now locked":  {refusePIN(wrong, pkcs11.CKF_USER_PIN_LOCKED), "pkcs11-pin-locked", "PUK"},
		"locked":             {refusePIN(pkcs11.Error(pkcs11.CKR_PIN_LOCKED), 0), "pkcs11-pin-locked", "PUK"},
		"expired":            {refusePIN(pkcs11.Error(pkcs11.CKR_PIN_EXPIRED), 0), "pkcs11-pin", "changed"},
		"known to be locked": {mayTry(pkcs11.CKF_USER_PIN_LOCKED, true), "pkcs11-pin-locked", "PUK"},
		"last try":           {mayTry(pkcs11.CKF_USER_PIN_FINAL_TRY, false), "pkcs11-pin-last", "not tried"},
	} {
		refusal, ok := pipeline.AsRefusal(c.err)
		if !ok || refusal.Reason.Code != c.code || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: %v, want %s: %s", name, c.err, c.code, c.says)
		}
	}
	if err := errors.Join(mayTry(pkcs11.CKF_USER_PIN_FINAL_TRY, true), mayTry(pkcs11.CKF_USER_PIN_COUNT_LOW, false)); err != nil {
		t.Errorf("not tried though it may be: %v", err)
	}
}
