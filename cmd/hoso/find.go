package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

// finding is a question to the service, in the API's form.
type finding struct {
	Box    string         `json:"box,omitempty"`
	Number string         `json:"number,omitempty"` // and nothing else, whatever is typed
	Text   string         `json:"text,omitempty"`
	Unit   string         `json:"unit,omitempty"`
	State  pipeline.State `json:"state,omitempty"`
	Class  string         `json:"class,omitempty"`
	Batch  string         `json:"batch,omitempty"`
	Issued string         `json:"issued,omitempty"`
	From   string         `json:"from,omitempty"`
	To     string         `json:"to,omitempty"`
	Order  pipeline.Order `json:"order,omitempty"`
	Limit  int            `json:"limit,omitempty"`
	After  string         `json:"after,omitempty"`
}

func (a *app) findCommand() *cobra.Command {
	var q finding
	var ranked, table bool
	cmd := &cobra.Command{
		Use:   "find [WHAT...]",
		Short: "Find papers by number (any form, whole or a part), owner, document number or words",
		Long: `Find papers by what a person would type: a dossier number in any form, its beginning, middle or end;
an owner's national ID; the number and symbol of a document; a day; a name or other words, with or
without tone marks. One wrong letter of a word is forgiven.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			q.Box = strings.Join(args, " ")
			if ranked {
				q.Order = pipeline.Ranked
			}
			if table {
				return a.findTable(cmd.Context(), newClient(cfg), q)
			}
			return a.find(cmd.Context(), newClient(cfg), q)
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.Text, "text", "", "these very words, with or without tone marks; \"in quotes\" a phrase")
	f.StringVar(&q.Unit, "unit", "", "owning unit and all below it, such as H42")
	f.StringVar(&q.Class, "class", "", "class of the paper, such as khai-sinh")
	f.StringVar(&q.Batch, "batch", "", "label of the batch that it came with")
	f.StringVar((*string)(&q.State), "state", "", "where it stands, such as confirming or filed")
	f.StringVar(&q.Issued, "issued", "", "day on the paper, or its month or year (2006-01-02, 2006-01, 2006)")
	f.StringVar(&q.From, "from", "", "received on this day or later (2006-01-02)")
	f.StringVar(&q.To, "to", "", "received on this day or earlier")
	f.IntVar(&q.Limit, "limit", 20, "at most so many")
	f.BoolVar(&ranked, "ranked", false, "best first instead of newest first")
	f.BoolVar(&table, "csv", false, "all of them, up to 10,000, as a CSV table for spreadsheets")
	return cmd
}

// findTable prints all that is found as CSV.
func (a *app) findTable(ctx context.Context, c *client, q finding) error {
	q.Limit = 0
	body, err := json.Marshal(q)
	if err != nil {
		return fmt.Errorf("asking the service: %w", err)
	}
	answer, err := c.ask(ctx, http.MethodPost, "/find/export", bytes.NewReader(body), http.Header{"Content-Type": {"application/json"}})
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	if _, err := io.Copy(a.out, answer.Body); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
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
		return nothingFound{found.Perhaps}
	}
	if a.json {
		return nil
	}
	if _, err := fmt.Fprint(a.out, tally(found)); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// tally says how many papers there are and what was looked for.
func tally(found pipeline.Found) string {
	var said []string
	if found.Total > len(found.Hits) {
		said = append(said, fmt.Sprintf("%d of %d", len(found.Hits), found.Total))
	}
	if found.Near > 0 {
		said = append(said, fmt.Sprintf("the last %d have a letter wrong", found.Near))
	}
	for _, m := range found.Meanings {
		switch what := fmt.Sprintf("%s (%s)", m.Kind, m.Part); {
		case m.Used:
			said = append(said, "searched as "+what)
		case m.More:
			said = append(said, fmt.Sprintf("as %s: %d or more", what, m.Total))
		case m.Total > 0:
			said = append(said, fmt.Sprintf("as %s: %d", what, m.Total))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, "; ") + "\n"
}

// nothingFound says so, and how to ask better.
type nothingFound struct{ perhaps []string }

func (n nothingFound) Error() string {
	if len(n.perhaps) > 0 {
		return "nothing found; one digit away: " + strings.Join(n.perhaps, ", ")
	}
	return "nothing found; fewer words or a part of the number may find more"
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
