package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// A paper's place n is its rank in the order of receipt: the milliseconds from 2000
// to its receipt, times 16. Being made of the time of receipt it survives a rebuild,
// and one index, also that of the words, gives the newest first and cuts by date.
// Papers of one millisecond take the next free places, if need be those of the
// milliseconds that follow.
const (
	placesPerMilli = 16
	crowd          = 1 << 24 // the most places that papers of one millisecond may run on
)

// firstPlace gives the first place of a paper received at t.
func firstPlace(t time.Time) int64 {
	from := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	return max(0, t.UnixMilli()-from) * placesPerMilli
}

// takePlace finds a free place for a paper received at t. The caller has kept others
// from doing the same until its transaction ends, see engine.queue.
func takePlace(ctx context.Context, tx *sql.Tx, t time.Time) (int64, error) {
	first := firstPlace(t)
	var taken sql.NullInt64
	err := tx.QueryRowContext(ctx, "SELECT n FROM papers WHERE n = $1", first).Scan(&taken)
	if err != nil && !isNoRows(err) {
		return 0, fmt.Errorf("looking for a place: %w", err)
	}
	if !taken.Valid {
		return first, nil
	}
	// The end of the run that begins here: the first taken place whose next is free.
	const end = `SELECT min(n) FROM papers a WHERE n >= $1 AND n < $2
		AND NOT EXISTS (SELECT 1 FROM papers b WHERE b.n = a.n + 1)`
	if err := tx.QueryRowContext(ctx, end, first, first+crowd).Scan(&taken); err != nil {
		return 0, fmt.Errorf("looking for a place: %w", err)
	}
	if !taken.Valid {
		return 0, fmt.Errorf("looking for a place: %d papers of one moment", crowd)
	}
	return taken.Int64 + 1, nil
}
