package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/objects/s3"
	"hoso/storage/register"
)

// lists joins the official lists in the catalog to what the pages ask for. A copy of
// each list lies in the bucket, for a rebuild.
type lists struct {
	catalog *catalog.Catalog
	objects *s3.Store
	one     *sync.Mutex // a file may be large: one at a time
}

// Import takes over a list from a file.
func (l lists) Import(ctx context.Context, list pipeline.List, how pipeline.Importing, data []byte) (pipeline.Import, error) {
	l.one.Lock()
	defer l.one.Unlock()
	done, err := importFile(ctx, l.catalog, list, how, data)
	if err != nil || how.Dry {
		return done, err
	}
	var whole bytes.Buffer
	if err := l.Export(ctx, list, "json", &whole); err != nil {
		return done, err
	}
	if err := l.objects.PutKey(ctx, pipeline.ListKey(list), whole.Bytes()); err != nil {
		return done, fmt.Errorf("keeping a copy of a list: %w", err) // importing again writes it
	}
	return done, nil
}

func importFile(ctx context.Context, c *catalog.Catalog, list pipeline.List, how pipeline.Importing, data []byte) (pipeline.Import, error) {
	if list == pipeline.Agencies {
		file, err := register.Agencies(how.File, data)
		if err != nil {
			return pipeline.Import{}, err
		}
		done, err := c.ImportAgencies(ctx, how, file.Entries)
		done.Skipped = file.Skipped
		return done, err
	}
	file, err := register.Procedures(how.File, data)
	if err != nil {
		return pipeline.Import{}, err
	}
	done, err := c.ImportProcedures(ctx, how, file.Entries)
	done.Skipped = file.Skipped
	return done, err
}

// Export writes a whole list.
func (l lists) Export(ctx context.Context, list pipeline.List, format string, out io.Writer) error {
	if list == pipeline.Agencies {
		all, err := l.catalog.Agencies(ctx, "")
		if err != nil {
			return err
		}
		return register.WriteAgencies(out, format, all)
	}
	all, err := l.catalog.Procedures(ctx, "")
	if err != nil {
		return err
	}
	return register.WriteProcedures(out, format, all)
}

// Look tells what the lists say of a code or a name.
func (l lists) Look(ctx context.Context, asked string, day pipeline.Day) (web.Listed, error) {
	if code, err := pipeline.ParseProcedure(asked); err == nil {
		return l.procedure(ctx, code, day)
	}
	if code, err := pipeline.ParseUnit(asked); err == nil {
		return l.unit(ctx, code, day)
	}
	r, err := l.catalog.Register(ctx)
	if err != nil {
		return web.Listed{}, err
	}
	var found web.Listed
	for _, m := range r.Named(asked, day) {
		found.Matches = append(found.Matches, web.Match(m))
	}
	return found, none(len(found.Matches))
}

func none(found int) error {
	if found > 0 {
		return nil
	}
	return fmt.Errorf("looking into the lists: %w", fs.ErrNotExist)
}

func (l lists) procedure(ctx context.Context, code string, day pipeline.Day) (web.Listed, error) {
	all, err := l.catalog.Procedures(ctx, code)
	if err != nil {
		return web.Listed{}, err
	}
	var found web.Listed
	for _, p := range all {
		if p.On(day) {
			found.Procedures = append(found.Procedures, p)
		}
	}
	return found, none(len(found.Procedures))
}

func (l lists) unit(ctx context.Context, code string, day pipeline.Day) (web.Listed, error) {
	u, err := l.catalog.Unit(ctx, code, day)
	if err != nil {
		return web.Listed{}, err
	}
	entries, err := l.catalog.Agencies(ctx, code)
	if err != nil || len(entries) == 0 {
		return web.Listed{}, errors.Join(err, none(len(entries)))
	}
	r, err := l.catalog.Register(ctx)
	if err != nil {
		return web.Listed{}, err
	}
	if day == "" {
		day = pipeline.DayOf(time.Now())
	}
	return web.Listed{Unit: &u, Entries: entries, Heirs: r.Heirs(code, day)}, nil
}

// Unit tells whether a unit was there on a day.
func (l lists) Unit(ctx context.Context, code string, day pipeline.Day) (pipeline.Unit, error) {
	return l.catalog.Unit(ctx, code, day)
}

// Imports gives the log of imports.
func (l lists) Imports(ctx context.Context) ([]pipeline.Import, error) {
	return l.catalog.Imports(ctx, 0)
}

// restoreLists takes the copies in the bucket over into a catalog that has no lists.
func restoreLists(ctx context.Context, p *parts) error {
	for _, list := range []pipeline.List{pipeline.Agencies, pipeline.Procedures} {
		key := pipeline.ListKey(list)
		data, err := p.objects.GetKey(ctx, key)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("restoring a list: %w", err)
		}
		var there bytes.Buffer
		if err := (lists{catalog: p.catalog}).Export(ctx, list, "json", &there); err != nil {
			return fmt.Errorf("restoring a list: %w", err)
		}
		if there.String() != "[]\n" {
			continue
		}
		how := pipeline.Importing{Actor: "hoso", File: key, Digest: pipeline.Sum(data)}
		if _, err := importFile(ctx, p.catalog, list, how, data); err != nil {
			return fmt.Errorf("restoring a list: %w", err)
		}
	}
	return nil
}
