package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"hoso/cmd/internal/web/gate"
)

// visit is one request and what is known of it.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	route   route
	session gate.Session
	token   string // of the session, "" for programs
	who     identifier
}

// identifier finds out who asks. The token is "" unless it came in a cookie, which is
// what makes other sites able to ask in somebody's name.
type identifier func(r *http.Request, alive gate.Life) (s gate.Session, cookie string, err error)

const (
	formLimit     = 64 << 10 // bytes of every body that is not a paper
	shortDeadline = 30 * time.Second
	silence       = time.Minute // how long a sender may send nothing before the line counts as cut
	writeDeadline = 2 * time.Minute
)

// guard stands before every route: who asks, may they, and did they mean it.
func (s *Site) guard(rt route, who identifier) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r, route: rt, who: who}
		if err := s.admit(v); err != nil {
			s.fail(v, err) //nolint:contextcheck // a visit carries its request
			return
		}
		if err := rt.serve(s, v); err != nil {
			s.fail(v, err) //nolint:contextcheck // a visit carries its request
		}
	})
}

func (s *Site) admit(v *visit) error {
	ctl := http.NewResponseController(v.w)
	// Not every writer has deadlines (a test's recorder has none); those need none.
	_ = ctl.SetWriteDeadline(s.deadline(writeDeadline))
	if v.r.Body != http.NoBody {
		_ = ctl.SetReadDeadline(s.deadline(s.patience)) // also for a body that nobody will read
	}
	if v.route.face != upload && v.route.face != dropped {
		v.r.Body = http.MaxBytesReader(v.w, &uplink{body: v.r.Body, ctl: ctl, patience: s.patience}, formLimit)
	}
	var err error
	if v.session, v.token, err = v.who(v.r, v.route.life); err != nil {
		return err
	}
	if err := s.cross.Check(v.r); err != nil {
		return &problem{status: http.StatusForbidden, code: "cross-origin", say: "Yêu cầu đến từ một trang khác nên không được thực hiện.", cause: err}
	}
	if !gate.May(v.session.Who, v.route.act, gate.Thing{}) {
		return denied(v.session.Who)
	}
	return v.meant()
}

// deadline is not taken from the site's clock: the network has its own.
func (s *Site) deadline(d time.Duration) time.Time { return time.Now().Add(d) }

var (
	errLogin  = errors.New("nobody is logged in")
	errSecret = errors.New("the first secret must be changed")
	errForbid = errors.New("the role may not do this")
)

func denied(who gate.Identity) error {
	switch {
	case who.Anonymous():
		return errLogin
	case who.Fresh:
		return errSecret
	default:
		return errForbid
	}
}

// meant checks the form token of requests that change something and were sent with a
// cookie. The login form has no session to tie a token to; it is covered by the check
// of origin.
func (v *visit) meant() error {
	if v.token == "" || v.r.Method == http.MethodGet || v.r.Method == http.MethodHead || v.route.act == gate.Approach {
		return nil
	}
	given := v.r.Header.Get("Hoso-Token")
	if v.route.face == page && given == "" {
		given = v.r.PostFormValue("token")
	}
	if v.route.face == dropped && given == "" {
		return nil // whoever reads the form asks for it before anything else
	}
	return v.holds(given)
}

// holds compares a form token with the session's.
func (v *visit) holds(given string) error {
	if v.token != "" && !hmac.Equal([]byte(given), []byte(formToken(v.token))) {
		return &problem{status: http.StatusForbidden, code: "form-token", say: "Trang đã cũ. Hãy tải lại trang rồi làm lại."}
	}
	return nil
}

// formToken is what forms of a session carry: derived, so that nothing is stored.
func formToken(session string) string {
	if session == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(session))
	_, _ = mac.Write([]byte("form token")) // a hash never returns an error
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// identify reads the cookie of a browser or the bearer token of a program.
func (s *Site) identify(r *http.Request, alive gate.Life) (gate.Session, string, error) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		c, err := r.Cookie(s.cookieName(r))
		if err != nil {
			return gate.Session{}, "", nil //nolint:nilerr // no cookie is a stranger, not a failure
		}
		token = c.Value
	}
	session, err := s.Gate.Who(r.Context(), token, alive)
	if errors.Is(err, gate.ErrNoSession) {
		return gate.Session{}, "", nil
	}
	if err != nil {
		return gate.Session{}, "", err
	}
	// A browser's session is not a bearer token and the other way round: each would
	// escape the checks made for the other.
	if bearer != (session.Form == gate.API) {
		return gate.Session{}, "", nil
	}
	if bearer {
		token = ""
	}
	return session, token, nil
}

// cookieName binds the cookie to this host where the line is encrypted. On plain HTTP
// (a desk talking to its own machine) browsers would not send such a cookie.
func (s *Site) cookieName(r *http.Request) string {
	if s.encrypted(r) {
		return "__Host-hoso"
	}
	return "hoso"
}

func (s *Site) setCookie(v *visit, token string, age time.Duration) {
	//nolint:gosec // Secure follows the line: see cookieName
	http.SetCookie(v.w, &http.Cookie{
		Name:     s.cookieName(v.r),
		Value:    token,
		Path:     "/",
		MaxAge:   int(age / time.Second),
		Secure:   s.encrypted(v.r),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	})
}

func (s *Site) encrypted(r *http.Request) bool {
	return r.TLS != nil || s.trusts(peer(r)) && r.Header.Get("X-Forwarded-Proto") == "https"
}

func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // a unix socket has no address
	}
	return at.Addr().Unmap()
}

func (s *Site) trusts(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// remote is the address of who asks: the last one in X-Forwarded-For that is not a
// proxy of ours, if a proxy of ours handed the request on.
func (s *Site) remote(r *http.Request) netip.Addr {
	at := peer(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusts(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at
}

// ownPolicy allows what our own pages need and nothing else. No page has inline script
// or style.
const ownPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; object-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// armour sets the headers that every answer carries, and survives panics.
func (s *Site) armour(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", ownPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "private, no-store")
		if s.encrypted(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer s.survive(w, r)
		next.ServeHTTP(w, r)
	})
}

func (s *Site) survive(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p) // the server's own way of cutting a connection
	}
	s.Log.LogAttrs(r.Context(), slog.LevelError, "a request panicked", slog.String("route", r.Pattern), slog.Any("panic", p))
	w.WriteHeader(http.StatusInternalServerError)
}
