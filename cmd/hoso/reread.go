package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

func (a *app) rereadCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reread ID...",
		Short: "Read papers again from their originals, by the recognizer as it is now",
		Long: "Read papers again from their originals. What people said of their fields and words\n" +
			"stays. Where the reading changes anything a new version of the record is made and\n" +
			"signed; the former ones stay, see hoso get --version.",
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			c := newClient(cfg)
			var failed error
			for _, id := range args { // one that cannot be read keeps no other from it
				failed = errors.Join(failed, a.reread(cmd.Context(), c, id))
			}
			return failed
		},
	}
}

func (a *app) reread(ctx context.Context, c *client, id string) error {
	var p pipeline.Paper
	if err := c.send(ctx, "/papers/"+id+"/reread", nil, nil, &p); err != nil {
		return err
	}
	return a.printPaper(p)
}
