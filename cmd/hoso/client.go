package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
)

// client speaks to a service: through the socket in its data folder on this machine,
// or over the network with a token.
type client struct {
	http  *http.Client
	base  string
	token string
}

// socketName is the service's socket in the data folder. Whoever may open it is the
// system user who owns the data, and needs no password.
const socketName = "hoso.sock"

func newClient(c *config.Config) *client {
	if c.Server != "" {
		return &client{http: &http.Client{}, base: strings.TrimRight(c.Server, "/"), token: c.Token.Reveal()}
	}
	path := filepath.Join(c.Data, socketName)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialUnix(ctx, path)
	}
	return &client{http: &http.Client{Transport: &http.Transport{DialContext: dial}}, base: "http://hoso"}
}

// problem is the service's form of an error.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"` // Vietnamese
	Detail  string `json:"detail"`  // English

	Misfits pipeline.Misfits `json:"misfits"` // of a list that was not imported
}

// Error gives what the service said, for logs and terminals.
func (p problem) Error() string {
	if p.Detail == "" {
		return fmt.Sprintf("%s: %s", p.Code, p.Message)
	}
	return fmt.Sprintf("%s: %s (%s)", p.Code, p.Detail, p.Message)
}

// send posts a body to the service and decodes its answer into reply.
func (c *client) send(ctx context.Context, path string, body io.Reader, header http.Header, reply any) error {
	answer, err := c.ask(ctx, http.MethodPost, path, body, header)
	if err != nil {
		return err
	}
	return understand(answer, reply)
}

// understand decodes an answer into reply and closes it.
func understand(answer *http.Response, reply any) error {
	defer answer.Body.Close() //nolint:errcheck // only read from
	if err := json.NewDecoder(answer.Body).Decode(reply); err != nil {
		return fmt.Errorf("understanding the service: %w", err)
	}
	return nil
}

// ask gives the service's answer if it is a good one; the caller closes its body.
func (c *client) ask(ctx context.Context, method, path string, body io.Reader, header http.Header) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, body)
	if err != nil {
		return nil, usageError{err}
	}
	maps.Copy(r.Header, header)
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if size := header.Get("Content-Length"); size != "" {
		if _, err := fmt.Sscan(size, &r.ContentLength); err != nil {
			return nil, fmt.Errorf("asking the service: %w", err)
		}
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, unreachable(err)
	}
	if answer.StatusCode < 400 {
		return answer, nil
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	return nil, failure(answer)
}

// errInWork says that what was asked for is being made.
var errInWork = errors.New("not there yet")

// await fetches what may still be in the making, and asks again as long as it is until
// the time is up.
func (c *client) await(ctx context.Context, path string, limit time.Duration) (*http.Response, error) {
	for end := time.Now().Add(limit); ; {
		answer, err := c.ask(ctx, http.MethodGet, path, nil, nil)
		if !errors.Is(err, errInWork) || !time.Now().Before(end) {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func unreachable(err error) error {
	var where *url.Error
	if errors.As(err, &where) && errors.Is(where.Err, context.Canceled) {
		return where.Err
	}
	return &pipeline.Unavailable{What: "hoso (is `hoso serve` running?)", Err: err}
}

// failure turns the service's error back into one of ours.
func failure(answer *http.Response) error {
	var p problem
	if err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&p); err != nil {
		return fmt.Errorf("asking the service: %s", answer.Status)
	}
	var err error = p
	switch answer.StatusCode {
	case http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		reason := pipeline.Reason{Code: p.Code, English: p.Detail, Vietnamese: p.Message}
		if len(p.Misfits) > 0 {
			return pipeline.Refuse(reason, p.Misfits)
		}
		return pipeline.Refuse(reason, nil)
	case http.StatusNotFound:
		return fmt.Errorf("%w: %w", err, fs.ErrNotExist)
	case http.StatusServiceUnavailable:
		if p.Code == "in-work" {
			err = fmt.Errorf("%w: %w", err, errInWork)
		}
		what, _, _ := strings.Cut(p.Detail, " is unavailable")
		return &pipeline.Unavailable{What: cmp.Or(what, "a part of the service"), Err: err}
	case http.StatusConflict:
		return fmt.Errorf("%w: %w", err, pipeline.ErrStale)
	}
	return err
}

// post sends v as JSON.
func (c *client) post(ctx context.Context, path string, v, reply any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("asking the service: %w", err)
	}
	return c.send(ctx, path, bytes.NewReader(body), http.Header{"Content-Type": {"application/json"}}, reply)
}

func (c *client) get(ctx context.Context, path string, reply any) error {
	answer, err := c.ask(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	return understand(answer, reply)
}
