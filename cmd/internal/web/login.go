package web

import (
	"errors"
	"net/http"

	"hoso/cmd/internal/web/gate"
)

type loginBody struct {
	Account string
	Problem string
}

func (s *Site) loginPage(v *visit) error {
	if !v.session.Who.Anonymous() {
		http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
		return nil
	}
	s.render(v, http.StatusOK, "login", "Đăng nhập", loginBody{})
	return nil
}

func (s *Site) login(v *visit) error {
	try := s.attempt(v, v.r.PostFormValue("account"), "secret")
	token, who, err := s.Gate.Login(v.r.Context(), try)
	if err != nil {
		p := problemOf(err)
		if p.status >= 500 {
			return err
		}
		s.render(v, p.status, "login", "Đăng nhập", loginBody{Account: try.Account, Problem: p.say})
		return nil
	}
	s.setCookie(v, token, gate.AbsoluteLimit)
	if who.Fresh {
		http.Redirect(v.w, v.r, "/secret", http.StatusSeeOther)
		return nil
	}
	http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
	return nil
}

func (s *Site) attempt(v *visit, account, field string) gate.Attempt {
	return gate.Attempt{Account: account, Secret: v.r.PostFormValue(field), Address: s.remote(v.r)}
}

func (s *Site) logout(v *visit) error {
	if v.token != "" {
		if err := s.Gate.Leave(v.r.Context(), v.token); err != nil {
			return err
		}
	}
	s.setCookie(v, "", -1e9)
	http.Redirect(v.w, v.r, "/login", http.StatusSeeOther)
	return nil
}

func (s *Site) secretPage(v *visit) error {
	s.render(v, http.StatusOK, "secret", "Đổi mật khẩu", loginBody{Account: v.session.Who.Account})
	return nil
}

func (s *Site) changeSecret(v *visit) error {
	who := v.session.Who.Account
	next := v.r.PostFormValue("next")
	err := error(nil)
	token := ""
	if next != v.r.PostFormValue("again") {
		err = &problem{status: 422, code: "secrets-differ", say: "Hai lần nhập mật khẩu mới không giống nhau."}
	} else {
		token, err = s.Gate.Change(v.r.Context(), s.attempt(v, who, "secret"), next)
	}
	if errors.Is(err, gate.ErrDenied) {
		err = &problem{status: 422, code: "denied", say: "Mật khẩu hiện tại không đúng.", cause: err}
	}
	if err != nil {
		p := problemOf(err)
		if p.status >= 500 {
			return err
		}
		s.render(v, p.status, "secret", "Đổi mật khẩu", loginBody{Account: who, Problem: p.say})
		return nil
	}
	s.setCookie(v, token, gate.AbsoluteLimit)
	http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
	return nil
}
