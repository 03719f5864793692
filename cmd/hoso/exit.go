package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

// The exit codes of every subcommand.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // the command line or a setting makes no sense
	exitRefused     = 3 // the input cannot be taken; the reason says why
	exitNotFound    = 4
	exitUnreachable = 5 // a service does not answer
	exitPerson      = 6 // somebody must act first
)

// usageError is a fault of the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// quiet is an end whose reason has been printed already.
type quiet struct{ code int }

func (quiet) Error() string { return "" }

func isQuiet(err error) bool {
	var q quiet
	return errors.As(err, &q)
}

// usage makes the errors of an argument check usage errors.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

func exitCode(err error) int {
	var (
		ended   quiet
		misuse  usageError
		missing *pipeline.Unavailable
	)
	_, refused := pipeline.AsRefusal(err)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &ended):
		return ended.code
	case errors.As(err, &misuse):
		return exitUsage
	case refused:
		return exitRefused
	case errors.Is(err, fs.ErrNotExist):
		return exitNotFound
	case errors.As(err, &missing):
		return exitUnreachable
	}
	return exitFailed
}

// explain says what went wrong: the sentence for people where there is one.
func explain(err error) string { return shown(said(err)) }

// shown makes text fit for a terminal: a file that somebody handed in may have a name
// that is meant as an order to it.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsGraphic(r) && r != unicode.ReplacementChar {
			return r
		}
		return '?'
	}, s)
}

func said(err error) string {
	if refusal, ok := pipeline.AsRefusal(err); ok {
		return err.Error() + "\n      " + refusal.Reason.Vietnamese
	}
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	return err.Error()
}
