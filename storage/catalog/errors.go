package catalog

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"hoso/pipeline"
)

// failed names what was being done and sorts err: what is not there, what the
// surroundings are to blame for, and the rest. It gives nil for nil.
func failed(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = fs.ErrNotExist
	}
	err = fmt.Errorf(doing+": %w", append(args, err)...)
	// Giving up on a connection is a deadline of our own, not of who asked.
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && !connecting {
		return err
	}
	if unavailable(err) {
		return &pipeline.Unavailable{What: "catalog", Err: err}
	}
	return err
}

// unavailable reports whether the database is at fault, not what was asked of it.
func unavailable(err error) bool {
	if _, already := errors.AsType[*pipeline.Unavailable](err); already {
		return false
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return liteUnavailable(lite.Code())
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pgUnavailable(pg.Code)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		pgconn.SafeToRetry(err)
}

// liteUnavailable sorts SQLite's result codes; the low byte is the primary one.
func liteUnavailable(code int) bool {
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM,
		sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// pgUnavailable sorts SQLSTATE codes by class (PostgreSQL 15, appendix A): connection,
// authorization, database name, rollback by contention, resources, operator, system,
// corrupted data; and single ones for read-only servers and locks.
func pgUnavailable(code string) bool {
	if len(code) != 5 {
		return false
	}
	if code == "25006" || code == "55P03" {
		return true
	}
	return strings.Contains("08 28 3D 40 53 57 58 XX", code[:2])
}
