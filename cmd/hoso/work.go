package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/embedded"
	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/workers"
)

func (a *app) workCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "work",
		Short: "Work papers off, against the servers of the configuration",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			return a.work(cmd.Context(), cfg)
		},
	}
	cmd.Flags().String("readers", "", "reader processes at once (default: one for each core)")
	return cmd
}

// lease is how long a paper stays claimed by a worker that shows no sign of life.
const lease = 12 * time.Second

// work makes moves until ctx ends.
func (a *app) work(ctx context.Context, cfg *config.Config) error {
	log := a.logger()
	if err := sharedKeys(cfg); err != nil {
		return err
	}
	links, err := linksOf(cfg)
	if err != nil {
		return err
	}
	defer links.Close() //nolint:errcheck // only folders of sockets
	p, err := connect(ctx, cfg, links)
	if err != nil {
		return err
	}
	defer p.Close() //nolint:errcheck // every commit was durable
	steps, err := a.steps(cfg, p, log)
	if err != nil {
		return err
	}
	alone, err := lockScratch(steps.Scratch)
	if err != nil {
		return err
	}
	defer alone.Close() //nolint:errcheck // the lock ends with the process
	if err := p.catalog.Abandon(ctx, steps.Owner); err != nil {
		return err
	}
	pool, err := a.pool(cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	steps.Readers = pool
	d := workers.NewDispatcher(p.catalog, p.redis, time.Now, log)
	defer d.Close() //nolint:errcheck // connections only
	steps.Kick = d.Kick
	if cfg.Lasts() {
		d.RenewBefore = cfg.RenewBefore
	}
	if cfg.AccessCopy {
		steps.AskLight = d.Light
	}
	go d.Run(ctx)
	return workers.Work(ctx, p.redis, steps, cfg.Readers+1)
}

// sharedKeys refuses to let a worker make demonstration keys of its own, beside those
// of the service: records would be signed by somebody whom the service does not know.
func sharedKeys(cfg *config.Config) error {
	own := cfg.PKCS12 != "" || cfg.PKCS11.Module != "" || cfg.CSC.URL != ""
	if own && len(cfg.Authorities) > 0 {
		return nil
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "pki")); err != nil {
		return usageError{fmt.Errorf("looking for the service's demonstration keys: without settings pkcs12 (or pkcs11, or csc) and tsa, copy the folder pki from the service's data folder to this one: %w", err)}
	}
	return nil
}

// linksOf finds the embedded parts; with external ones in their place there may be
// none.
func linksOf(cfg *config.Config) (*embedded.Links, error) {
	if cfg.Redis != "" && cfg.S3.Endpoint != "" {
		return &embedded.Links{}, nil
	}
	return embedded.Connect(cfg.Data)
}

// steps puts together what moves need, but for the readers.
func (a *app) steps(cfg *config.Config, p *parts, log *slog.Logger) (*workers.Steps, error) {
	k, err := keys(cfg)
	if err != nil {
		return nil, err
	}
	owner, err := ownerName(cfg)
	if err != nil {
		return nil, err
	}
	classes, err := classesOf(cfg)
	if err != nil {
		return nil, err
	}
	coding, err := codingOf(cfg, p, classes)
	if err != nil {
		return nil, err
	}
	rules, err := policyIn(cfg.Policy)
	if err != nil {
		return nil, err
	}
	looks, err := looksOf(cfg)
	if err != nil {
		return nil, err
	}
	return &workers.Steps{
		Papers: p.catalog, Objects: p.objects, Units: p.catalog, Names: names{p.catalog}, Known: p.catalog, Classes: classes, Coding: coding, Policy: rules, Trust: k.trust,
		Signing: workers.Signing{
			Identity: k.holder.forPapers, Timestamper: k.timestamper,
			Level: cfg.Level, Later: cfg.Revocation == "later",
		}, Looks: looks,
		Scratch: filepath.Join(cfg.Data, "scratch"), Deaths: workers.Deaths{Dir: filepath.Join(cfg.Data, "deaths")},
		Setting: pipeline.Sum([]byte("3 " + cfg.Languages + " " + cfg.Second + " " + cfg.Models)),
		Program: "hoso " + version(), Owner: owner,
		Lease: lease, Now: time.Now, Log: log, InWork: p.catalog.InWork,
	}, nil
}

// codingOf says how digitized papers get their codes.
func codingOf(cfg *config.Config, p *parts, classes extract.Classes) (*workers.Coding, error) {
	template, err := pipeline.ParseCodeTemplate(cfg.Code)
	if err != nil {
		return nil, usageError{fmt.Errorf("reading the setting code: %w", err)}
	}
	c := &workers.Coding{Template: template, Codes: p.catalog, Holdings: p.catalog, Procedures: p.catalog, Classes: classes}
	for _, name := range cfg.Ownerless {
		c.Ownerless = append(c.Ownerless, pipeline.FieldName(name))
	}
	if len(c.Ownerless) == 0 {
		c.Ownerless = []pipeline.FieldName{pipeline.FieldOwnerName}
	}
	return c, nil
}

// ownerName names the worker of a data folder among all that work on the catalog. It
// is the same after a restart: the new worker knows that the old one is dead, and
// takes up at once what it left.
func ownerName(cfg *config.Config) (string, error) {
	host, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("naming this worker: %w", err)
	}
	return fmt.Sprintf("%s:%.12s;", host, pipeline.Sum([]byte(cfg.Data))), nil
}

// lockScratch makes sure that one worker alone uses the folder, and empties it.
func lockScratch(dir string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	lock, err := os.OpenFile(dir+".lock", os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // our own data folder
	if err != nil {
		return nil, fmt.Errorf("locking the work folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("locking the work folder: another worker uses %s: %w", filepath.Dir(dir), err), lock.Close())
	}
	if err := workers.ClearScratch(dir); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}
