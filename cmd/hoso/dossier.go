package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

// dossierAsked is a question about a dossier, in the API's form.
type dossierAsked struct {
	Number    string `json:"number"`
	Owner     string `json:"owner,omitempty"`
	Procedure string `json:"procedure,omitempty"`
	Paper     string `json:"paper,omitempty"`
	Component string `json:"component,omitempty"`
}

func (a *app) dossierCommand() *cobra.Command {
	var q dossierAsked
	cmd := &cobra.Command{
		Use:   "dossier NUMBER",
		Short: "What a dossier lacks, has, uses again, and what its owner has already",
		Long: "Show how a dossier (hồ sơ) stands: what its procedure asks for, which papers are there, which\n" +
			"papers of other dossiers it uses again, and what its owner has besides, to be used with\n" +
			"hoso dossier reuse instead of scanning it once more.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: a.withService(func(ctx context.Context, c *client, args []string) error {
			q.Number = args[0]
			var sheet pipeline.DossierSheet
			if err := c.post(ctx, "/dossiers/show", q, &sheet); err != nil {
				return err
			}
			return a.printSheet(sheet)
		}),
	}
	owned(cmd, &q)
	cmd.AddCommand(a.reuseCommand(), a.withdrawCommand())
	return cmd
}

func owned(cmd *cobra.Command, q *dossierAsked) {
	cmd.Flags().StringVar(&q.Owner, "owner", "", "the owner's number, of a citizen or for tax (default: what the papers say)")
	cmd.Flags().StringVar(&q.Procedure, "procedure", "", "code of the procedure, such as 1.005129 (default: what the papers say)")
}

func (a *app) reuseCommand() *cobra.Command {
	var q dossierAsked
	cmd := &cobra.Command{
		Use:   "reuse NUMBER ID",
		Short: "Let a dossier use a paper that its owner has already",
		Args:  usage(cobra.ExactArgs(2)),
		RunE: a.withService(func(ctx context.Context, c *client, args []string) error {
			q.Number, q.Paper = args[0], args[1]
			return a.reused(ctx, c, "/dossiers/reuse", q)
		}),
	}
	owned(cmd, &q)
	cmd.Flags().StringVar(&q.Component, "component", "", "what the paper is in the procedure, by code or name (default: as offered)")
	return cmd
}

func (a *app) withdrawCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "withdraw REUSE",
		Short: "End a reuse that was a mistake",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: a.withService(func(ctx context.Context, c *client, args []string) error {
			return a.reused(ctx, c, "/dossiers/withdraw", map[string]string{"reuse": args[0]})
		}),
	}
}

// reused asks for a change of what is used again and prints what came of it.
func (a *app) reused(ctx context.Context, c *client, path string, q any) error {
	var one pipeline.Reuse
	if err := c.post(ctx, path, q, &one); err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(one)
	}
	_, err := fmt.Fprintln(a.out, reuseLine(one, pipeline.Paper{}))
	return err
}

func reuseLine(one pipeline.Reuse, kept pipeline.Paper) string {
	line := fmt.Sprintf("%s  %s  paper %s", one.ID, one.Dossier, one.Paper)
	if !kept.Dossier.IsZero() {
		line += " of " + kept.Dossier.String()
	}
	if one.Component != "" {
		line += "  as " + shown(one.Component)
	}
	if !one.Standing() {
		line += "  (withdrawn)"
	}
	return line
}

func (a *app) printSheet(s pipeline.DossierSheet) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(s)
	}
	if _, err := fmt.Fprint(a.out, shown(sheetText(s))); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	for _, p := range s.Papers {
		if err := a.printPaper(p); err != nil {
			return err
		}
	}
	return nil
}

func procedureText(s pipeline.DossierSheet) string {
	switch {
	case s.Entry.Code != "":
		return s.Entry.Code + " " + s.Entry.Name
	case s.Procedure.Value != "":
		return "procedure " + s.Procedure.Value + " is not in the list for that day"
	}
	return "procedure not known"
}

func sheetText(s pipeline.DossierSheet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", s.Number, procedureText(s))
	for _, n := range s.Needs {
		fmt.Fprintf(&b, "%-8s  %s", n.State, n.Spec.Name)
		for _, id := range n.Papers {
			fmt.Fprintf(&b, "  %s", id)
		}
		b.WriteByte('\n')
	}
	for _, r := range s.Reuses {
		fmt.Fprintf(&b, "reused    %s\n", reuseLine(r.Reuse, r.Kept))
	}
	for _, o := range s.Offers {
		fmt.Fprintf(&b, "offered   %s  %s", o.Paper.ID, o.Paper.Field(pipeline.FieldClass).Value)
		if o.Component != "" {
			fmt.Fprintf(&b, "  as %s", o.Component)
		}
		if o.Missing {
			b.WriteString("  (missing)")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
