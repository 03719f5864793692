package csc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxAnswer bounds an answer in bytes: a chain of certificates takes some kilobytes.
const maxAnswer = 1 << 20

// service is the API, and the way in.
type service struct {
	config Config
	http   *http.Client
	base   string
	tokens string // endpoint for access tokens; "" with a token that is there already

	mu    sync.Mutex
	token Secret
	until time.Time // when token ends
}

// connect asks the service what it is (11.1) and finds the way in.
func connect(ctx context.Context, c Config) (*service, error) {
	at, err := url.Parse(c.URL)
	if err != nil || at.Scheme != "https" || at.Host == "" || at.User != nil {
		return nil, refuseURL(c.URL)
	}
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	// A redirection would carry PIN and token to wherever it points.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s := &service{config: c, http: &client, base: base(c.URL)}
	var about struct {
		Methods []string `json:"methods"`
		OAuth2  string   `json:"oauth2"`
		Issuer  string   `json:"oauth2Issuer"`
	}
	if err := s.post(ctx, "info", "", map[string]any{}, &about); err != nil {
		return nil, fmt.Errorf("asking the signing service what it is: %w", err)
	}
	if len(about.Methods) > 0 && !slices.Contains(about.Methods, "signatures/signHash") {
		return nil, refuseService("it does not sign hashes (signatures/signHash)")
	}
	if c.Token != "" {
		return s, nil
	}
	s.tokens, err = s.endpoint(ctx, about.OAuth2, about.Issuer)
	return s, err
}

// endpoint gives the address for access tokens: below the base that the service names
// (8.4.4), or as its issuer publishes it (RFC 8414, 3).
func (s *service) endpoint(ctx context.Context, root, issuer string) (string, error) {
	address := strings.TrimRight(root, "/") + "/oauth2/token"
	if root == "" && issuer != "" {
		at, err := url.Parse(issuer)
		if err != nil || at.Scheme != "https" {
			return "", refuseURL(issuer)
		}
		at.Path = "/.well-known/oauth-authorization-server" + strings.TrimRight(at.Path, "/")
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
		if err != nil {
			return "", refuseURL(issuer)
		}
		var published struct {
			Endpoint string `json:"token_endpoint"`
		}
		if err := s.do(request, &published); err != nil {
			return "", fmt.Errorf("asking where to log in: %w", err)
		}
		address = published.Endpoint
	}
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "https" || at.Host == "" {
		return "", refuseAccess("the service does not say where a client logs in (oauth2); give it an access token", nil)
	}
	return address, nil
}

// only finds the key if there is exactly one (11.4).
func (s *service) only(ctx context.Context) (string, error) {
	var answer struct {
		IDs []string `json:"credentialIDs"`
	}
	if err := s.call(ctx, "credentials/list", map[string]any{}, &answer); err != nil {
		return "", fmt.Errorf("listing the signing keys: %w", err)
	}
	if len(answer.IDs) != 1 {
		return "", refuseCredential(answer.IDs)
	}
	return answer.IDs[0], nil
}

// call asks a method with an access token. One that is no longer taken is asked for once
// more.
func (s *service) call(ctx context.Context, method string, request, answer any) error {
	token, err := s.access(ctx)
	if err != nil {
		return err
	}
	err = s.post(ctx, method, token, request, answer)
	if !errors.Is(err, errToken) {
		return err
	}
	if s.tokens == "" {
		return refuseAccess("the service does not take the access token", err)
	}
	s.forget(token)
	if token, err = s.access(ctx); err != nil {
		return err
	}
	if err = s.post(ctx, method, token, request, answer); errors.Is(err, errToken) {
		return refuseAccess("the service does not take an access token that it just gave", err)
	}
	return err
}

// access gives an access token, by the client's credentials (8.4.4).
func (s *service) access(ctx context.Context) (Secret, error) {
	if s.config.Token != "" {
		return s.config.Token, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != "" && time.Now().Before(s.until) {
		return s.token, nil
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "scope": {"service"},
		"client_id": {s.config.Client}, "client_secret": {string(s.config.ClientSecret)},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.tokens, strings.NewReader(form.Encode()))
	if err != nil {
		return "", refuseURL(s.tokens)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if err := s.do(request, &answer); err != nil {
		if isAnswer(err) {
			err = refuseAccess("the service does not take the client or its secret", err)
		}
		return "", fmt.Errorf("logging in: %w", err)
	}
	if answer.Token == "" {
		return "", unavailable(fmt.Errorf("logging in: no access token: %w", errAnswer))
	}
	if answer.Seconds <= 0 {
		answer.Seconds = 3600 // 8.4.4
	}
	// A tenth is left out for the way and for clocks.
	s.token, s.until = Secret(answer.Token), time.Now().Add(time.Duration(answer.Seconds)*time.Second*9/10)
	return s.token, nil
}

// forget throws a token away, unless it was replaced already.
func (s *service) forget(token Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == token {
		s.token = ""
	}
}

func (s *service) post(ctx context.Context, method string, token Secret, request, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("writing a request: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+method, bytes.NewReader(body))
	if err != nil {
		return refuseURL(s.base)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	return s.do(r, answer)
}

// do sends a request and reads the answer, or what went wrong.
func (s *service) do(r *http.Request, answer any) (err error) {
	r.Header.Set("Accept", "application/json")
	res, err := s.http.Do(r)
	if err != nil {
		return unavailable(fmt.Errorf("asking %s: %w", r.URL.Redacted(), err))
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return unavailable(fmt.Errorf("reading the answer of %s: %w", r.URL.Redacted(), err))
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusAccepted {
		return s.fault(r.URL.Path, res, body)
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return unavailable(fmt.Errorf("reading the answer of %s: %w", r.URL.Redacted(), err))
	}
	if a, ok := answer.(interface{ answered(status int) }); ok {
		a.answered(res.StatusCode)
	}
	return nil
}
