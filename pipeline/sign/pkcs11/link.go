package pkcs11

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/pkcs11"
)

// link is one login: sessions and handles that live and die together.
type link struct {
	generation int // of the module
	handles    []pkcs11.SessionHandle
	sessions   chan pkcs11.SessionHandle // those that are free
	keys       sync.Map                  // keyRef.name: pkcs11.ObjectHandle
}

// session is a session that nobody else uses for now.
type session struct {
	ctx    *pkcs11.Ctx
	handle pkcs11.SessionHandle
	link   *link
	pin    string
}

// find looks for the token that is meant.
func (c Config) find(ctx *pkcs11.Ctx) (uint, pkcs11.TokenInfo, error) {
	slots, err := ctx.GetSlotList(true)
	if err != nil {
		return 0, pkcs11.TokenInfo{}, fmt.Errorf("listing the slots: %w", err)
	}
	type place struct {
		slot uint
		info pkcs11.TokenInfo
	}
	var present []string
	var fit []place
	for _, slot := range slots {
		info, err := ctx.GetTokenInfo(slot)
		if err != nil || info.Flags&pkcs11.CKF_TOKEN_INITIALIZED == 0 {
			continue // another token, not yet or no longer of use
		}
		present = append(present, fmt.Sprintf("%q (serial %s, slot %d)", info.Label, info.SerialNumber, slot))
		if c.fits(slot, info) {
			fit = append(fit, place{slot, info})
		}
	}
	switch {
	case len(present) == 0:
		return 0, pkcs11.TokenInfo{}, errNoToken
	case len(fit) != 1:
		return 0, pkcs11.TokenInfo{}, refuseToken(len(fit), strings.Join(present, ", "))
	}
	return fit[0].slot, fit[0].info, nil
}

func (c Config) fits(slot uint, info pkcs11.TokenInfo) bool {
	return (c.Token == "" || c.Token == info.Label || c.Token == info.SerialNumber) &&
		(c.Serial == "" || c.Serial == info.SerialNumber) &&
		(c.Slot == nil || *c.Slot >= 0 && uint(*c.Slot) == slot)
}

// enter opens the sessions and logs in, which counts for all of them.
func (c Config) enter(ctx *pkcs11.Ctx, slot uint, info pkcs11.TokenInfo, generation int) (*link, error) {
	l := &link{generation: generation}
	for range c.room(info) {
		h, err := ctx.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
		if err != nil && len(l.handles) > 0 {
			break // a token that has fewer sessions than it says, or than are left by others
		}
		if err != nil {
			return nil, fmt.Errorf("opening a session: %w", err)
		}
		l.handles = append(l.handles, h)
	}
	if err := c.login(ctx, slot, l.handles[0], info.Flags); err != nil {
		l.close(ctx)
		return nil, err
	}
	l.sessions = make(chan pkcs11.SessionHandle, len(l.handles))
	for _, h := range l.handles {
		l.sessions <- h
	}
	return l, nil
}

// room is how many sessions to open.
func (c Config) room(info pkcs11.TokenInfo) int {
	n := c.Sessions
	switch most := info.MaxSessionCount; most {
	case pkcs11.CK_EFFECTIVELY_INFINITE, pkcs11.CK_UNAVAILABLE_INFORMATION:
	default:
		n = int(min(uint(n), most))
	}
	return max(n, 1)
}

// login gives the PIN, unless the token says beforehand that this must not be.
func (c Config) login(ctx *pkcs11.Ctx, slot uint, h pkcs11.SessionHandle, flags uint) error {
	if flags&pkcs11.CKF_LOGIN_REQUIRED == 0 {
		return nil
	}
	if err := c.mayTry(flags); err != nil {
		return err
	}
	err := ctx.Login(h, pkcs11.CKU_USER, c.PIN)
	switch {
	case err == nil || errors.Is(err, pkcs11.Error(pkcs11.CKR_USER_ALREADY_LOGGED_IN)):
		return nil
	case isPIN(err):
		if info, fresh := ctx.GetTokenInfo(slot); fresh == nil {
			flags = info.Flags
		}
		return refusePIN(err, flags)
	}
	return fmt.Errorf("logging in: %w", err)
}

// mayTry refuses a try that would be in vain or could lock the token.
func (c Config) mayTry(flags uint) error {
	switch {
	case flags&pkcs11.CKF_USER_PIN_LOCKED != 0:
		return refusePIN(pkcs11.Error(pkcs11.CKR_PIN_LOCKED), flags)
	case flags&pkcs11.CKF_USER_PIN_FINAL_TRY != 0 && !c.LastTry:
		return refuseLastTry()
	case c.PIN == "" && flags&pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH == 0:
		return refusePIN(errNoPIN, flags)
	}
	return nil
}

// close closes the sessions; with the last one of a process the login ends. Errors say
// that they are closed already.
func (l *link) close(ctx *pkcs11.Ctx) {
	for _, h := range slices.Backward(l.handles) {
		_ = ctx.CloseSession(h)
	}
}
