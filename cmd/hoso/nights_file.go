package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// night is a folder that the service works off by itself.
type night config.Night

// nightsOf reads which folders the service works off by itself.
func nightsOf(cfg *config.Config) ([]night, error) {
	named, err := config.Nights(cfg.Shelves)
	if err != nil {
		return nil, usageError{fmt.Errorf("reading the shelves in %s: %w", cfg.Shelves, err)}
	}
	var all []night
	for _, n := range named {
		all = append(all, night(n))
	}
	for _, folder := range cfg.Watch {
		all = append(all, night{Folder: folder})
	}
	labels := map[string]string{}
	for i := range all {
		n := &all[i]
		if err := n.complete(filepath.Dir(cfg.Shelves)); err != nil {
			return nil, usageError{err}
		}
		if other, taken := labels[n.Batch]; taken {
			return nil, usageError{fmt.Errorf("the folders %s and %s have the same batch label %q", other, n.Folder, n.Batch)}
		}
		labels[n.Batch] = n.Folder
	}
	return all, apart(all, cfg.Data)
}

// apart refuses folders of which one is another or lies within it: each would take the
// other's files. So it does a folder with hoso's own data.
func apart(all []night, data string) error {
	for i, a := range all {
		if err := notData(a.Folder, data); err != nil {
			return err
		}
		for j, b := range all {
			if i != j && inside(b.Folder, a.Folder) {
				return usageError{fmt.Errorf("the folder %s is worked off twice: by itself and as %s", b.Folder, a.Folder)}
			}
		}
	}
	return nil
}

// notData refuses a shelf that holds the data folder or lies in it: its records would be
// taken for scans, and moved or deleted.
func notData(folder, data string) error {
	if inside(folder, data) || inside(data, folder) {
		return usageError{fmt.Errorf("the folder %s has hoso's own data (%s) in it, or is a part of it; keep the scans elsewhere", shown(folder), shown(data))}
	}
	return nil
}

// inside reports whether a folder is another one or lies in it, by whatever links.
func inside(folder, other string) bool {
	below, err := filepath.Rel(truly(other), truly(folder))
	return err == nil && filepath.IsLocal(below)
}

// truly follows links, as far as the folder is there.
func truly(folder string) string {
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	if there, err := filepath.EvalSymlinks(folder); err == nil {
		return there
	}
	return folder
}

// complete checks a night and fills in what it leaves out. Relative paths go from the
// folder of the file that names them.
func (n *night) complete(from string) error {
	if n.Folder == "" {
		return errors.New("a shelf without a folder")
	}
	for _, path := range []*string{&n.Folder, &n.Mapping, &n.Report} {
		if *path == "" {
			continue
		}
		if !filepath.IsAbs(*path) {
			*path = filepath.Join(from, *path)
		}
		abs, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = abs
	}
	for _, at := range []string{n.Start, n.Until} {
		if _, err := hourOf(at); at != "" && err != nil {
			return fmt.Errorf("shelf %s: %w", n.Folder, err)
		}
	}
	var err error
	if n.Batch, err = labelOf(n.Batch, n.Folder); err != nil {
		return fmt.Errorf("shelf %s: %w", n.Folder, err)
	}
	_, err = mappingIn(n.Mapping)
	return err
}

// mappingIn reads a mapping; "" gives the one that comes with hoso.
func mappingIn(path string) (*shelf.Mapping, error) {
	if path == "" {
		return shelf.Default(), nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, fmt.Errorf("reading a mapping: %w", err)
	}
	m, err := shelf.Parse(text)
	if err != nil {
		return nil, usageError{fmt.Errorf("reading %s: %w", path, err)}
	}
	return m, nil
}

// labelOf gives the label of a shelf: the one that is wanted, or one made of the folder's
// name that is the same every night and another one for every folder.
func labelOf(wanted, folder string) (string, error) {
	label, err := pipeline.ParseBatch(wanted)
	if err != nil || label != "" {
		return label, err
	}
	host, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("naming a batch: %w", err)
	}
	sum := sha256.Sum256([]byte(host + "\x00" + folder))
	return fmt.Sprintf("%s-%x", plainName(filepath.Base(folder)), sum[:3]), nil
}

// gaps are the signs that a label may not have.
var gaps = regexp.MustCompile(`[^a-z0-9]+`)

// longestName is how much of a folder's name stands in a label.
const longestName = 40

// plainName writes a name with the letters that a label may have.
func plainName(name string) string {
	bare := strings.Map(func(r rune) rune {
		switch {
		case r == 'đ':
			return 'd'
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(name)))
	plain := gaps.ReplaceAllString(bare, "-")
	plain = strings.Trim(plain[:min(len(plain), longestName)], "-")
	if plain == "" {
		return "lo"
	}
	return plain
}

// hour is an hour of the day.
type hour struct{ h, m int }

func hourOf(s string) (hour, error) {
	t, err := time.Parse("15:04", strings.TrimSpace(s))
	if err != nil {
		return hour{}, fmt.Errorf("%.20q is no time of day: wanted is one such as 06:00", s)
	}
	return hour{t.Hour(), t.Minute()}, nil
}

// next is when it is that hour again, after now and by its clock.
func (h hour) next(now time.Time) time.Time {
	y, m, d := now.Date()
	at := time.Date(y, m, d, h.h, h.m, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(y, m, d+1, h.h, h.m, 0, 0, now.Location())
	}
	return at
}

// cron says the same as a table of periodic tasks does.
func (h hour) cron() string { return fmt.Sprintf("%d %d * * *", h.m, h.h) }
