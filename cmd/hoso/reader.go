package main

import (
	"encoding/json"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"hoso/workers/reader"
)

// repliesTo is the descriptor on which a reader answers: the first after stderr. Its
// stdout is left to native libraries that like to talk.
const repliesTo = 3

// readerCommand is the hidden command that hoso starts itself with to decode
// strangers' bytes behind a wall.
func (a *app) readerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "reader SETTINGS",
		Short:  "Read pages for a parent process",
		Hidden: true,
		Args:   usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var s reader.Settings
			if err := json.Unmarshal([]byte(args[0]), &s); err != nil {
				return usageError{err}
			}
			// A service manager signals every process of a service at once. A reader, or a
			// helper program of it, that gave up half way would put the blame on the page;
			// only the parent decides when they end. What is ignored stays so in helpers.
			signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
			return reader.Serve(cmd.Context(), s, a.in, os.NewFile(repliesTo, "replies"))
		},
	}
}
