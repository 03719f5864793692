package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/report"
	"hoso/pipeline"
	"hoso/workers"
)

func (a *app) verifyCommand() *cobra.Command {
	var all bool
	var lang string
	cmd := &cobra.Command{
		Use:   "verify [ID... | FILE.pdf... | --all]",
		Short: "Check what a stranger would: fixity, PDF/A, page images, signatures",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if all == (len(args) > 0) {
				return usageError{errors.New("what? name papers or files, or say --all")}
			}
			v := &verifying{app: a, cfg: cfg, client: newClient(cfg), lang: report.Language(lang), brief: all}
			if v.lang != report.English && v.lang != report.Vietnamese {
				return usageError{fmt.Errorf("reading --lang %q: want vi or en", lang)}
			}
			if all {
				if err := v.everything(cmd.Context()); err != nil {
					return err
				}
			} else {
				v.named(cmd.Context(), args)
			}
			return v.sum()
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every paper in the catalog, in a line each")
	cmd.Flags().StringVar(&lang, "lang", "en", "language of what is printed: vi or en")
	return cmd
}

// verifying counts verdicts.
type verifying struct {
	app       *app
	cfg       *config.Config
	client    *client
	lang      report.Language
	brief     bool         // a line for each paper that is good
	keys      *signingKeys // nil until a file needs them
	good, bad int
	failed    error // the first that could not be judged
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
	Report  *report.Report         `json:"report,omitempty"`
	Inner   *report.Report         `json:"attached,omitempty"` // on the signed file that it wraps
	Error   string                 `json:"error,omitempty"`    // why it could not be judged at all
}

// named judges papers and files. One that cannot be judged does not keep the others from
// being so.
func (v *verifying) named(ctx context.Context, args []string) {
	for _, arg := range args {
		if v.note(arg, v.one(ctx, arg)); ctx.Err() != nil {
			return
		}
	}
}

// note says of one argument or paper that it could not be judged, if err says so.
func (v *verifying) note(what string, err error) {
	if err == nil {
		return
	}
	if v.failed == nil {
		v.failed = err
	}
	v.tellFailure(what, err)
}

func (v *verifying) one(ctx context.Context, arg string) error {
	if _, err := os.Stat(arg); err == nil {
		return v.file(ctx, arg)
	}
	id, err := pipeline.ParsePaperID(arg)
	if err != nil {
		return fmt.Errorf("it is neither a file nor the ID of a paper: %w", fs.ErrNotExist)
	}
	return v.paper(ctx, id)
}

// tellFailure says of one argument or paper what went wrong.
func (v *verifying) tellFailure(arg string, err error) {
	if v.app.json {
		_ = json.NewEncoder(v.app.out).Encode(verdict{File: arg, Checks: []workers.Check{}, Error: said(err)}) // nowhere left to complain
		return
	}
	_, _ = fmt.Fprintf(v.app.err, "hoso: verifying %s: %s\n", shown(arg), explain(err)) // nor here
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

// everything asks for all papers, a screenful at a time. One that cannot be judged does
// not keep the others from being so, unless the service is away.
func (v *verifying) everything(ctx context.Context) error {
	q := finding{Limit: 200}
	for {
		var found pipeline.Found
		if err := v.client.post(ctx, "/find", q, &found); err != nil {
			return err
		}
		for _, hit := range found.Hits {
			err := v.paper(ctx, hit.Paper.ID)
			if ctx.Err() != nil || exitCode(err) == exitUnreachable {
				return err
			}
			v.note(string(hit.Paper.ID), err)
		}
		if found.Next == "" {
			return nil
		}
		q.After = found.Next
	}
}

// file checks a PDF on this machine, without any service.
func (v *verifying) file(ctx context.Context, path string) error {
	file, err := openPlain(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read from
	digest, size, err := pipeline.SumReader(file)
	if err != nil {
		return err
	}
	if v.keys == nil {
		k, err := keys(v.cfg)
		if err != nil {
			return err
		}
		v.keys = &k
	}
	examined, err := workers.Examine(ctx, file, size, v.keys.trust)
	if err != nil {
		return err
	}
	examined.File.Digest = digest
	told := verdictOf(examined, path)
	return v.tell(verdict{File: path, Digest: digest, Pages: examined.Pages, Passed: examined.Good, Checks: examined.Checks, Report: told.Report, Inner: told.Attached})
}

func (v *verifying) tell(out verdict) error {
	if out.Passed {
		v.good++
	} else {
		v.bad++
	}
	if v.brief {
		out.Report, out.Inner = nil, nil
	}
	if v.app.json {
		return json.NewEncoder(v.app.out).Encode(out)
	}
	return v.print(out)
}

func (v *verifying) sum() error {
	if many := v.brief || v.good+v.bad > 1; many && !v.app.json {
		if _, err := fmt.Fprintf(v.app.out, v.word("%d good, %d BAD\n", "%d đạt, %d KHÔNG ĐẠT\n"), v.good, v.bad); err != nil {
			return err
		}
	}
	switch {
	case v.bad > 0:
		return quiet{exitFailed}
	case v.failed != nil:
		return quiet{exitCode(v.failed)}
	}
	return nil
}
