package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
)

// stdio is where a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// app is what every subcommand is given.
type app struct {
	stdio
	lookup func(string) (string, bool) // asks the environment
	json   bool
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, std stdio, lookup func(string) (string, bool)) int {
	a := &app{stdio: std, lookup: lookup}
	root := a.root() //nolint:contextcheck // cobra hands ctx to the command that it runs
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if err != nil && !isQuiet(err) {
		_, _ = fmt.Fprintf(std.err, "hoso: %s\n", explain(err)) // nowhere left to complain
	}
	return exitCode(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "hoso",
		Short:         "Scans of dossiers in, signed and findable PDF/A records out",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usage(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().String("config", "", "configuration file (YAML)")
	root.PersistentFlags().String("data", "", "data folder (default ./hoso-data)")
	root.PersistentFlags().String("server", "", "address of a service on another machine")
	root.PersistentFlags().String("token", "", "token for --server; @FILE reads it from a file")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print JSON, one object per paper")
	root.AddCommand(
		a.serveCommand(), a.workCommand(), a.convertCommand(), a.submitCommand(), a.batchCommand(), a.statusCommand(),
		a.findCommand(), a.dossierCommand(), a.getCommand(), a.rereadCommand(), a.verifyCommand(), a.rebuildCommand(), a.benchCommand(),
		a.deskSignCommand(), a.catalogueCommand(), a.classesCommand(), a.policyCommand(), a.appearancesCommand(), a.separatorsCommand(), a.configCommand(), a.readerCommand(),
	)
	return root
}

// settings are the flags that are also settings: given ones override the rest.
func (a *app) config(cmd *cobra.Command) (*config.Config, error) {
	given := map[string]string{}
	for _, name := range []string{"config", "data", "server", "token", "listen", "languages", "readers"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			given[name] = f.Value.String()
		}
	}
	c, err := config.Load(given, a.lookup)
	if err != nil {
		return nil, usageError{err}
	}
	return c, nil
}

func (a *app) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// version is the revision that the compiler built, short enough to be read out over a
// telephone; + says that files had been changed since.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	if revision == "" {
		return strings.Trim(info.Main.Version, "()")
	}
	return revision + changed
}
