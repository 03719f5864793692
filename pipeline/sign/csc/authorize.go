package csc

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"hoso/pipeline"
)

// The ways of authorization (11.5, auth/mode); the last is of version 1.
const (
	modeExplicit = "explicit"
	modeOAuth    = "oauth2code"
	modeImplicit = "implicit"
)

// authObject is something the service wants to be shown (8.3).
type authObject struct {
	Type      string `json:"type"`
	ID        string `json:"id"`
	Generator string `json:"generator"`
}

// The kinds of it. What is out of band, the owner of the key answers by telephone.
const (
	kindPassword     = "Password"
	kindPasswordOOB  = "PasswordOOB"
	kindChallengeOOB = "ChallengeResponseOOB"
)

// isOTP tells a one-time password from a PIN; the specification has one kind for both.
func (o authObject) isOTP() bool {
	return o.Generator != "" || strings.Contains(strings.ToUpper(o.ID), "OTP")
}

// mayAuthorize refuses a key that cannot be used without a person.
func (k *Key) mayAuthorize() error {
	switch k.about.Auth.Mode {
	case modeImplicit:
		return nil
	case modeOAuth:
		if k.config.Token == "" {
			return refuseAuth("it wants its owner to log in with a browser each time")
		}
		return nil
	case modeExplicit:
		_, err := k.shown(func() (Secret, error) { return "", nil })
		return err
	}
	return refuseAuth("it is authorized in a way that is not known: " + k.about.Auth.Mode)
}

// shown puts together what the service wants to be shown. If one of several things is
// enough, what there is must do.
func (k *Key) shown(otp func() (Secret, error)) ([]map[string]string, error) {
	expression := strings.ToUpper(k.about.Auth.Expression)
	choice := strings.Contains(expression, "OR") // OR and XOR; AND has none
	data := []map[string]string{}
	for _, o := range k.about.Auth.Objects {
		value, inBand, err := k.value(o, otp)
		if err != nil && choice {
			continue
		}
		if err != nil {
			return nil, err
		}
		object := map[string]string{"id": o.ID}
		if inBand {
			object["value"] = string(value)
		}
		data = append(data, object)
	}
	if choice && len(data) == 0 {
		return nil, refuseAuth("none of what it could be shown is configured")
	}
	return data, nil
}

func (k *Key) value(o authObject, otp func() (Secret, error)) (value Secret, inBand bool, err error) {
	switch {
	case o.Type == kindPasswordOOB || o.Type == kindChallengeOOB:
		return "", false, nil
	case o.Type != kindPassword:
		return "", false, refuseAuth("it wants an answer of its owner each time: " + o.Type)
	case o.isOTP() && k.config.OTP == nil:
		return "", false, refuseAuth("it wants a one-time password, and nobody is there to give it")
	case o.isOTP():
		value, err = otp()
		return value, true, err
	case k.config.PIN == "":
		return "", false, refuseAuth("it wants a PIN, and none is configured")
	}
	return k.config.PIN, true, nil
}

// authorize gets the signature activation data for hashes; "" if the access token is
// enough (11.10).
func (k *Key) authorize(ctx context.Context, a algorithm, hashes []string) (Secret, error) {
	if err := k.was(); err != nil {
		return "", err
	}
	if k.about.Auth.Mode == modeOAuth {
		return "", nil
	}
	request := map[string]any{
		"credentialID": k.credential, "numSignatures": len(hashes), "hashes": hashes, "hashAlgorithmOID": a.digest,
	}
	if k.about.Auth.Mode == modeExplicit {
		data, err := k.shown(func() (Secret, error) { return k.config.OTP(ctx) })
		if err != nil {
			return "", err
		}
		if len(data) > 0 {
			request["authData"] = data
		}
	}
	var answer authorization
	err := k.ask(ctx, request, &answer)
	for err == nil && answer.status == http.StatusAccepted {
		if err = pause(ctx, k.config.Pause); err != nil {
			break
		}
		request = map[string]any{"handle": answer.Handle}
		answer = authorization{}
		err = k.service.call(ctx, "credentials/authorizeCheck", request, &answer)
	}
	if err != nil {
		return "", k.noted(err)
	}
	if answer.SAD == "" {
		return "", unavailable(fmt.Errorf("the service authorized nothing (no SAD): %w", errAnswer))
	}
	return Secret(answer.SAD), nil
}

// ask shows the PIN, one signature after the other: were it wrong, many at once would show
// it as often and have the service lock the key.
func (k *Key) ask(ctx context.Context, request map[string]any, answer *authorization) error {
	select {
	case k.asking <- struct{}{}:
	case <-ctx.Done():
		return unavailable(context.Cause(ctx))
	}
	defer func() { <-k.asking }()
	if err := k.was(); err != nil {
		return err
	}
	return k.noted(k.service.call(ctx, "credentials/authorize", request, answer))
}

// authorization is the answer to credentials/authorize: a SAD, or with status 202 a
// handle to ask again with.
type authorization struct {
	SAD    string `json:"SAD"`
	Handle string `json:"handle"`
	status int
}

func (a *authorization) answered(status int) { a.status = status }

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &pipeline.Unavailable{What: what, Err: fmt.Errorf("nobody has agreed to the signature yet: %w", ctx.Err())}
	}
}
