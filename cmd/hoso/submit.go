package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

// submitting is what the submit command was asked to do.
type submitting struct {
	dossier string
	kind    string
	lane    string
	batch   string
	wait    bool
	one     bool // the files are one paper
	collate string
}

func (a *app) submitCommand() *cobra.Command {
	var s submitting
	cmd := &cobra.Command{
		Use:   "submit FILE...",
		Short: "Hand papers in; each gets a receipt once its bytes are durable",
		Args:  usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if s.collate != "" && (!s.one || len(args) != 2) {
				return usageError{errors.New("--collate wants --together and two files: the fronts, then the backs")}
			}
			if _, err := pipeline.ParseCollation(s.collate); err != nil {
				return usageError{err}
			}
			if s.one && len(args) > 1 {
				file, done, err := together(args)
				if err != nil {
					return err
				}
				defer done()
				args = []string{file}
			}
			return a.submit(cmd.Context(), newClient(cfg), s, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&s.dossier, "dossier", "", "dossier number (mã số hồ sơ); without it hoso looks for one on the paper")
	f.StringVar(&s.kind, "kind", "component", "component, output or result")
	f.StringVar(&s.lane, "lane", "desk", "desk or batch")
	f.StringVar(&s.batch, "batch", "", "label of the batch, such as dem-2026-11-28, to find its papers by")
	f.BoolVar(&s.one, "together", false, "the files are the pages of one paper, in this order")
	f.StringVar(&s.collate, "collate", "", "the two files are the fronts and the backs of sheets; the backs came in the same or in reverse order")
	f.BoolVar(&s.wait, "wait", false, "wait until every paper, of stacks all that they are parted into, is filed, refused, or waits for a person")
	return cmd
}

// submit hands in every file, also after one was refused, and ends with the gravest
// of what happened.
func (a *app) submit(ctx context.Context, c *client, s submitting, files []string) error {
	var worst error
	var received []pipeline.PaperID
	for _, file := range files {
		receipt, err := c.submit(ctx, s, file)
		if err != nil {
			worst = worse(worst, err)
			if err := a.complain(file, err); err != nil {
				return err
			}
			continue
		}
		received = append(received, receipt.ID)
		if s.wait {
			continue
		}
		if err := a.printReceipt(file, receipt); err != nil {
			return err
		}
	}
	if s.wait {
		for _, id := range received {
			end, err := a.await(ctx, c, id)
			if err != nil {
				return err
			}
			worst = worse(worst, end)
		}
	}
	if worst == nil {
		return nil
	}
	return quiet{exitCode(worst)}
}

// await waits for what was handed in, tells of it, and gives the gravest end. A stack is
// several papers: those that were parted from it are waited for, too, and the one that
// the pages of a merged paper are in now.
func (a *app) await(ctx context.Context, c *client, id pipeline.PaperID) (worst, _ error) {
	all := []pipeline.PaperID{id}
	for i := 0; i < len(all); i++ { // each may name more
		p, err := c.settled(ctx, all[i])
		if err != nil {
			return nil, err
		}
		if err := a.printPaper(p); err != nil {
			return nil, err
		}
		worst = worse(worst, outcome(p))
		for _, more := range append(slices.Clip(p.Parts), p.Into) {
			if more != "" && !slices.Contains(all, more) {
				all = append(all, more)
			}
		}
	}
	return worst, nil
}

func (c *client) submit(ctx context.Context, s submitting, path string) (pipeline.Receipt, error) {
	file, err := openPlain(path)
	if err != nil {
		return pipeline.Receipt{}, fmt.Errorf("submitting: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	info, err := file.Stat()
	if err != nil {
		return pipeline.Receipt{}, fmt.Errorf("submitting: %w", err)
	}
	header := http.Header{
		"Content-Type":   {"application/octet-stream"},
		"Content-Length": {strconv.FormatInt(info.Size(), 10)},
		"Hoso-File-Name": {url.PathEscape(filepath.Base(path))},
		"Hoso-Dossier":   {s.dossier},
		"Hoso-Kind":      {s.kind},
		"Hoso-Lane":      {s.lane},
		"Hoso-Batch":     {s.batch},
		"Hoso-Collate":   {s.collate},
	}
	var receipt pipeline.Receipt
	err = c.send(ctx, "/papers", file, header, &receipt)
	return receipt, err
}

// openPlain opens a file that somebody names. Folders and devices have no bytes of their
// own, and a pipe would be waited for in vain, deaf to every interruption.
func openPlain(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, usageError{errors.New("it is a folder or a device, not a file")}
	}
	return os.Open(path) //nolint:gosec // the user names it
}

// settled waits until hoso has nothing left to do on a paper by itself.
func (c *client) settled(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, error) {
	look := time.NewTicker(300 * time.Millisecond)
	defer look.Stop()
	for {
		var p pipeline.Paper
		if err := c.get(ctx, "/papers/"+string(id), &p); err != nil {
			return p, err
		}
		if !p.State.Open() {
			return p, nil
		}
		select {
		case <-ctx.Done():
			return p, ctx.Err()
		case <-look.C:
		}
	}
}

// outcome is how a settled paper counts for the exit code.
func outcome(p pipeline.Paper) error {
	switch {
	case p.Into != "": // the paper that has its pages counts
		return nil
	case p.State == pipeline.Rejected:
		return pipeline.Refuse(p.Reason, nil)
	case p.State.Waiting():
		return quiet{exitPerson}
	}
	return nil
}

// worse gives the graver of two ends: a failure before a refusal, a refusal before
// what a person must settle.
func worse(a, b error) error {
	rank := map[int]int{exitDone: 0, exitPerson: 1, exitRefused: 2, exitNotFound: 3, exitUsage: 4, exitFailed: 5, exitUnreachable: 6}
	if rank[exitCode(b)] > rank[exitCode(a)] {
		return b
	}
	return a
}

func (a *app) complain(file string, err error) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(map[string]any{"file": file, "error": err.Error(), "exit": exitCode(err)})
	}
	_, printed := fmt.Fprintf(a.err, "hoso: %s: %s\n", shown(file), explain(err))
	return printed
}

func (a *app) printReceipt(file string, r pipeline.Receipt) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(r)
	}
	again := ""
	if r.Again {
		again = " (received before)"
	}
	_, err := fmt.Fprintf(a.out, "%s  %s  %d bytes  sha256 %.16s…  %s%s\n", r.ID, shown(file), r.Size, r.Digest, r.State, again)
	return err
}

// printPaper prints one line, or one JSON object, about a paper.
func (a *app) printPaper(p pipeline.Paper) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(p)
	}
	number := p.Dossier.String()
	if number == "" {
		number = "(no number)"
	}
	_, err := fmt.Fprintf(a.out, "%s  %-26s  %-9s  %-10s  %3d p.  %s\n", p.ID, number, p.Kind, p.State, p.Pages, p.FileName)
	if err == nil && !p.Reason.IsZero() {
		_, err = fmt.Fprintf(a.out, "    %s: %s\n", p.Reason.Code, p.Reason.Vietnamese)
	}
	return err
}
