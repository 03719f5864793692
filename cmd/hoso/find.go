package main

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

// finding is a question to the service, in the API's form.
type finding struct {
	Number string         `json:"number,omitempty"`
	Text   string         `json:"text,omitempty"`
	Unit   string         `json:"unit,omitempty"`
	State  pipeline.State `json:"state,omitempty"`
	From   string         `json:"from,omitempty"`
	To     string         `json:"to,omitempty"`
	Order  pipeline.Order `json:"order,omitempty"`
	Limit  int            `json:"limit,omitempty"`
	After  string         `json:"after,omitempty"`
}

func (a *app) findCommand() *cobra.Command {
	var q finding
	var ranked bool
	cmd := &cobra.Command{
		Use:   "find [NUMBER]",
		Short: "Find papers by dossier number (any form, or its beginning) or by words",
		Args:  usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				q.Number = args[0]
			}
			if ranked {
				q.Order = pipeline.Ranked
			}
			return a.find(cmd.Context(), newClient(cfg), q)
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.Text, "text", "", "words, with or without tone marks; \"in quotes\" a phrase")
	f.StringVar(&q.Unit, "unit", "", "owning unit and all below it, such as H42")
	f.StringVar(&q.From, "from", "", "received on this day or later (2006-01-02)")
	f.StringVar(&q.To, "to", "", "received on this day or earlier")
	f.IntVar(&q.Limit, "limit", 20, "at most so many")
	f.BoolVar(&ranked, "ranked", false, "best first instead of newest first")
	return cmd
}

// find prints what is found; finding nothing is exit code 4.
func (a *app) find(ctx context.Context, c *client, q finding) error {
	var found pipeline.Found
	if err := c.post(ctx, "/find", q, &found); err != nil {
		return err
	}
	for _, hit := range found.Hits {
		if err := a.printPaper(hit.Paper); err != nil {
			return err
		}
		if a.json || len(hit.Snippet) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(a.out, "    %s\n", marked(hit.Snippet)); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	if len(found.Hits) == 0 {
		return nothingFound{}
	}
	if !a.json && found.Total > len(found.Hits) {
		if _, err := fmt.Fprintf(a.out, "%d of %d\n", len(found.Hits), found.Total); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	return nil
}

// nothingFound says so, and how to ask better.
type nothingFound struct{}

func (nothingFound) Error() string {
	return "nothing found; a number is found whole or by its beginning from the unit on (H42.15-22), words by --text"
}

func (nothingFound) Unwrap() error { return fs.ErrNotExist }

// marked prints a snippet on one line, what matched in brackets.
func marked(s pipeline.Snippet) string {
	var b strings.Builder
	for _, part := range s {
		if part.Match {
			b.WriteString("[" + part.Text + "]")
		} else {
			b.WriteString(part.Text)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
