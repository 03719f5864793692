package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

func (a *app) statusCommand() *cobra.Command {
	var dossier, batch string
	cmd := &cobra.Command{
		Use:   "status [ID]",
		Short: "State of a paper or a dossier, or totals that balance",
		Args:  usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			c := newClient(cfg)
			switch {
			case len(args) == 1:
				return a.paperStatus(cmd.Context(), c, args[0])
			case dossier != "":
				return a.find(cmd.Context(), c, finding{Number: dossier, Limit: 200})
			case batch != "":
				return a.batchStatus(cmd.Context(), c, batch)
			}
			return a.totals(cmd.Context(), c)
		},
	}
	cmd.Flags().StringVar(&dossier, "dossier", "", "dossier number")
	cmd.Flags().StringVar(&batch, "batch", "", "label of a batch")
	return cmd
}

// serviceStatus is the service's answer about itself.
type serviceStatus struct {
	pipeline.Balance
	Renewals *pipeline.Renewals  `json:"renewals,omitempty"`
	Reused   pipeline.ReuseCount `json:"reused"`
	Even     bool                `json:"even"`
	Demo     bool                `json:"demo"`
	Services []struct {
		Name    string `json:"name"`
		Healthy bool   `json:"healthy"`
		Say     string `json:"vietnamese"`
		English string `json:"english"`
	} `json:"services"`
	Limits []string `json:"limits"`
}

func (a *app) totals(ctx context.Context, c *client) error {
	var s serviceStatus
	if err := c.get(ctx, "/status", &s); err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(s)
	}
	_, err := fmt.Fprint(a.out, s.lines())
	return err
}

// lines is the answer for people.
func (s serviceStatus) lines() string {
	var b strings.Builder
	sign := "="
	if !s.Even {
		sign = "≠"
	}
	fmt.Fprintf(&b, "received %d %s filed %d + waiting for a person %d + rejected %d + in work %d\n",
		s.Received, sign, s.Filed, s.Waiting, s.Rejected, s.Open)
	if s.Reused.Papers > 0 {
		fmt.Fprintf(&b, "used again: %d papers in %d dossiers\n", s.Reused.Papers, s.Reused.Dossiers)
	}
	if s.Renewals != nil {
		fmt.Fprintln(&b, renewalLine(*s.Renewals))
	}
	for _, part := range s.Services {
		state := "ok"
		if !part.Healthy {
			state = "TROUBLE: " + part.English
		}
		fmt.Fprintf(&b, "%-11s  %s\n", part.Name, state)
	}
	if s.Demo {
		b.WriteString("signing with DEMONSTRATION KEYS: no legal value\n")
	}
	return b.String()
}

// renewalLine tells of the calendar of renewals.
func renewalLine(r pipeline.Renewals) string {
	line := fmt.Sprintf("renewals: %d due now", r.Due)
	switch {
	case r.Missing > 0 && r.Overdue > 0:
		line += fmt.Sprintf(" (%d incomplete, %d OVERDUE)", r.Missing, r.Overdue)
	case r.Missing > 0:
		line += fmt.Sprintf(" (%d incomplete)", r.Missing)
	case r.Overdue > 0:
		line += fmt.Sprintf(" (%d OVERDUE)", r.Overdue)
	}
	line += fmt.Sprintf(", %d within 12 months", r.Soon)
	if next := r.Next(); next.Records > 0 {
		line += fmt.Sprintf(", next %s (%d)", next.Month, next.Records)
	}
	return line
}

func (a *app) paperStatus(ctx context.Context, c *client, id string) error {
	if _, err := pipeline.ParsePaperID(id); err != nil {
		return fmt.Errorf("%w: %w", err, fs.ErrNotExist)
	}
	var p pipeline.Paper
	if err := c.get(ctx, "/papers/"+id, &p); err != nil {
		return err
	}
	if err := a.printPaper(p); err != nil || a.json {
		return err
	}
	if err := a.printArrival(p); err != nil {
		return err
	}
	if err := a.printAlike(ctx, c, id); err != nil {
		return err
	}
	var history struct {
		Events []pipeline.Event `json:"events"`
	}
	if err := c.get(ctx, "/papers/"+id+"/events", &history); err != nil {
		return err
	}
	for i, e := range history.Events {
		took := ""
		if i > 0 {
			took = fmt.Sprintf("+%.1f s", e.Time.Sub(history.Events[i-1].Time).Seconds())
		}
		if _, err := fmt.Fprintf(a.out, "    %s  %-9s  %-24s  %s\n", e.Time.Local().Format("2006-01-02 15:04:05"), took, e.What, e.Actor); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	return nil
}

// printArrival tells what the signatures of a file were worth when it came.
func (a *app) printArrival(p pipeline.Paper) error {
	at := p.Arrival
	if at.IsZero() {
		return nil
	}
	level, unknown := "", ""
	if at.Level != "" {
		level = ", PAdES " + at.Level
	}
	if at.Unknown {
		unknown = ", revocation unknown"
	}
	_, err := fmt.Fprintf(a.out, "    came with %d signature(s)%s: %s%s, judged %s\n", at.Signatures, level, at.Verdict, unknown,
		at.Judged.Local().Format("2006-01-02 15:04:05"))
	if wraps := p.Shelved().Wraps; err == nil && !wraps.IsZero() {
		_, err = fmt.Fprintf(a.out, "    the record carries the signed original, SHA-256 %s\n", wraps)
	}
	if err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// printAlike tells which papers look like one.
func (a *app) printAlike(ctx context.Context, c *client, id string) error {
	var like struct {
		Alike []struct {
			pipeline.Quality

			Paper   pipeline.PaperID       `json:"paper"`
			Dossier pipeline.DossierNumber `json:"dossier"`
			Kind    pipeline.LikenessKind  `json:"kind"`
			Score   float32                `json:"score"`
			Better  pipeline.PaperID       `json:"better"`
		} `json:"alike"`
		Hidden int `json:"hidden"`
	}
	if err := c.get(ctx, "/papers/"+id+"/alike", &like); err != nil {
		return err
	}
	for _, l := range like.Alike {
		better := ""
		switch l.Better {
		case "":
		case l.Paper:
			better = ", the better scan"
		default:
			better = ", the worse scan"
		}
		if _, err := fmt.Fprintf(a.out, "    looks like %s  %s  %s, %.0f %%%s\n", l.Paper, l.Dossier, l.Kind, l.Score, better); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	if like.Hidden > 0 {
		if _, err := fmt.Fprintf(a.out, "    looks like %d more, of other units\n", like.Hidden); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	return nil
}
