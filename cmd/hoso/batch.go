package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers/batch"
)

// batching is what the batch command was asked to do.
type batching struct {
	label   string
	mapping string
	until   string
	reports []string
	watch   bool
	ahead   int
	rescan  time.Duration
	print   bool
	plan    bool
}

func (a *app) batchCommand() *cobra.Command {
	var b batching
	cmd := &cobra.Command{
		Use:   "batch DIR",
		Short: "Hand in a tree of folders and see it through; may be stopped and begun again at will",
		Args: usage(func(cmd *cobra.Command, args []string) error {
			if b.print {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			if b.print {
				_, err := a.out.Write(shelf.Shipped())
				return err
			}
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if err := notData(args[0], cfg.Data); cfg.Server == "" && err != nil {
				return err
			}
			if b.plan {
				return a.plan(cmd.Context(), b, args[0])
			}
			return a.batch(cmd.Context(), newClient(cfg), b, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&b.label, "batch", "", "label of the batch; without it one made of the folder's name")
	f.StringVar(&b.mapping, "mapping", "", "file that says what folders and names mean, as --print-mapping prints it")
	f.BoolVar(&b.print, "print-mapping", false, "print the mapping that comes with hoso, and end")
	f.BoolVar(&b.plan, "plan", false, "only tell what papers the folder would become and what would be held, and end")
	f.StringVar(&b.until, "until", "", "stop at that time of day, such as 06:00; the next run goes on from there, and the last line says how many files are left for it")
	f.StringArrayVar(&b.reports, "report", nil, "write the morning report to this file, .html or .json; may be given again")
	f.BoolVar(&b.watch, "watch", false, "go on for ever, and take in what comes into the folder")
	f.DurationVar(&b.rescan, "rescan", 0, "pause between two looks at the folder, since network shares tell nothing (default 1m)")
	f.IntVar(&b.ahead, "ahead", 0, "papers handed in ahead of the work (default 64)")
	return cmd
}

func (a *app) batch(ctx context.Context, c *client, b batching, dir string) error {
	if err := checkReports(b.reports); err != nil {
		return err
	}
	e, err := a.engine(c, b, dir)
	if err != nil {
		return err
	}
	done, sure, err := aloneWith(e.Label, e.Root)
	if err != nil {
		return explainShelf(err, e.Label)
	}
	defer done()
	e.Ledger = shelfLedger{c, sure}
	show := a.shelfProgress(e.Label)
	e.Tell = show.tell
	run, err := e.Run(ctx)
	show.end()
	if err != nil && !errors.Is(err, context.Canceled) {
		return explainShelf(err, e.Label)
	}
	return a.batchEnd(context.WithoutCancel(ctx), c, b, e.Label, run)
}

// engine makes what works a shelf off through a service.
func (a *app) engine(c *client, b batching, dir string) (*batch.Engine, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", dir, err)
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, usageError{errors.Join(fmt.Errorf("%s is no folder", shown(dir)), err)}
	}
	label, err := labelOf(b.label, root)
	if err != nil {
		return nil, usageError{err}
	}
	mapping, err := mappingIn(b.mapping)
	if err != nil {
		return nil, err
	}
	var until time.Time
	if b.until != "" {
		at, err := hourOf(b.until)
		if err != nil {
			return nil, usageError{err}
		}
		until = at.next(time.Now())
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("naming this machine: %w", err)
	}
	return &batch.Engine{
		Desk: shelfDesk{c}, Tables: tables, Root: root, Host: host, Label: label, Mapping: mapping,
		Until: until, Ahead: b.ahead, Rescan: b.rescan, Watch: b.watch, Now: time.Now, Log: slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}, nil
}

// checkReports refuses names of which nobody can tell the form, and places where nothing
// can be written: better now than after a night.
func checkReports(files []string) error {
	for _, file := range files {
		if _, err := formOf(file); err != nil {
			return usageError{err}
		}
		out, err := beside(file)
		if err == nil {
			err = errors.Join(out.Close(), os.Remove(out.Name()))
		}
		if err != nil {
			return usageError{fmt.Errorf("no report can be written to %s: %w", shown(file), err)}
		}
	}
	return nil
}

func formOf(file string) (string, error) {
	switch ending := strings.ToLower(filepath.Ext(file)); ending {
	case ".html", ".htm":
		return "html", nil
	case ".json":
		return "json", nil
	}
	return "", fmt.Errorf("%s: a report is a .html or a .json file", shown(file))
}

func explainShelf(err error, label string) error {
	switch {
	case errors.Is(err, pipeline.ErrRunLives):
		return fmt.Errorf("batch %s is being worked off already, here or on another machine; wait for its end, or stop it there: %w", label, err)
	case errors.Is(err, pipeline.ErrShelfTaken):
		return usageError{fmt.Errorf("batch %s is another folder's; give this one a label of its own with --batch: %w", label, err)}
	}
	return err
}

// batchEnd says how it stands, writes the reports, and ends with the gravest of what there
// is to say.
func (a *app) batchEnd(ctx context.Context, c *client, b batching, label string, run pipeline.Run) error {
	var told batchStatus
	if err := c.get(ctx, batchPath(label), &told); err != nil {
		return err
	}
	if err := a.printBatch(told); err != nil {
		return err
	}
	for _, file := range b.reports {
		if err := writeReport(ctx, c, label, file); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(a.err, "hoso: report in %s\n", shown(file)); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	if _, err := fmt.Fprint(a.err, leftOver(run, told.Balance)); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	switch balance := told.Balance; {
	case !balance.Even():
		return errors.New("the totals do not balance; the report says where")
	case run.How == pipeline.RunStopped:
		return quiet{exitFailed}
	case balance.Waiting+balance.Held > 0:
		return quiet{exitPerson}
	case balance.Refused+balance.Rejected > 0:
		return quiet{exitRefused}
	}
	return nil
}

// leftOver is the line that says what a run left because its hour had come, "" if nothing.
// That is no failure: it stopped when it was told to, and nobody need do anything.
func leftOver(run pipeline.Run, b pipeline.ShelfBalance) string {
	if run.How != pipeline.RunUntil || b.ToDo+b.Open == 0 {
		return ""
	}
	return fmt.Sprintf("hoso: the hour has come: files left for the next run %d, which goes on there; in work, and ended without it %d\n", b.ToDo, b.Open)
}

// reporting is how long a report is asked for again while those of other batches are made:
// shelves that end at one hour want theirs at once, and each may take that long.
const reporting = 3 * time.Hour

// writeReport writes the morning report, whole or not at all.
func writeReport(ctx context.Context, c *client, label, file string) error {
	form, err := formOf(file)
	if err != nil {
		return err
	}
	answer, err := c.await(ctx, batchPath(label)+"/report?form="+form, reporting)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	out, err := beside(file)
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	_, err = io.Copy(out, answer.Body)
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(out.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, errors.Join(err, os.Remove(out.Name())))
	}
	return nil
}
