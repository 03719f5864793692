package catalog

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// engine is what the two databases do not share.
type engine struct {
	goose  goose.Dialect
	folder string // of its own migrations

	// queue makes transactions that give out places in the order of receipt wait for
	// each other; "" where writers wait anyhow.
	queue string
	// lists does the same for imports of lists, which keep no paper waiting.
	lists string
	// codes does it for digitization codes, which are given out one after the other.
	codes string
	// hold is put behind a SELECT of a row that the transaction will change.
	hold string

	// The full text: the column with a paper's place, the condition with the question
	// as $1, and how a row is written, from place and columns of the index, and cleared.
	place, match string
	entry, clear string
	columns      func(indexed) []any
	// The unit in firsts.number, a dossier key; the end of an owner's number that is left
	// where the rest is masked; and of a document's number what follows the last slash,
	// with it. All have an index or need none.
	unit, masked, symbol string
	// A table of the elements of a JSON array, as value.
	list func(array string) string
	// The condition that some paper has the word wanted.value, and whether looking for
	// words that no paper has is dear enough to ask first.
	vocabulary string
	sift       bool
	// What makes the engine look up places in the index papers_traits, put behind papers.
	traits string
	// Of a balance: the recursive table of the papers that come of those of the files, and
	// the files with where their papers stand, see balanceQuery.
	kin, taken string
	question   func(question) string
}

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date.
func (e engine) migrate(ctx context.Context, db *sql.DB, opts ...goose.ProviderOption) error {
	p, err := e.provider(db, opts...)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

func (e engine) provider(db *sql.DB, opts ...goose.ProviderOption) (*goose.Provider, error) {
	files := overlay{folders: []string{"migrations/shared", "migrations/" + e.folder}}
	opts = append(opts, goose.WithDisableGlobalRegistry(true), goose.WithTableName("hoso_schema"))
	p, err := goose.NewProvider(e.goose, db, files, opts...)
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	return p, nil
}

// overlay shows the files of several embedded folders as one, since most migrations
// are shared and their order is one.
type overlay struct{ folders []string }

// Open opens the file of that name in the first folder that has it.
func (o overlay) Open(name string) (fs.File, error) {
	for _, folder := range o.folders {
		f, err := migrations.Open(folder + "/" + name)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists the files of all folders by name; there are no folders within.
func (o overlay) ReadDir(string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	for _, folder := range o.folders {
		entries, err := migrations.ReadDir(folder)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}
