package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

// indexed is what is written to the index of words for one paper.
type indexed struct {
	n          int64
	head, body []string // folded words: of names and fields, and of the full text
	meta       []string // marks, see unitMarks and the like
}

// index writes the words of p anew. With text nil the full text stays as it is.
func (c *Catalog) index(ctx context.Context, tx *sql.Tx, n int64, p pipeline.Paper, text *string) error {
	body, err := c.keepText(ctx, tx, n, text)
	if err != nil {
		return fmt.Errorf("keeping the text: %w", err)
	}
	if _, err := tx.ExecContext(ctx, c.engine.clear, n); err != nil {
		return fmt.Errorf("clearing the index: %w", err)
	}
	entry := indexed{n: n, head: words(headOf(p)), body: words(body), meta: strings.Fields(metaOf(p))}
	if _, err := tx.ExecContext(ctx, c.engine.entry, c.engine.columns(entry)...); err != nil {
		return fmt.Errorf("indexing: %w", err)
	}
	return nil
}

// keepText stores text if there is one, and gives the text that is stored now.
func (c *Catalog) keepText(ctx context.Context, tx *sql.Tx, n int64, text *string) (string, error) {
	if text == nil {
		var packed []byte
		err := tx.QueryRowContext(ctx, "SELECT body FROM texts WHERE n = $1", n).Scan(&packed)
		if isNoRows(err) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		return c.unpackText(packed)
	}
	body := norm.NFC.String(storableForm(*text))
	const put = "INSERT INTO texts (n, body) VALUES ($1, $2) ON CONFLICT (n) DO UPDATE SET body = excluded.body"
	_, err := tx.ExecContext(ctx, put, n, c.pack.EncodeAll([]byte(body), nil))
	return body, err
}

func (c *Catalog) unpackText(packed []byte) (string, error) {
	body, err := c.unpack.DecodeAll(packed, nil)
	if err != nil {
		return "", fmt.Errorf("unpacking a text: %w", err)
	}
	return string(body), nil
}

func words(s string) []string {
	var all []string
	for w := range fold.Words(s) {
		all = append(all, w.Text)
	}
	return all
}

// headOf gives the short text about a paper that is searched beside its full text:
// file name, number and fields; of one that may be secret, no fields.
func headOf(p pipeline.Paper) string {
	parts := []string{p.FileName, p.Dossier.String()}
	for _, f := range p.Fields {
		if p.Withheld() {
			break
		}
		if f.Name != pipeline.FieldDossier || f.Value != p.Dossier.String() {
			parts = append(parts, f.Value)
		}
	}
	return norm.NFC.String(storableForm(strings.Join(parts, "\n")))
}

// metaOf gives the marks of a paper, between spaces. A mark begins with @, which no
// word does.
func metaOf(p pipeline.Paper) string {
	marks := []string{kindMark(p.Kind)}
	unit := unitOf(p.Unit)
	for i, c := range unit {
		if c == '.' {
			marks = append(marks, unitMark(unit[:i]))
		}
	}
	if unit != "" {
		marks = append(marks, unitMark(unit))
	}
	if !p.Dossier.IsZero() {
		marks = append(marks, numberMark(p.Dossier.Key()))
	}
	if p.Batch != "" {
		marks = append(marks, batchMark(p.Batch))
	}
	return strings.Join(marks, " ")
}

func unitMark(canonical string) string   { return "@u" + plain(canonical) }
func kindMark(k pipeline.Kind) string    { return "@k" + plain(string(k)) }
func batchMark(label string) string      { return "@b" + plain(label) }
func numberMark(beginning string) string { return "@n" + plain(beginning) }

// unitOf gives a unit code as it is compared.
func unitOf(code string) string {
	return short(pipeline.CanonicalUnit(strings.ToUpper(strings.TrimSpace(storableForm(code)))))
}

// senderOf gives an account as it is compared.
func senderOf(account string) string { return short(storableForm(account)) }

// longest is how many bytes of a code are indexed; no true code comes near it.
const longest = 120

// short gives s, or a name of that length that stands for it: indexes refuse what is
// too long, and what is cut would be taken for something else.
func short(s string) string {
	if len(s) <= longest {
		return s
	}
	return pipeline.Sum([]byte(s)).String()
}

// plain writes s in the characters that a mark may have.
func plain(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-':
			b.WriteRune(r)
		default:
			b.WriteString("-" + strconv.FormatInt(int64(r), 16) + "-")
		}
	}
	return short(b.String())
}

// liteColumns gives a row of the FTS5 table.
func liteColumns(e indexed) []any {
	return []any{e.n, strings.Join(e.head, " "), strings.Join(e.body, " "), strings.Join(e.meta, " ")}
}

// The limits of a tsvector (PostgreSQL 15, 12.11): positions beyond the last one are
// no positions, a lexeme keeps 256 of them, and the whole must stay below 1 MiB.
const (
	lastPosition  = 16383
	mostPositions = 255
	mostBytes     = 900 << 10
)

// vector builds the text form of a tsvector.
type vector struct {
	lexemes map[string][]byte
	places  map[string]int
	bytes   int
}

// add puts a word at a position with a weight; at position 0 it stands nowhere.
// Beyond the limits a word loses its position, and new words are left out.
func (v *vector) add(word string, position int, weight byte) {
	list, known := v.lexemes[word]
	if !known {
		if v.bytes += len(word) + 8; v.bytes > mostBytes {
			return
		}
		v.lexemes[word] = nil
	}
	if position == 0 || position > lastPosition || v.places[word] >= mostPositions || v.bytes > mostBytes {
		return
	}
	v.bytes += 2
	v.places[word]++
	if len(list) > 0 {
		list = append(list, ',')
	}
	v.lexemes[word] = append(strconv.AppendInt(list, int64(position), 10), weight)
}

// String gives what PostgreSQL reads as a tsvector.
func (v *vector) String() string {
	var b strings.Builder
	for word, list := range v.lexemes {
		b.WriteString(lexeme(word))
		if len(list) > 0 {
			b.WriteByte(':')
			b.Write(list)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// lexeme quotes a word for PostgreSQL. Words hold letters and digits only, marks
// nothing that needs care; quoting keeps it so whatever comes.
func lexeme(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(word) + "'"
}

// pgColumns gives a row of the table words. The full text begins two positions after
// the head, so that no phrase runs from one into the other. Without a position, in
// long papers, a word is found but not as part of a phrase.
func pgColumns(e indexed) []any {
	v := &vector{lexemes: make(map[string][]byte), places: make(map[string]int)}
	for _, m := range e.meta {
		v.add(m, 0, 0)
	}
	head := slices.Concat(e.head[:min(len(e.head), lastPosition/4)])
	for i, w := range head {
		v.add(w, i+1, 'A')
	}
	for i, w := range e.body {
		v.add(w, len(head)+2+i, 'C')
	}
	return []any{e.n, v.String()}
}
