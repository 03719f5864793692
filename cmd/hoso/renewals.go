package main

import (
	"context"
	"sync"
	"time"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/web"
	"hoso/pipeline"
	"hoso/storage/catalog"
)

// renewals is the calendar of renewals as the pages ask it. Counting goes through all
// records that were ever signed, so it is done once in a while.
type renewals struct {
	c      *catalog.Catalog
	before time.Duration

	mu   sync.Mutex
	kept pipeline.Calendar
	at   time.Time
}

// counted is how long a count of renewals is told again.
const counted = 30 * time.Second

// renewalsOf gives the calendar; nil where the settings do not let records be renewed.
func renewalsOf(cfg *config.Config, c *catalog.Catalog) web.Renewals {
	if !cfg.Lasts() {
		return nil
	}
	return &renewals{c: c, before: cfg.RenewBefore}
}

// Renewals tells what is to be renewed.
func (r *renewals) Renewals(ctx context.Context) (pipeline.Renewals, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if now.Sub(r.at) > counted {
		all, err := r.c.Calendar(ctx)
		if err != nil {
			return pipeline.Renewals{}, err
		}
		r.kept, r.at = all, now
	}
	return r.kept.At(now, r.before), nil
}
