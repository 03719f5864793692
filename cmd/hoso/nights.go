package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/workers"
	"hoso/workers/batch"
)

// nights works off the shelves that the configuration names.
type nights struct {
	all     []night
	office  *workers.Office
	parts   *parts
	log     *slog.Logger
	machine string
	own     *client // to the service itself, through its socket
	folders *folders
}

// run keeps hours and watches folders until ctx ends. What it lacks meanwhile is waited
// for.
func (n nights) run(ctx context.Context) {
	var working sync.WaitGroup
	defer working.Wait()
	working.Go(func() { n.folders.watch(ctx) })
	for _, each := range n.all {
		if each.Start == "" {
			working.Go(func() { n.again(ctx, "watching "+each.Batch, func() error { return n.work(ctx, each) }) })
		}
	}
	n.again(ctx, "keeping the hours of nights", func() error { return n.keepHours(ctx) })
}

// again does something until ctx ends; what ends it is begun again.
func (n nights) again(ctx context.Context, doing string, do func() error) {
	for ctx.Err() == nil {
		if err := do(); err != nil && ctx.Err() == nil {
			n.log.LogAttrs(ctx, slog.LevelWarn, "waiting to go on", slog.String("doing", doing), slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pipeline.RunPatience / 4):
		}
	}
}

// keepHours begins nights at their hours until ctx ends.
func (n nights) keepHours(ctx context.Context) error {
	var timed []workers.Night
	for _, each := range n.all {
		if each.Start == "" {
			continue
		}
		from, err := hourOf(each.Start)
		if err != nil {
			return err
		}
		missed, err := n.missed(ctx, each)
		if err != nil {
			return err
		}
		timed = append(timed, workers.Night{Label: each.Batch, Cron: from.cron(), Now: missed})
	}
	return workers.Nights{Redis: n.parts.redis, Machine: n.machine, Do: n.begin, Log: n.log}.Run(ctx, timed)
}

// missed reports whether a night should be at work, and nobody has begun it or it was cut
// off.
func (n nights) missed(ctx context.Context, each night) (bool, error) {
	if each.Until == "" {
		return false, nil
	}
	from, err := hourOf(each.Start)
	if err != nil {
		return false, err
	}
	until, err := hourOf(each.Until)
	if err != nil {
		return false, err
	}
	now := time.Now()
	end := until.next(now)
	begin := from.next(end.AddDate(0, 0, -1))
	if now.Before(begin) {
		return false, nil
	}
	kept, err := n.parts.catalog.Shelf(ctx, each.Batch)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the last night of %s: %w", each.Batch, err)
	}
	r := kept.Run
	return r.Began.Before(begin) || r.How == "" || r.How == pipeline.RunLost, nil
}

// begin works off the shelf of a label.
func (n nights) begin(ctx context.Context, label string) error {
	for _, each := range n.all {
		if each.Batch == label {
			return n.work(ctx, each)
		}
	}
	n.log.LogAttrs(ctx, slog.LevelWarn, "a night is no more in the configuration", slog.String("batch", label))
	return nil
}

func (n nights) work(ctx context.Context, each night) error {
	e, err := n.engine(each)
	if err != nil {
		return err
	}
	done, sure, err := aloneWith(e.Label, e.Root)
	if err != nil {
		return err
	}
	defer done()
	e.Ledger = ownLedger{n.parts.catalog, sure}
	e.Tell = func(p batch.Progress) { n.folders.empties(ctx, e.Label, p.Phase == batch.Away && p.Lacks == "shelf") }
	run, err := e.Run(ctx)
	n.folders.empties(ctx, e.Label, false)
	if err = errors.Join(err, ctx.Err()); err != nil { // cut off it goes on at the next start
		return err
	}
	n.log.LogAttrs(ctx, slog.LevelInfo, "a night has ended", slog.String("batch", each.Batch), slog.Int("run", run.N), slog.String("how", string(run.How)))
	if each.Report == "" {
		return nil
	}
	return n.report(ctx, each)
}

// report writes the reports of a shelf, of today. Mappings know them by their beginning:
// the folder may lie within the shelf.
func (n nights) report(ctx context.Context, each night) error {
	if err := os.MkdirAll(each.Report, 0o750); err != nil {
		return fmt.Errorf("making the folder of reports: %w", err)
	}
	stem := filepath.Join(each.Report, fmt.Sprintf("bao-cao-dem-%s-%s", each.Batch, time.Now().Format("2006-01-02")))
	for _, ending := range []string{".html", ".json"} {
		if err := writeReport(ctx, n.own, each.Batch, stem+ending); err != nil {
			return err
		}
	}
	return nil
}

func (n nights) engine(each night) (*batch.Engine, error) {
	mapping, err := mappingIn(each.Mapping)
	if err != nil {
		return nil, err
	}
	e := &batch.Engine{
		Desk: n.office, Tables: tables, Root: each.Folder, Host: n.machine, Label: each.Batch,
		By: gate.Local().Account, Mapping: mapping, Watch: each.Start == "", Now: time.Now, Log: n.log,
	}
	if each.Until != "" {
		until, err := hourOf(each.Until)
		if err != nil {
			return nil, err
		}
		e.Until = until.next(time.Now())
	}
	return e, nil
}
