package main

import (
	"github.com/spf13/cobra"

	"hoso/cmd/internal/embedded"
)

// s3Command is the hidden command that hoso starts itself with to be the embedded
// object storage.
func (a *app) s3Command() *cobra.Command {
	return &cobra.Command{
		Use:    "s3 DIR",
		Short:  "Serve the objects of a data folder for a parent process",
		Hidden: true,
		Args:   usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return embedded.RunS3(cmd.Context(), args[0], a.logger())
		},
	}
}
