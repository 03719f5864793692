package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func (a *app) configCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Show every setting with its effective value; secrets stay hidden",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config(cmd)
			if err != nil {
				return err
			}
			if a.json {
				return json.NewEncoder(a.out).Encode(c.Rows())
			}
			table := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
			for _, r := range c.Rows() {
				if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Name, r.Env, r.Value, r.About); err != nil {
					return fmt.Errorf("printing: %w", err)
				}
			}
			return table.Flush()
		},
	}
}
