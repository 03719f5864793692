package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hoso/pipeline"
)

// batchStatus is what a service says of a batch.
type batchStatus struct {
	Shelf   pipeline.Shelf        `json:"shelf"`
	Runs    []pipeline.Run        `json:"runs"`
	Balance pipeline.ShelfBalance `json:"balance"`

	Empty *pipeline.EmptyFolders `json:"empty,omitempty"` // nil for who may not know of folders
}

// batchStatus tells how a batch stands.
func (a *app) batchStatus(ctx context.Context, c *client, label string) error {
	label, err := pipeline.ParseBatch(label)
	if err != nil {
		return usageError{err}
	}
	var told batchStatus
	if err := c.get(ctx, batchPath(label), &told); err != nil {
		return err
	}
	return a.printBatch(told)
}

func (a *app) printBatch(told batchStatus) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(told)
	}
	if _, err := fmt.Fprint(a.out, told.lines()); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// lines is the status for people.
func (s batchStatus) lines() string {
	var out strings.Builder
	b := s.Balance
	fmt.Fprintf(&out, "batch %s: %s\n", s.Shelf.Label, shown(s.Shelf.Root))
	if r := s.Shelf.Run; r.N > 0 {
		fmt.Fprintf(&out, "run %d: began %s, %s\n", r.N, clock(r.Began), ending(r))
	}
	sign := "="
	if !b.Even() {
		sign = "≠"
	}
	fmt.Fprintf(&out, "files found %d %s filed %d + waiting for a person %d + rejected %d + in work %d + refused %d + held %d + ignored %d + still to do %d\n",
		b.Found, sign, b.Filed, b.Waiting, b.Rejected, b.Open, b.Refused, b.Held, b.Ignored, b.ToDo)
	if b.Missing > 0 {
		fmt.Fprintf(&out, "%d FILES WERE RECEIVED AND THEIR PAPERS ARE NOT IN THE CATALOG\n", b.Missing)
	}
	if b.Gone > 0 {
		fmt.Fprintf(&out, "%d files that were never received are there no more\n", b.Gone)
	}
	if s.Empty != nil && s.Empty.Count() > 0 {
		fmt.Fprintf(&out, "folders of dossiers without any scan %d\n", s.Empty.Count())
	}
	p := b.Papers
	fmt.Fprintf(&out, "papers %d = filed %d + waiting for a person %d + rejected %d + in work %d; %d pages, %d dossiers\n",
		p.Received, p.Filed, p.Waiting, p.Rejected, p.Open, b.Pages, b.Dossiers)
	return out.String()
}

func ending(r pipeline.Run) string {
	end := map[pipeline.RunEnd]string{
		pipeline.RunDone: "done", pipeline.RunUntil: "its hour had come", pipeline.RunStopped: "stopped", pipeline.RunLost: "cut off",
	}[r.How]
	if end == "" {
		return "at work, last heard of " + clock(r.Beat)
	}
	return end + " " + clock(r.Ended)
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }
