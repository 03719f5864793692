package web

import (
	"net/http"
	"time"

	"hoso/cmd/internal/web/gate"
)

type accountsBody struct {
	Accounts []accountRow
	Roles    []gate.Role
	Problem  string
	Name     string // of an account whose secret was just made
	Secret   string // shown this once
	Token    string // likewise
}

type accountRow struct {
	gate.Account
	Self bool
	Tied time.Time // since when it signs with the certificates of one person, zero if it does not
}

func (s *Site) accountsPage(v *visit) error { return s.showAccounts(v, accountsBody{}) }

func (s *Site) showAccounts(v *visit, body accountsBody) error {
	all, err := s.Gate.All(v.r.Context())
	if err != nil {
		return err
	}
	tied, err := s.tied(v)
	if err != nil {
		return err
	}
	for _, a := range all {
		body.Accounts = append(body.Accounts, accountRow{Account: a, Self: a.Name == v.session.Who.Account, Tied: tied[a.Name]})
	}
	body.Roles = gate.Roles()
	status := http.StatusOK
	if body.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	s.render(v, status, "accounts", "Tài khoản", body)
	return nil
}

// tied tells since when accounts sign with the certificates of one person.
func (s *Site) tied(v *visit) (map[string]time.Time, error) {
	since := map[string]time.Time{}
	if s.Desk == nil {
		return since, nil
	}
	all, err := s.Desk.Holders.Holders(v.r.Context())
	for _, h := range all {
		since[h.Account] = h.Since
	}
	return since, err
}

func (s *Site) addAccount(v *visit) error {
	a := gate.Account{
		Name: v.r.PostFormValue("name"),
		Role: gate.Role(v.r.PostFormValue("role")),
		Unit: v.r.PostFormValue("unit"),
	}
	secret, err := s.Gate.Add(v.r.Context(), a)
	return s.accountDone(v, a.Name, secret, err)
}

func (s *Site) resetAccount(v *visit) error {
	name := v.r.PostFormValue("name")
	if name == v.session.Who.Account {
		return &problem{status: 422, code: "own-account", say: "Hãy đổi mật khẩu của mình ở mục Đổi mật khẩu."}
	}
	secret, err := s.Gate.Reset(v.r.Context(), name)
	return s.accountDone(v, name, secret, err)
}

// tokenLife is how long a program may work with one token.
const tokenLife = 90 * 24 * time.Hour

// issueToken gives a bearer token for programs, shown once. It ends when the secret of
// its account is changed.
func (s *Site) issueToken(v *visit) error {
	name := v.r.PostFormValue("name")
	token, err := s.Gate.Token(v.r.Context(), name, tokenLife)
	if err != nil {
		return s.accountDone(v, name, "", err)
	}
	return s.showAccounts(v, accountsBody{Name: name, Token: token})
}

func (s *Site) disableAccount(v *visit) error {
	name := v.r.PostFormValue("name")
	if name == v.session.Who.Account {
		return &problem{status: 422, code: "own-account", say: "Không thể tự khóa tài khoản đang dùng."}
	}
	return s.accountDone(v, "", "", s.Gate.Disable(v.r.Context(), name))
}

// accountDone shows the list again, with a new secret once or with what was wrong.
func (s *Site) accountDone(v *visit, name, secret string, err error) error {
	if err == nil {
		return s.showAccounts(v, accountsBody{Name: name, Secret: secret})
	}
	p := problemOf(err)
	if p.status >= 500 {
		return err
	}
	return s.showAccounts(v, accountsBody{Problem: p.say})
}
