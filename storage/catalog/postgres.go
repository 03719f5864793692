package catalog

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// pgConns is the number of connections of one process.
const pgConns = 8

func pgEngine() engine {
	return engine{
		goose:   goose.DialectPostgres,
		folder:  "postgres",
		queue:   "SELECT pg_advisory_xact_lock(704512026)", // any number nobody else takes
		lists:   "SELECT pg_advisory_xact_lock(704512027)",
		codes:   "SELECT pg_advisory_xact_lock(704512028)",
		hold:    " FOR UPDATE",
		place:   "words.n",
		match:   "words.tsv @@ $1::tsquery",
		entry:   "INSERT INTO words (n, tsv) VALUES ($1, $2::tsvector)",
		clear:   "DELETE FROM words WHERE n = $1",
		columns: pgColumns,
		unit:    "split_part(firsts.number, '-', 1)",
		masked:  "right(papers.holder, 6)",
		symbol:  "substring(papers.document from '/[^/]*$')",

		list: func(array string) string { return "json_array_elements_text(" + array + "::json)" },
		// Words are of letters and digits only.
		vocabulary: "EXISTS (SELECT 1 FROM words WHERE tsv @@ ('''' || wanted.value || '''')::tsquery)",
		kin:        pgKin(),
		taken:      pgTaken(),
		question:   pgQuestion,
	}
}

// settings fills in what the catalog relies on. A URL may say otherwise of the waits.
func settings(cfg *pgx.ConnConfig) {
	// A receipt promises that the paper is on disk, whatever the server is used to.
	cfg.RuntimeParams["synchronous_commit"] = "on"
	// A plan made once for any question takes a common word for a rare one.
	cfg.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	// No question takes as long as compiling it: that of a balance waited for seconds.
	cfg.RuntimeParams["jit"] = "off"
	if cfg.RuntimeParams["lock_timeout"] == "" {
		cfg.RuntimeParams["lock_timeout"] = strconv.FormatInt(patience.Milliseconds(), 10)
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = patience
	}
}

func openPostgres(ctx context.Context, dsn string) (*Catalog, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The error repeats the text, which may hold a password.
		return nil, errors.New("opening catalog: the postgres URL cannot be read")
	}
	settings(cfg)
	if err := migratePostgres(ctx, *cfg); err != nil {
		return nil, failed(err, "opening catalog")
	}
	// From here on; a migration of a large catalog may take its time.
	cfg.DialFunc = alert(cfg.DialFunc)
	db := stdlib.OpenDB(*cfg)
	db.SetMaxOpenConns(pgConns)
	db.SetMaxIdleConns(pgConns)
	return newCatalog(pgEngine(), db, db)
}

// migratePostgres brings the tables up to date, on connections of its own; of several
// processes that start at once one does it.
func migratePostgres(ctx context.Context, cfg pgx.ConnConfig) (err error) {
	db := stdlib.OpenDB(cfg)
	defer func() { err = errors.Join(err, db.Close()) }()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	return pgEngine().migrate(ctx, db, goose.WithSessionLocker(locker))
}
