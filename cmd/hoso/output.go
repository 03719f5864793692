package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"hoso/pipeline"
	"hoso/workers/document"
)

// shortNames lets scripts say --lang and --jobs.
func shortNames(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch name {
	case "lang":
		name = "languages"
	case "jobs":
		name = "readers"
	}
	return pflag.NormalizedName(name)
}

// bars shows progress on a terminal and keeps still elsewhere.
type bars struct {
	screen *mpb.Progress
	what   string
}

func (a *app) bar(what string) *bars {
	file, ok := a.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &bars{}
	}
	return &bars{screen: mpb.New(mpb.WithOutput(a.err)), what: what}
}

// file gives the function that is told of the pages of one file.
func (b *bars) file(path string) func(done, total int) {
	if b.screen == nil {
		return nil
	}
	var bar *mpb.Bar
	return func(done, total int) {
		if bar == nil {
			bar = b.screen.AddBar(int64(total),
				mpb.PrependDecorators(decor.Name(pipeline.SafeName(path)+" "), decor.CountersNoUnit("%d / %d "+b.what)),
				mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)))
		}
		bar.SetCurrent(int64(done))
	}
}

func (b *bars) end() {
	if b.screen != nil {
		b.screen.Shutdown()
	}
}

// writeText writes the text of all pages, a form feed between two of them.
func writeText(path string, parts []document.Part) error {
	if path == "" {
		return nil
	}
	return create(path, func(out io.Writer) error {
		for i, part := range parts {
			text, err := part.Folder.Text(part.Pages)
			if err != nil {
				return err
			}
			if i > 0 {
				text = "\f" + text
			}
			if _, err := io.WriteString(out, text); err != nil {
				return err
			}
		}
		_, err := io.WriteString(out, "\n")
		return err
	})
}

// writeWords writes all pages with words, boxes and confidences as one JSON array,
// a page at a time.
func writeWords(path string, parts []document.Part) error {
	if path == "" {
		return nil
	}
	return create(path, func(out io.Writer) error {
		number := 0
		for _, part := range parts {
			for n := 1; n <= part.Pages; n++ {
				p, err := part.Folder.Page(n)
				if err != nil {
					return err
				}
				number++
				p.Number = number
				if err := writePage(out, p); err != nil {
					return err
				}
			}
		}
		_, err := io.WriteString(out, "]\n")
		return err
	})
}

func writePage(out io.Writer, p pipeline.Page) error {
	before := ","
	if p.Number == 1 {
		before = "["
	}
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n%s", before, line)
	return err
}

func create(path string, write func(io.Writer) error) error {
	file, err := os.Create(path) //nolint:gosec // the user names it
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// beside makes an empty file in the folder of path, which takes the name of path when
// it is whole. It is as open to others as the user's umask lets new files be, no more.
func beside(path string) (*os.File, error) {
	name := filepath.Join(filepath.Dir(path), ".hoso-"+rand.Text())
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666) //nolint:gosec // the user names the folder, and his umask the rights
}
