package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
)

func (a *app) catalogueCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "catalogue",
		Short: "The official lists (danh mục) of agencies and procedures: import, show, export",
		Args:  usage(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.importCommand(), a.showCommand(), a.exportCommand(), a.importsCommand())
	return cmd
}

// withService runs a command against the service.
func (a *app) withService(run func(ctx context.Context, c *client, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		cfg, err := a.config(cmd)
		if err != nil {
			return err
		}
		return run(cmd.Context(), newClient(cfg), args)
	}
}

func (a *app) importCommand() *cobra.Command {
	wishes := url.Values{}
	var dry, complete bool
	cmd := &cobra.Command{
		Use:   "import agencies|procedures FILE",
		Short: "Take a list over from CSV, XLSX or JSON, whole or not at all",
		Long: "Take a list over from a file as desks keep it: CSV in UTF-8, XLSX, or JSON as export\n" +
			"writes it; headings in Vietnamese or English, in any order. What does not fit is told\n" +
			"by sheet, line and column, and then nothing is imported. Entries are never removed.",
		Args: usage(cobra.ExactArgs(2)),
		RunE: a.withService(func(ctx context.Context, c *client, args []string) error {
			wishes.Set("dry_run", strconv.FormatBool(dry))
			wishes.Set("complete", strconv.FormatBool(complete))
			return a.importList(ctx, c, args[0]+"?"+wishes.Encode(), args[1])
		}),
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "check the file and count, change nothing")
	cmd.Flags().BoolVar(&complete, "complete", false, "the file is the whole list: entries that it does not have end yesterday")
	return cmd
}

func (a *app) importList(ctx context.Context, c *client, where, path string) error {
	if name, _, _ := strings.Cut(where, "?"); name != string(pipeline.Agencies) && name != string(pipeline.Procedures) {
		return usageError{fmt.Errorf("importing %.40q: %w", name, pipeline.ErrList)}
	}
	file, err := openPlain(path)
	if err != nil {
		return fmt.Errorf("importing: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	header := http.Header{"Content-Type": {"application/octet-stream"}, "Hoso-File-Name": {url.PathEscape(filepath.Base(path))}}
	var done pipeline.Import
	err = c.send(ctx, "/catalogue/"+where, file, header, &done)
	if misfits, ok := errors.AsType[pipeline.Misfits](err); ok {
		return a.printMisfits(misfits)
	}
	if err != nil {
		return err
	}
	return a.printImport(done)
}

// printMisfits tells everything that kept a file from being imported.
func (a *app) printMisfits(misfits pipeline.Misfits) error {
	var err error
	if a.json {
		err = json.NewEncoder(a.out).Encode(map[string]any{"misfits": misfits, "exit": exitRefused})
	} else {
		for _, m := range misfits {
			_, failed := fmt.Fprintln(a.err, shown(m.String()))
			err = errors.Join(err, failed)
		}
		_, failed := fmt.Fprintln(a.err, "hoso: nothing was imported (chưa nhập dòng nào)")
		err = errors.Join(err, failed)
	}
	if err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return quiet{exitRefused}
}

func (a *app) printImport(i pipeline.Import) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(i)
	}
	var b strings.Builder
	if i.Dry {
		b.WriteString("dry run, nothing changed: ")
	}
	if !i.Time.IsZero() && i.ID > 0 {
		fmt.Fprintf(&b, "#%d  %s  %s  ", i.ID, i.Time.Local().Format("02/01/2006 15:04"), i.Actor)
	}
	fmt.Fprintf(&b, "%s: %d in %s: %d new, %d changed, %d unchanged, %d retired\n", i.List, i.Rows, i.File, i.New, i.Changed, i.Unchanged, i.Retired)
	for _, s := range i.Skipped {
		fmt.Fprintf(&b, "    not understood and left out: %s\n", s)
	}
	_, err := io.WriteString(a.out, shown(b.String()))
	return err
}

func (a *app) importsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "imports",
		Short: "Who changed which list, when, newest first",
		Args:  usage(cobra.NoArgs),
		RunE: a.withService(func(ctx context.Context, c *client, _ []string) error {
			var log struct {
				Imports []pipeline.Import `json:"imports"`
			}
			if err := c.get(ctx, "/catalogue/imports", &log); err != nil {
				return err
			}
			for _, i := range log.Imports {
				if err := a.printImport(i); err != nil {
					return err
				}
			}
			return nil
		}),
	}
}

func (a *app) showCommand() *cobra.Command {
	var on string
	cmd := &cobra.Command{
		Use:   "show CODE|NAME",
		Short: "What the lists say of a unit's or a procedure's code, or of a name as it is printed",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: a.withService(func(ctx context.Context, c *client, args []string) error {
			var found web.Listed
			if err := c.post(ctx, "/catalogue/show", map[string]string{"asked": args[0], "on": on}, &found); err != nil {
				return err
			}
			return a.printListed(found)
		}),
	}
	cmd.Flags().StringVar(&on, "on", "", "as it was on a day (2025-07-01 or 01/07/2025)")
	return cmd
}

func (a *app) printListed(l web.Listed) error {
	if a.json {
		return json.NewEncoder(a.out).Encode(l)
	}
	var b strings.Builder
	if l.Unit != nil {
		fmt.Fprintf(&b, "%s: %s\n", l.Unit.Code, l.Unit.Standing)
		for _, e := range l.Entries {
			b.WriteString("    " + agencyLine(e) + "\n")
		}
		if len(l.Heirs) > 0 && l.Heirs[0] != l.Unit.Code {
			fmt.Fprintf(&b, "    now: %s\n", strings.Join(l.Heirs, ", "))
		}
	}
	for _, m := range l.Matches {
		fmt.Fprintf(&b, "%3.0f  %s\n", m.Score, agencyLine(m.Agency))
	}
	for _, p := range l.Procedures {
		fmt.Fprintf(&b, "%s  %s%s\n", p.Code, p.Name, times(p.Validity))
		for _, c := range p.Components {
			need := map[bool]string{true: "required", false: "if " + c.When}[c.Required]
			fmt.Fprintf(&b, "    - %s (%s)\n", c.Name, strings.TrimSuffix(need, "if "))
		}
		if p.ResultName+p.Result != "" {
			fmt.Fprintf(&b, "    = %s %s\n", p.Result, p.ResultName)
		}
	}
	_, err := io.WriteString(a.out, shown(b.String()))
	return err
}

func agencyLine(a pipeline.Agency) string {
	line := a.Code + "  " + a.Name + times(a.Validity)
	if len(a.Successors) > 0 {
		line += "  → " + strings.Join(a.Successors, ", ")
	}
	return line
}

func times(v pipeline.Validity) string {
	if v == (pipeline.Validity{}) {
		return ""
	}
	return fmt.Sprintf("  %s–%s", v.From, v.To)
}

func (a *app) exportCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "export agencies|procedures -o FILE.csv|xlsx|json",
		Short: "Write a whole list to a file that can be imported again",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: a.withService(func(ctx context.Context, c *client, args []string) error {
			format := strings.ToLower(strings.TrimPrefix(filepath.Ext(output), "."))
			if format != "csv" && format != "xlsx" && format != "json" {
				return usageError{errors.New("where to? name the output with -o FILE.csv, .xlsx or .json")}
			}
			return a.exportList(ctx, c, "/catalogue/"+url.PathEscape(args[0])+"/export?format="+format, output)
		}),
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the file to write; its ending says the format")
	return cmd
}

// exportList writes a file, which appears only when it is whole.
func (a *app) exportList(ctx context.Context, c *client, path, output string) error {
	answer, err := c.ask(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	part, err := beside(output)
	if err != nil {
		return fmt.Errorf("writing %s: %w", output, err)
	}
	defer os.Remove(part.Name()) //nolint:errcheck // gone when all went well
	size, err := io.Copy(part, answer.Body)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), output)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", output, err)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(map[string]any{"file": output, "size": size})
	}
	_, err = fmt.Fprintf(a.out, "%s  %d bytes\n", shown(output), size)
	return err
}
