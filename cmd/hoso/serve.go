package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/embedded"
	"hoso/cmd/internal/morning"
	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline/extract"
	"hoso/workers"
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run everything on this machine: pages, queue, workers, storage",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), cfg)
		},
	}
	cmd.Flags().String("listen", "", "address of the web pages (default 127.0.0.1:8080)")
	cmd.Flags().String("readers", "", "reader processes at once (default: one for each core)")
	return cmd
}

// serve runs the parts from the ground up: servers, then workers, then pages; and
// ends them the other way round.
func (a *app) serve(ctx context.Context, cfg *config.Config) (err error) {
	log := a.logger()
	if err := checkPages(cfg); err != nil {
		return err
	}
	if _, err := nightsOf(cfg); err != nil {
		return err
	}
	k, err := keys(cfg) // first: without them nothing is worth starting
	if err != nil {
		return err
	}
	if err := k.check(ctx, log); err != nil {
		return err
	}
	k.forPeople()
	services, err := embedded.Start(ctx, embedded.Options{
		Dir: cfg.Data, Log: log, ExternalRedis: cfg.Redis != "", ExternalS3: cfg.S3.Endpoint != "",
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, services.Stop()) }()
	p, err := connect(ctx, cfg, services.Links)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	worker, err := a.superviseWorker(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer worker.Stop()
	h := &house{app: a, cfg: cfg, log: log, keys: k, parts: p, services: services, worker: worker}
	h.certificate = k.certificate(log, a.out)
	return h.run(ctx)
}

// superviseWorker keeps a worker process running beside this one.
func (a *app) superviseWorker(ctx context.Context, cfg *config.Config, log *slog.Logger) (*embedded.Supervised, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	return embedded.Supervise(ctx, embedded.Child{
		Name: "worker",
		Command: func() (*exec.Cmd, error) {
			//nolint:gosec,noctx // our own binary; the supervisor ends it
			cmd := exec.Command(self, "work", "--data", cfg.Data, "--readers", fmt.Sprint(cfg.Readers))
			cmd.Env = os.Environ()
			cmd.Stderr = a.err
			return cmd, nil
		},
		Ready: func(context.Context) error { return nil },
	}, log)
}

// house is a running service.
type house struct {
	app      *app
	cfg      *config.Config
	log      *slog.Logger
	keys     signingKeys
	parts    *parts
	services *embedded.Services
	worker   *embedded.Supervised

	certificate *certificate
	nights      nights
}

func (h *house) run(ctx context.Context) error {
	classes, err := classesOf(h.cfg)
	if err != nil {
		return err
	}
	limits, err := abilities(ctx, h.parts.objects, h.log)
	if err != nil {
		return err
	}
	d := workers.NewDispatcher(h.parts.catalog, h.parts.redis, time.Now, h.log)
	defer d.Close() //nolint:errcheck // connections only
	office, err := h.office(d, classes)
	if err != nil {
		return err
	}
	looks, err := looksOf(h.cfg)
	if err != nil {
		return err
	}
	drawing, done, err := h.pictures()
	if err != nil {
		return err
	}
	defer done()
	door := gate.New(accounts{h.parts.catalog}, h.parts.catalog, time.Now)
	secret, err := web.FirstSecret(ctx, door)
	if err != nil {
		return err
	}
	proxies, err := prefixes(h.cfg.Proxy)
	if err != nil {
		return err
	}
	site, err := web.New(web.Options{
		Office: front{office}, Shelf: artifacts{office, h.parts.objects}, Catalog: h.parts.catalog, Known: h.parts.catalog, Journal: journal{h.parts.catalog},
		Gate: door, Observer: observer{h, d}, Demo: h.keys.demo, Light: h.cfg.AccessCopy, MaxUpload: h.cfg.MaxFile, Proxies: proxies,
		Limits: limits, Searches: h.parts.catalog, Ledger: h.parts.catalog, Repository: repositoryOf(h.parts, classes),
		Lists: lists{h.parts.catalog, h.parts.objects, &sync.Mutex{}}, Class: classes.Name, Version: version(), Log: h.log,
		Classes: offered(classes), Policy: office.Policy, Pictures: drawing, Renewals: renewalsOf(h.cfg, h.parts.catalog), Desk: h.desk(office, looks, drawing),
		Samples: h.parts.catalog,
		Morning: &morning.Sources{Ledger: h.parts.catalog, Bucket: h.parts.objects, Known: h.parts.catalog},
	})
	if err != nil {
		return err
	}
	h.nights, err = h.nightWork(office)
	if err != nil {
		return err
	}
	return h.open(ctx, site, d, secret)
}

// nightWork is what works off the shelves that the configuration names.
func (h *house) nightWork(office *workers.Office) (nights, error) {
	all, err := nightsOf(h.cfg)
	if err != nil {
		return nights{}, err
	}
	machine, err := os.Hostname()
	if err != nil {
		return nights{}, fmt.Errorf("naming this machine: %w", err)
	}
	here := *h.cfg
	here.Server = ""
	return nights{all: all, office: office, parts: h.parts, log: h.log, machine: machine, own: newClient(&here), folders: foldersOf(all, h.log)}, nil
}

// desk is where officers sign with keys of their own.
func (h *house) desk(office *workers.Office, looks workers.Looks, drawing pictures) *web.Desk {
	c := h.parts.catalog
	return &web.Desk{
		Keys: officers{&workers.Desk{
			Office: office, Requests: c, Holders: c, Limit: h.cfg.DeskTime, AnyRoot: h.cfg.DeskAnyRoot, Machine: gate.Local().Account,
			Looks: looks, Pictures: drawing.Pictures,
		}, c},
		Wishes: c, Helpers: c, Holders: c, Limit: h.cfg.DeskTime,
	}
}

// pictures draws pages in a reader of its own, so that a night's work does not keep
// people waiting for them; done ends it.
func (h *house) pictures() (pictures, func(), error) {
	alone := *h.cfg
	alone.Readers, alone.Second = 1, "none"
	pool, err := h.app.pool(&alone)
	if err != nil {
		return pictures{}, nil, err
	}
	drawing, err := workers.NewPictures(workers.Pictures{Objects: h.parts.objects, Readers: pool, Dir: filepath.Join(h.cfg.Data, "pictures")})
	return pictures{drawing}, pool.Close, err
}

// offered are the classes of papers that a form offers.
func offered(rules extract.Classes) []web.Class {
	var all []web.Class
	seen := map[string]bool{}
	for _, c := range rules {
		if !seen[c.Class] {
			seen[c.Class] = true
			all = append(all, web.Class{Class: c.Class, Name: c.Name})
		}
	}
	return all
}

func (h *house) office(d *workers.Dispatcher, classes extract.Classes) (*workers.Office, error) {
	spool := filepath.Join(h.cfg.Data, "spool")
	if err := workers.ClearScratch(spool); err != nil {
		return nil, err
	}
	rules, err := policyIn(h.cfg.Policy)
	if err != nil {
		return nil, err
	}
	coding, err := codingOf(h.cfg, h.parts, classes)
	if err != nil {
		return nil, err
	}
	office := &workers.Office{
		Papers: h.parts.catalog, Objects: h.parts.objects, Units: h.parts.catalog, Policy: rules, Coding: coding, Trust: h.keys.trust, Spool: spool, MaxSize: h.cfg.MaxFile,
		Now: time.Now, NewID: newID, Log: h.log, Kick: d.Kick,
	}
	office.Asked = h.parts.catalog.AskedOf
	if h.cfg.AccessCopy {
		office.AskLight = d.Light
	}
	return office, nil
}

// open listens, says where, and serves until ctx ends.
func (h *house) open(ctx context.Context, site *web.Site, d *workers.Dispatcher, secret string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	public, err := (&net.ListenConfig{}).Listen(ctx, "tcp", h.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", h.cfg.Listen, err)
	}
	local, err := listenUnix(filepath.Join(h.cfg.Data, socketName))
	if err != nil {
		return errors.Join(err, public.Close())
	}
	site.Address = h.address(public.Addr())
	var all sync.WaitGroup
	all.Go(func() { d.Run(ctx) })
	all.Go(func() { workers.Sweeper{Notes: h.parts.objects, InWork: h.parts.catalog.InWork, Log: h.log}.Run(ctx) })
	all.Go(func() { h.report(ctx, site.Watch(ctx)) })
	all.Go(func() { h.nights.run(ctx) })
	servers := []*http.Server{web.Server(site.Handler(), h.log), web.Server(site.LocalHandler(), h.log)}
	all.Go(func() { stop(ended(h.listen(servers[0], public))) })
	all.Go(func() { stop(ended(servers[1].Serve(local))) })
	if err := h.greet(public.Addr(), secret); err != nil {
		stop(err)
	}
	all.Go(func() { h.certificate.watch(ctx) })
	<-ctx.Done()
	closing, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	for _, s := range servers {
		if err := s.Shutdown(closing); err != nil {
			h.report(closing, errors.Join(err, s.Close()))
		}
	}
	all.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func ended(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return context.Canceled
	}
	return err
}

func (h *house) listen(s *http.Server, l net.Listener) error {
	if h.cfg.TLSCert == "" {
		return s.Serve(l)
	}
	return s.ServeTLS(l, h.cfg.TLSCert, h.cfg.TLSKey)
}

func (h *house) report(ctx context.Context, err error) {
	if err != nil {
		h.log.LogAttrs(ctx, slog.LevelError, "serving", slog.String("error", err.Error()))
	}
}

// address is where people reach the pages: as the configuration says, otherwise on this
// machine, by its name where it listens on all its addresses.
func (h *house) address(at net.Addr) string {
	if h.cfg.Address != "" {
		return h.cfg.Address
	}
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			return h.scheme() + "://" + net.JoinHostPort(name, strconv.Itoa(tcp.Port))
		}
	}
	return h.scheme() + "://" + at.String()
}

func (h *house) scheme() string {
	if h.cfg.TLSCert != "" {
		return "https"
	}
	return "http"
}

// greet says where the pages are and, at the very first start, how to get in.
func (h *house) greet(at net.Addr, secret string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "hoso: %s://%s\n", h.scheme(), at)
	fmt.Fprintf(&b, "hoso: data in %s\n", h.cfg.Data)
	if h.keys.demo {
		b.WriteString("hoso: DEMONSTRATION KEYS – records have no legal value (dùng thử, không có giá trị pháp lý)\n")
	}
	if h.cfg.Revocation == "off" && h.cfg.Level != "B-T" {
		b.WriteString("hoso: HOSO_REVOCATION=off – signatures reach level B-T only and are not renewed (chữ ký chỉ đạt mức B-T, không được gia hạn)\n")
	}
	if secret != "" {
		fmt.Fprintf(&b, "hoso: first login: account admin, secret %s (shown only now; to be changed at login)\n", secret)
	}
	_, err := fmt.Fprint(h.app.out, b.String())
	return err
}

func prefixes(list string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("reading the addresses of proxies: %w", err)}
		}
		all = append(all, p)
	}
	return all, nil
}
