package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"hoso/pipeline"
	"hoso/storage/register"
)

// ErrStale is returned by a move whose paper has moved on, or is held by somebody
// else. What was made for the move is of no use and may be dropped.
var ErrStale = pipeline.ErrStale

// largestText is how much memory unpacking one stored text may take.
const largestText = 256 << 20

// Catalog is an open catalog. It is safe for concurrent use, and several processes
// may have the same one open.
//
// All methods return *pipeline.Unavailable if the database cannot be reached, is
// locked by somebody else for too long, or has no room; fs.ErrNotExist for what is
// not there; and the context's error once ctx has ended.
type Catalog struct {
	engine engine
	write  *sql.DB
	read   *sql.DB
	pack   *zstd.Encoder
	unpack *zstd.Decoder
	now    func() time.Time

	agencies remembered[*register.Register]
	types    remembered[[]pipeline.TypeCode]
}

// Open opens the catalog that dsn names, and brings its tables up to date:
// "sqlite:" and a path, or a postgres:// URL. A missing SQLite file is created, its
// directory is not.
func Open(ctx context.Context, dsn string) (*Catalog, error) {
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), patience)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return openPostgres(ctx, dsn)
	}
	// The text may hold a password and is not repeated.
	return nil, errors.New("opening catalog: want sqlite:PATH or postgres://…")
}

func newCatalog(e engine, write, read *sql.DB) (*Catalog, error) {
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("preparing compression: %w", err)
	}
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(largestText))
	if err != nil {
		return nil, fmt.Errorf("preparing decompression: %w", err)
	}
	c := &Catalog{engine: e, write: write, read: read, pack: pack, unpack: unpack, now: time.Now}
	c.agencies.list, c.types.list = pipeline.Agencies, pipeline.Procedures
	return c, nil
}

// Close closes the connections. Work under way ends with an error.
func (c *Catalog) Close() error {
	c.unpack.Close()
	if err := errors.Join(c.pack.Close(), c.write.Close(), c.read.Close()); err != nil {
		return fmt.Errorf("closing catalog: %w", err)
	}
	return nil
}

// inTx runs f in one writing transaction and commits what it did if it returns nil.
func (c *Catalog) inTx(ctx context.Context, f func(tx *sql.Tx) error) (err error) {
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			// The first error says what went wrong; a rollback that fails as well
			// closes the connection, which rolls back too.
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// millis gives t as it is stored; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// stamp brings t to what is stored and compared.
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// storable reports whether s can stand in a column of text in both engines.
func storable(s string) bool { return storableForm(s) == s }

func storableForm(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// openStates is the list of pipeline.State.Open for SQL; a test compares the two.
const openStates = `('received', 'recognized', 'composed', 'signed', 'failed')`

// rank orders the lanes, first served first.
func rank(l pipeline.Lane) int64 {
	switch l {
	case pipeline.Desk:
		return 0
	case pipeline.Batch:
		return 1
	default:
		return 2
	}
}
