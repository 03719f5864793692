package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"hoso/pipeline"
)

const (
	// mostKept is how many searches one account may keep.
	mostKept = 100
	// longestName is how long their names may be, in characters.
	longestName = 80
)

// Keep keeps a search for an account under a new ID. A name that is too long or empty,
// and one search too many, are Refusals.
func (c *Catalog) Keep(ctx context.Context, account string, k pipeline.Kept) error {
	name, err := keptName(k.Name)
	if err != nil {
		return err
	}
	if k.ID == "" || len(k.ID) > longest || !storable(k.ID) {
		return fmt.Errorf("keeping a search: unsuitable ID %.40q", k.ID)
	}
	if k.Time.IsZero() {
		k.Time = c.now()
	}
	err = c.inTx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM saved WHERE account = $1", senderOf(account)).Scan(&n); err != nil {
			return err
		}
		if n >= mostKept {
			return pipeline.Refuse(pipeline.Reason{
				Code:       "too-many-searches",
				English:    fmt.Sprintf("an account keeps at most %d searches", mostKept),
				Vietnamese: fmt.Sprintf("Mỗi tài khoản lưu được nhiều nhất %d tìm kiếm. Hãy xóa bớt rồi lưu lại.", mostKept),
			}, nil)
		}
		const add = "INSERT INTO saved (account, id, at, name, doc) VALUES ($1, $2, $3, $4, $5)"
		_, err := tx.ExecContext(ctx, add, senderOf(account), k.ID, millis(k.Time), name, storableForm(k.Asked))
		return err
	})
	if _, refused := pipeline.AsRefusal(err); refused {
		return err
	}
	return failed(err, "keeping a search")
}

func keptName(name string) (string, error) {
	name = strings.Join(strings.Fields(storableForm(name)), " ")
	if name == "" || utf8.RuneCountInString(name) > longestName {
		return "", pipeline.Refuse(pipeline.Reason{
			Code:       "search-name",
			English:    fmt.Sprintf("the name of a kept search has 1 to %d characters", longestName),
			Vietnamese: fmt.Sprintf("Hãy đặt tên cho tìm kiếm (1 đến %d ký tự).", longestName),
		}, nil)
	}
	return name, nil
}

// Kept gives the searches that an account keeps, the newest first.
func (c *Catalog) Kept(ctx context.Context, account string) ([]pipeline.Kept, error) {
	const all = "SELECT id, at, name, doc FROM saved WHERE account = $1 ORDER BY at DESC, id DESC"
	kept, err := collect(ctx, c.read, scanKept, all, senderOf(account))
	return kept, failed(err, "reading kept searches")
}

func scanKept(scan func(...any) error) (pipeline.Kept, error) {
	var k pipeline.Kept
	var at int64
	err := scan(&k.ID, &at, &k.Name, &k.Asked)
	k.Time = fromMillis(at)
	return k, err
}

// RenameKept gives a kept search another name; fs.ErrNotExist if the account has none of
// that ID.
func (c *Catalog) RenameKept(ctx context.Context, account, id, name string) error {
	name, err := keptName(name)
	if err != nil {
		return err
	}
	return c.changeKept(ctx, "UPDATE saved SET name = $3 WHERE account = $1 AND id = $2", account, id, name)
}

// DropKept forgets a kept search; fs.ErrNotExist likewise.
func (c *Catalog) DropKept(ctx context.Context, account, id string) error {
	return c.changeKept(ctx, "DELETE FROM saved WHERE account = $1 AND id = $2", account, id)
}

func (c *Catalog) changeKept(ctx context.Context, change, account, id string, more ...any) error {
	if !storable(id) {
		return fmt.Errorf("changing a kept search: %w", fs.ErrNotExist)
	}
	done, err := c.write.ExecContext(ctx, change, append([]any{senderOf(account), id}, more...)...)
	if err != nil {
		return failed(err, "changing a kept search")
	}
	if n, err := done.RowsAffected(); err == nil && n == 0 {
		return fmt.Errorf("changing a kept search: %w", fs.ErrNotExist)
	}
	return nil
}
