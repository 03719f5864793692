package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/workers"
)

func (a *app) verifyCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "verify [ID... | FILE.pdf... | --all]",
		Short: "Check what a stranger would: fixity, PDF/A, page images, signature",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if all == (len(args) > 0) {
				return usageError{errors.New("what? name papers or files, or say --all")}
			}
			v := &verifying{app: a, cfg: cfg, client: newClient(cfg)}
			if all {
				err = v.everything(cmd.Context())
			} else {
				err = v.named(cmd.Context(), args)
			}
			if err != nil {
				return err
			}
			return v.sum()
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every paper in the catalog")
	return cmd
}

// verifying counts verdicts.
type verifying struct {
	app       *app
	cfg       *config.Config
	client    *client
	good, bad int
}

// verdict is what is printed about one paper or file.
type verdict struct {
	ID      pipeline.PaperID       `json:"id,omitempty"`
	File    string                 `json:"file,omitempty"`
	Dossier pipeline.DossierNumber `json:"dossier,omitzero"`
	State   pipeline.State         `json:"state,omitempty"`
	Digest  pipeline.Digest        `json:"sha256,omitzero"`
	Pages   int                    `json:"pages"`
	Passed  bool                   `json:"passed"`
	Checks  []workers.Check        `json:"checks"`
}

func (v *verifying) named(ctx context.Context, args []string) error {
	for _, arg := range args {
		var err error
		if _, isFile := os.Stat(arg); isFile == nil {
			err = v.file(ctx, arg)
		} else {
			err = v.paper(ctx, pipeline.PaperID(arg))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) paper(ctx context.Context, id pipeline.PaperID) error {
	var p pipeline.Paper
	if err := v.client.get(ctx, "/papers/"+string(id), &p); err != nil {
		return err
	}
	out := verdict{ID: p.ID, Dossier: p.Dossier, State: p.State, Digest: p.Original, Pages: p.Pages}
	if err := v.client.get(ctx, "/papers/"+string(id)+"/verify", &out); err != nil {
		return err
	}
	return v.tell(out)
}

// everything asks for all papers, a screenful at a time.
func (v *verifying) everything(ctx context.Context) error {
	q := finding{Limit: 200}
	for {
		var found pipeline.Found
		if err := v.client.post(ctx, "/find", q, &found); err != nil {
			return err
		}
		for _, hit := range found.Hits {
			if err := v.paper(ctx, hit.Paper.ID); err != nil {
				return err
			}
		}
		if found.Next == "" {
			return nil
		}
		q.After = found.Next
	}
}

// file checks a PDF on this machine, without any service.
func (v *verifying) file(ctx context.Context, path string) error {
	file, err := os.Open(path) //nolint:gosec // the user names it
	if err != nil {
		return fmt.Errorf("verifying: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	digest, size, err := pipeline.SumReader(file)
	if err != nil {
		return err
	}
	k, err := keys(v.cfg)
	if err != nil {
		return err
	}
	examined, err := workers.Examine(ctx, file, size, k.trust)
	if err != nil {
		return err
	}
	return v.tell(verdict{File: path, Digest: digest, Pages: examined.Pages, Passed: examined.Good, Checks: examined.Checks})
}

func (v *verifying) tell(out verdict) error {
	if out.Passed {
		v.good++
	} else {
		v.bad++
	}
	if v.app.json {
		return json.NewEncoder(v.app.out).Encode(out)
	}
	word := map[bool]string{true: "good", false: "BAD"}
	name := out.File
	if name == "" {
		name = fmt.Sprintf("%s  %s  %s", out.ID, out.Dossier, out.State)
	}
	if _, err := fmt.Fprintf(v.app.out, "%-4s  %s\n", word[out.Passed], name); err != nil {
		return err
	}
	for _, c := range out.Checks {
		if _, err := fmt.Fprintf(v.app.out, "      %-4s  %-10s  %s\n", word[c.Passed], c.Name, c.English); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) sum() error {
	if v.bad == 0 {
		return nil
	}
	if !v.app.json {
		if _, err := fmt.Fprintf(v.app.out, "%d good, %d BAD\n", v.good, v.bad); err != nil {
			return err
		}
	}
	return quiet{exitFailed}
}
