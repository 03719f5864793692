package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/pkcs11"
)

// deskSigning is what the helper at an officer's desk was asked to do.
type deskSigning struct {
	ids     []string
	dossier string
	all     bool
	watch   bool
	yes     bool
	key     keyPlace
}

// keyPlace is where the officer's key is: on a token or in a file.
type keyPlace struct {
	module, token, slot, key string

	p12 string
}

func (a *app) deskSignCommand() *cobra.Command {
	var d deskSigning
	cmd := &cobra.Command{
		Use:   "desk-sign [ID...]",
		Short: "Sign papers that wait for an officer, with the key on the token at this desk",
		Long: "Sign papers that wait for an officer, with the key on the token at this desk. The key\n" +
			"never leaves the token; the PIN is asked for once. What is about to be signed is listed\n" +
			"first. With --watch the helper stays, and signs what the officer decides on the page\n" +
			"Ký số. A token that is pulled out loses nothing: what was signed is filed, and the rest\n" +
			"waits for the next run.",
		Args: usage(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.ids = args
			if err := d.check(); err != nil {
				return err
			}
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			return a.deskSign(cmd.Context(), cfg, d)
		},
	}
	f := cmd.Flags()
	f.StringVar(&d.dossier, "dossier", "", "sign the papers of this dossier number (mã số hồ sơ)")
	f.BoolVar(&d.all, "all", false, "sign everything that waits for this account")
	f.BoolVar(&d.watch, "watch", false, "stay, and sign what is decided on the page Ký số")
	f.BoolVar(&d.yes, "yes", false, "do not ask before signing")
	f.StringVar(&d.key.module, "module", "", "PKCS#11 library of the token, as its maker installs it (.so)")
	f.StringVar(&d.key.token, "token-label", "", "label of the token, if several are plugged in")
	f.StringVar(&d.key.slot, "slot", "", "number of the slot that the token is in, likewise")
	f.StringVar(&d.key.key, "key", "", "label or ID of the key, if the token holds several")
	f.StringVar(&d.key.p12, "p12", "", "file with the key, for who has no token (PKCS#12)")
	return cmd
}

func (d deskSigning) check() error {
	ways := 0
	for _, given := range []bool{len(d.ids) > 0, d.dossier != "", d.all, d.watch} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return usageError{errors.New("choosing what to sign: want one of IDs, --dossier, --all and --watch")}
	}
	for _, id := range d.ids {
		if _, err := pipeline.ParsePaperID(id); err != nil {
			return usageError{err}
		}
	}
	return nil
}

// deskSign opens the key and signs with it.
func (a *app) deskSign(ctx context.Context, cfg *config.Config, d deskSigning) (err error) {
	id, done, err := a.openKey(cfg, d.key)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	h := &helper{app: a, client: newClient(cfg), identity: id}
	for _, c := range id.Chain {
		h.chain = append(h.chain, c.Raw)
	}
	if d.watch {
		return h.watch(ctx)
	}
	papers, err := h.toSign(ctx, d)
	if err != nil {
		return err
	}
	if len(papers) == 0 {
		return h.say("Không có giấy tờ nào chờ ký.")
	}
	if err := h.list(papers); err != nil {
		return err
	}
	if agreed, err := h.agreed(len(papers), d); err != nil || !agreed {
		return err
	}
	return h.signAll(ctx, papers)
}

// openKey gives the officer's key; done lets go of it.
func (a *app) openKey(cfg *config.Config, place keyPlace) (id sign.Identity, done func() error, err error) {
	if (place.p12 == "") == (place.module == "") {
		return id, nil, usageError{errors.New("looking for the key: want --module FILE for a token, or --p12 FILE")}
	}
	pin, err := a.pin(cfg)
	if err != nil {
		return id, nil, err
	}
	if place.module != "" {
		return a.openToken(place, pin)
	}
	data, err := os.ReadFile(place.p12)
	if err != nil {
		return id, nil, usageError{fmt.Errorf("reading the key: %w", err)}
	}
	if id, err = sign.LoadPKCS12(data, pin.Reveal()); err != nil {
		return id, nil, usageError{fmt.Errorf("opening the key %s: %w", place.p12, err)}
	}
	return id, func() error { return nil }, nil
}

// openToken logs in to a token, once for all that is signed. What is wrong with it or
// with the PIN is for the person before it to put right.
func (a *app) openToken(place keyPlace, pin config.Secret) (id sign.Identity, done func() error, err error) {
	c := pkcs11.Config{Module: place.module, Token: place.token, PIN: pin.Reveal(), Sessions: 1}
	if place.slot != "" {
		slot, err := strconv.Atoi(place.slot)
		if err != nil {
			return id, nil, usageError{fmt.Errorf("reading --slot: %w", err)}
		}
		c.Slot = &slot
	}
	token, err := pkcs11.Open(c)
	if err == nil {
		if id, err = token.Identity(place.key); err == nil {
			return id, token.Close, nil
		}
		err = errors.Join(err, token.Close())
	}
	if _, refused := pipeline.AsRefusal(err); refused {
		_, _ = fmt.Fprintf(a.err, "hoso: %s\n", explain(err)) // nowhere left to complain
		return id, nil, quiet{exitPerson}
	}
	return id, nil, err
}

// pin asks for the PIN on the terminal unless a setting has it.
func (a *app) pin(cfg *config.Config) (config.Secret, error) {
	if cfg.PIN != "" {
		return cfg.PIN, nil
	}
	keyboard, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(keyboard.Fd())) {
		return "", usageError{errors.New("asking for the PIN: there is no terminal; put it into a file and set HOSO_PIN=@FILE")}
	}
	if _, err := fmt.Fprint(a.err, "Mã PIN: "); err != nil {
		return "", err
	}
	typed, err := term.ReadPassword(int(keyboard.Fd()))
	_, _ = fmt.Fprintln(a.err) // the line that was not shown
	if err != nil {
		return "", fmt.Errorf("asking for the PIN: %w", err)
	}
	return config.Secret(typed), nil
}

// agreed asks whether to go on.
func (h *helper) agreed(n int, d deskSigning) (bool, error) {
	if d.yes {
		return true, nil
	}
	if _, err := fmt.Fprintf(h.app.err, "Ký %d giấy tờ trên? [c/K] ", n); err != nil {
		return false, err
	}
	answer, err := bufio.NewReader(h.app.in).ReadString('\n')
	if err != nil && answer == "" {
		return false, usageError{errors.New("asking whether to sign: nobody answers; say --yes to sign without a question")}
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "c", "có", "co", "y", "yes":
		return true, nil
	}
	return false, h.say("Không ký gì.")
}
