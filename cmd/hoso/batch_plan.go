package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"hoso/pipeline"
	"hoso/workers/batch"
)

// plan tells what a run would make of a tree, and does nothing.
func (a *app) plan(ctx context.Context, b batching, dir string) error {
	e, err := a.engine(nil, b, dir)
	if err != nil {
		return err
	}
	p, err := e.Preview(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.out)
	if a.json {
		err = planned(p).objects(json.NewEncoder(out))
	} else {
		err = planned(p).lines(out)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	if len(p.Held) > 0 {
		return quiet{exitPerson}
	}
	return nil
}

// planned is a plan to be told.
type planned batch.Preview

// plannedLine is a paper, something held, a row of an inventory that needs a look, a folder
// of a dossier in which nothing was scanned, or the totals, for programs.
type plannedLine struct {
	Dossier string           `json:"dossier,omitempty"`
	Kind    pipeline.Kind    `json:"kind,omitempty"`
	Called  string           `json:"called,omitempty"`
	Files   []string         `json:"files,omitempty"`
	Held    *pipeline.Reason `json:"held,omitempty"`
	Row     *plannedRow      `json:"row,omitempty"`
	Empty   string           `json:"folder_without_scans,omitempty"`
	Totals  *plannedTotals   `json:"totals,omitempty"`
}

// plannedRow is where a row of an inventory stands, and what is amiss with it.
type plannedRow struct {
	List  string          `json:"list"`
	Sheet string          `json:"sheet,omitempty"`
	Line  int32           `json:"line"`
	Why   pipeline.Reason `json:"why"`
}

// plannedTotals are a plan in numbers: files found are those of papers, held and ignored.
type plannedTotals struct {
	Files    int `json:"files"`
	OfPapers int `json:"files_of_papers"`
	Held     int `json:"files_held"`
	Ignored  int `json:"files_ignored"`
	Papers   int `json:"papers"`
	Dossiers int `json:"dossiers"`
	Unnamed  int `json:"papers_without_number"` // to be read from the paper
	Rows     int `json:"rows_amiss"`            // of inventories
	Empty    int `json:"folders_without_scans"`
}

func (p planned) totals() plannedTotals {
	t := plannedTotals{Files: p.Files, Papers: len(p.Papers), Ignored: len(p.Ignored), Rows: len(p.Rows), Empty: len(p.Empty)}
	dossiers := map[string]bool{}
	for _, one := range p.Papers {
		t.OfPapers += len(one.Files)
		if one.Number.IsZero() {
			t.Unnamed++
			continue
		}
		dossiers[one.Number.Key()] = true
	}
	for _, h := range p.Held {
		t.Held += len(h.Files)
	}
	t.Dossiers = len(dossiers)
	return t
}

func (p planned) objects(out *json.Encoder) error {
	for _, one := range p.Papers {
		if err := out.Encode(plannedLine{Dossier: one.Number.String(), Kind: one.Kind, Called: one.Called, Files: texts(one.Files)}); err != nil {
			return err
		}
	}
	for _, h := range p.Held {
		if err := out.Encode(plannedLine{Files: texts(h.Files), Held: &h.Reason}); err != nil {
			return err
		}
	}
	for _, n := range p.Rows {
		list := p.Lists[n.Row.List]
		if err := out.Encode(plannedLine{Row: &plannedRow{pipeline.PathText(list.Path), list.Sheet, n.Row.Line, n.Reason}}); err != nil {
			return err
		}
	}
	for _, folder := range p.Empty {
		if err := out.Encode(plannedLine{Empty: pipeline.PathText(folder)}); err != nil {
			return err
		}
	}
	totals := p.totals()
	return out.Encode(plannedLine{Totals: &totals})
}

// texts gives paths as they may stand in JSON.
func texts(paths []string) []string {
	all := make([]string, 0, len(paths))
	for _, path := range paths {
		all = append(all, pipeline.PathText(path))
	}
	return all
}

// lines tells a plan to people: dossier by dossier, then what would be held and why, then
// the totals.
func (p planned) lines(out io.Writer) error {
	say := sayer{out: out}
	last := ""
	for _, one := range p.Papers {
		number := one.Number.String()
		if one.Number.IsZero() {
			number = "(number to be read from the paper)"
		}
		if number != last {
			say.line("%s", number)
			last = number
		}
		say.line("    %-9s  %s", one.Kind, severalFiles(one.Files))
	}
	for _, h := range p.Held {
		say.line("HELD: %s\n    %s\n    %s", severalFiles(h.Files), h.Reason.Code, shown(h.Reason.Vietnamese))
	}
	for _, n := range p.Rows {
		say.line("ROW %d of %s: %s\n    %s", n.Row.Line, pipeline.ShownPath(pipeline.PathText(p.Lists[n.Row.List].Path)), n.Reason.Code, shown(n.Reason.Vietnamese))
	}
	for _, folder := range p.Empty {
		say.line("NOTHING SCANNED in %s", pipeline.ShownPath(pipeline.PathText(folder)))
	}
	t := p.totals()
	say.line("files found %d = of papers %d + held %d + ignored %d", t.Files, t.OfPapers, t.Held, t.Ignored)
	say.line("papers %d of %d dossiers, %d of them with the number still to be read", t.Papers, t.Dossiers, t.Unnamed)
	if !p.Whole {
		say.line("the tree changed while it was looked at; look again")
	}
	return say.err
}

// sayer writes lines until one cannot be written.
type sayer struct {
	out io.Writer
	err error
}

func (s *sayer) line(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.out, format+"\n", args...)
	}
}

// severalFiles names the first file and how many more there are.
func severalFiles(files []string) string {
	if len(files) == 1 {
		return pipeline.ShownPath(pipeline.PathText(files[0]))
	}
	return fmt.Sprintf("%s and %d more", pipeline.ShownPath(pipeline.PathText(files[0])), len(files)-1)
}
