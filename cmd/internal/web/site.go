package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline/policy"
)

// Options is what a site is made of. Office, Shelf, Catalog, Journal and Gate are
// needed; everything else has a working zero value.
type Options struct {
	Office     Office
	Shelf      Shelf
	Catalog    Catalog
	Known      Known // nil: no paper is known again
	Journal    Journal
	Gate       *gate.Gate
	Lists      Lists      // nil: there are none
	Searches   Searches   // nil: none are kept
	Ledger     Ledger     // nil: there are no shelves
	Repository Repository // nil: dossiers are not shown as a whole
	Observer   Observer   // nil: no progress by page, no list of services
	Pictures   Pictures   // nil: pages cannot be looked at one by one
	Renewals   Renewals   // nil: records are not renewed
	Samples    Samples    // nil: nothing is looked at a second time
	Policy     policy.Policy
	Desk       *Desk // nil: nobody signs with an own key

	Morning *morning.Sources // nil: there are no reports of batches; its Picture is that of Pictures

	Class     func(class string) string // what people call a class of papers; nil: as it is
	Classes   []Class                   // those that a form offers
	Agency    string                    // the name shown beside the product's, such as that of the office
	Address   string                    // at which people reach the pages, for links in reports that the service's own machine asks for; "": as from the site's root
	Light     bool                      // access copies are made of records
	Demo      bool                      // demonstration keys sign the records: said on every page
	MaxUpload int64                     // bytes of one paper; 0 is 2 GiB
	Proxies   []netip.Prefix            // whose X-Forwarded-For and X-Forwarded-Proto are believed
	Limits    []string                  // sentences on what the storage cannot do, for the status page
	Version   string
	Now       func() time.Time // nil is time.Now
	Log       *slog.Logger     // nil discards; nothing personal is ever logged
}

const defaultMaxUpload = 2 << 30

// Site serves pages and API. It is safe for concurrent use.
type Site struct {
	Options
	pages  map[string]*template.Template
	assets map[string]asset
	routes []route
	news   *hub
	asked  *questions
	sheets *questions // about whole dossiers
	rolls  *rolls     // papers of batches
	seen   *glances
	sound  *glances // artifacts whose every byte was right a moment ago
	cross  *http.CrossOriginProtection
	verify chan struct{}
	judges *places
	// patience is how long a sender may be silent in the middle of a body.
	patience time.Duration
	turn     time.Duration // how long somebody waits for others' files to be judged

	reports chan struct{} // held by whoever has the report of a batch made
}

// verifiers bounds how many records are examined at once on people's behalf, judges how
// many files that they bring along, each of which takes room on the disk meanwhile.
const (
	verifiers = 2
	judges    = 16
	judgesOf  = 4 // of one account
)

// New makes a site.
func New(o Options) (*Site, error) {
	if o.Office == nil || o.Shelf == nil || o.Catalog == nil || o.Journal == nil || o.Gate == nil {
		return nil, errors.New("making a site: office, shelf, catalog, journal and gate are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxUpload <= 0 {
		o.MaxUpload = defaultMaxUpload
	}
	s := &Site{
		Options:  o,
		asked:    newQuestions(),
		sheets:   newQuestions(),
		rolls:    newRolls(),
		seen:     newGlances(),
		sound:    newGlances(),
		patience: silence,
		turn:     judgeWait,
		cross:    http.NewCrossOriginProtection(),
		verify:   make(chan struct{}, verifiers),
		judges:   newPlaces(judges, judgesOf),
		reports:  make(chan struct{}, 1),
	}
	s.news = newHub(s.look)
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(s.assetURL, s.Class); err != nil {
		return nil, err
	}
	s.routes = s.table()
	return s, nil
}

// Handler answers everybody: pages by session cookie, the API by cookie or bearer
// token.
func (s *Site) Handler() http.Handler { return s.mux(s.identify) }

// LocalHandler answers on a socket that only the owner of the data directory can
// open: whoever asks is gate.Local. It must never listen on a network.
func (s *Site) LocalHandler() http.Handler {
	return s.mux(func(*http.Request, gate.Life) (gate.Session, string, error) {
		return gate.Session{Who: gate.Local(), Form: gate.API}, "", nil
	})
}

// Watch gathers news of the papers that open pages follow, once a second, and sweeps
// out ended sessions, until ctx ends. Without it pages still work, by asking.
func (s *Site) Watch(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	sweep := time.NewTicker(time.Hour)
	defer sweep.Stop()
	var batches sync.WaitGroup
	batches.Go(func() { s.keepRolls(ctx) })
	defer batches.Wait()
	for {
		select {
		case <-sweep.C:
			if err := s.Gate.Sweep(ctx); err != nil {
				s.Log.LogAttrs(ctx, slog.LevelWarn, "sweeping sessions", slog.Any("error", err))
			}
		case <-ctx.Done():
			s.news.close()
			return nil
		case <-tick.C:
			s.news.round(ctx)
		}
	}
}

// Server gives an http.Server with the limits that a handler cannot set itself:
// slow or huge headers are cut. Bodies have moving deadlines of their own, so that a
// slow line can still deliver a large paper.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12},
		BaseContext:       func(net.Listener) context.Context { return context.Background() },
	}
}

// FirstSecret makes the first account if there is none and gives its secret, to be
// printed once; "" if there are accounts.
func FirstSecret(ctx context.Context, g *gate.Gate) (string, error) {
	secret, err := g.FirstSecret(ctx)
	if err != nil {
		return "", fmt.Errorf("making the first account: %w", err)
	}
	return secret, nil
}
