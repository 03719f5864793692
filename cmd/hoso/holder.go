package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/csc"
	"hoso/pipeline/sign/pkcs11"
)

// holder is where the signing key lies. A file is read at once. A token and a service
// elsewhere are asked when the first record is to be signed, and again while they are away.
// What they refuse is final as long as this process lives: a PIN that is wrong is not tried
// again, for tokens and services lock a key after a few.
type holder struct {
	open func(context.Context) (sign.Identity, func() error, error) // gives what ends it, too

	mu       sync.Mutex
	identity sign.Identity
	failed   error
}

// inHand is a key that is here already.
func inHand(id sign.Identity) *holder { return &holder{identity: id} }

// Identity gives the key once it can be had; *pipeline.Unavailable until then, and a usage
// error if the settings are wrong.
func (h *holder) Identity(ctx context.Context) (sign.Identity, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.identity.Key != nil || h.failed != nil {
		return h.identity, h.failed
	}
	id, _, err := h.open(ctx)
	if _, refused := pipeline.AsRefusal(err); refused {
		err = usageError{err}
		h.failed = err
	}
	h.identity = id
	return id, err
}

// forPapers gives the key to those who sign papers: none is refused for what is wrong with
// the key, and all wait until that is mended.
func (h *holder) forPapers(ctx context.Context) (sign.Identity, error) {
	id, err := h.Identity(ctx)
	if _, refused := pipeline.AsRefusal(err); refused {
		err = &pipeline.Unavailable{What: "signing key", Err: errors.New(err.Error())}
	}
	return id, err
}

// holderOf gives the holder that is configured; nil for none.
func holderOf(cfg *config.Config) (*holder, error) {
	named := 0
	for _, setting := range []string{cfg.PKCS12, cfg.PKCS11.Module, cfg.CSC.URL} {
		if setting != "" {
			named++
		}
	}
	switch {
	case named > 1:
		return nil, usageError{errors.New("reading the settings: of pkcs12, pkcs11 and csc only one can say where the signing key is")}
	case cfg.PKCS11.Module != "":
		return &holder{open: func(context.Context) (sign.Identity, func() error, error) { return openToken(cfg.PKCS11) }}, nil
	case cfg.CSC.URL != "":
		return &holder{open: func(ctx context.Context) (sign.Identity, func() error, error) { return openRemote(ctx, cfg.CSC) }}, nil
	case cfg.PKCS12 != "":
		id, err := loadKey(cfg)
		return inHand(id), err
	}
	return nil, nil
}

func openToken(c config.PKCS11) (sign.Identity, func() error, error) {
	token, err := pkcs11.Open(pkcs11.Config{Module: c.Module, Token: c.Token, PIN: c.PIN.Reveal()})
	if err != nil {
		return sign.Identity{}, nil, fmt.Errorf("opening the signing token: %w", err)
	}
	id, err := token.Identity(c.Key)
	if err != nil {
		return sign.Identity{}, nil, errors.Join(fmt.Errorf("opening the signing token: %w", err), token.Close())
	}
	return id, token.Close, nil
}

func openRemote(ctx context.Context, c config.CSC) (sign.Identity, func() error, error) {
	key, err := csc.Open(ctx, csc.Config{
		URL: c.URL, Credential: c.Credential, Client: c.Client, ClientSecret: csc.Secret(c.Secret.Reveal()),
		Token: csc.Secret(c.Token.Reveal()), PIN: csc.Secret(c.PIN.Reveal()),
	})
	if err != nil {
		return sign.Identity{}, nil, fmt.Errorf("opening the signing key at %s: %w", c.URL, err)
	}
	return key.Identity(), func() error { return nil }, nil
}

// check tries the key before anything is started, and lets go of it. Settings that make
// no sense are a usage error; a holder that is away is not, since papers can wait for it.
func (k *signingKeys) check(ctx context.Context, log *slog.Logger) error {
	if k.holder.open == nil {
		k.chain = k.holder.identity.Chain
		return k.fit(k.chain)
	}
	id, end, err := k.holder.open(ctx)
	if _, refused := pipeline.AsRefusal(err); refused {
		return usageError{err}
	}
	if err != nil {
		log.LogAttrs(ctx, slog.LevelWarn, "the signing key is away; papers wait for it", slog.String("error", err.Error()))
		return nil
	}
	k.demo, k.chain = k.demo || id.Demo, id.Chain
	return errors.Join(k.fit(k.chain), end())
}
