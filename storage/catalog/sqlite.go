package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"hoso/pipeline"
)

// patience is how long a writer waits for those of other processes.
const patience = 15 * time.Second

// readers is the number of connections that only read. WAL lets them see a
// consistent state while the one writer writes.
const readers = 4

func liteEngine() engine {
	return engine{
		goose:   goose.DialectSQLite3,
		folder:  "sqlite",
		place:   "words.rowid",
		match:   "words MATCH $1",
		entry:   "INSERT INTO words (rowid, head, body, meta) VALUES ($1, $2, $3, $4)",
		clear:   "DELETE FROM words WHERE rowid = $1",
		columns: liteColumns,
		unit:    "substr(firsts.number, 1, instr(firsts.number, '-') - 1)",
		masked:  "substr(papers.holder, -6)",
		symbol:  "substr(papers.document, length(rtrim(papers.document, replace(papers.document, '/', ''))))",

		list:       func(array string) string { return "json_each(" + array + ")" },
		vocabulary: "EXISTS (SELECT 1 FROM vocabulary WHERE term = wanted.value)",
		sift:       true,
		traits:     " INDEXED BY papers_traits", // it prefers that of n alone
		kin:        liteKin(),
		taken:      liteTaken(),
		question:   liteQuestion,
	}
}

func openSQLite(ctx context.Context, path string, wait time.Duration) (*Catalog, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening catalog: %w", err)
	}
	if err := private(abs); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", liteName(abs, wait, url.Values{"_txlock": {"immediate"}}))
	if err != nil {
		return nil, failed(err, "opening catalog")
	}
	// One writer: SQLite has no more, and waiting in Go is fair and ends with ctx.
	write.SetMaxOpenConns(1)
	e := liteEngine()
	if err := liteMigrate(ctx, e, write, abs+".migrating"); err != nil {
		return nil, closing(write, failed(err, "opening catalog"))
	}
	read, err := sql.Open("sqlite", liteName(abs, wait, url.Values{"_query_only": {"1"}}))
	if err != nil {
		return nil, closing(write, failed(err, "opening catalog"))
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return newCatalog(e, write, read)
}

// private creates the file, if there is none, for its owner alone: SQLite would let
// everybody read it, and gives its side files the rights of the main one.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator says where the catalog lies
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return &pipeline.Unavailable{What: "catalog", Err: err}
	}
	return nil
}

// liteName gives the driver's name of a database file. The order matters to SQLite:
// busy_timeout first, so that switching to WAL waits for others who do the same.
func liteName(path string, wait time.Duration, more url.Values) string {
	q := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()),
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"foreign_keys(1)",
		"recursive_triggers(1)", // REPLACE must not delete events behind their triggers
		"cache_size(-16384)",
	}}
	maps.Copy(q, more)
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// liteMigrate migrates while no other process does. The lock file stays; it is
// empty.
func liteMigrate(ctx context.Context, e engine, db *sql.DB, lock string) error {
	f, err := os.OpenFile(lock, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // beside the catalog
	if err != nil {
		return &pipeline.Unavailable{What: "catalog", Err: err}
	}
	// Closing lets go of the lock, and nothing was written.
	defer func() { _ = f.Close() }()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return &pipeline.Unavailable{What: "catalog", Err: err}
	}
	return e.migrate(ctx, db)
}

// closing closes db after err and gives err.
func closing(db *sql.DB, err error) error {
	if cerr := db.Close(); cerr != nil {
		return fmt.Errorf("%w (and closing it: %w)", err, cerr)
	}
	return err
}
