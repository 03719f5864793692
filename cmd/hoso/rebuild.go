package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/embedded"
	"hoso/workers"
)

func (a *app) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Fill an empty catalog from the bucket alone",
		Long: "Fill the catalog from the manifests and notes in object storage. The service must\n" +
			"not be running. Papers that are in the catalog already stay as they are; accounts\n" +
			"and the access log are not kept in the bucket.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			return a.rebuild(cmd.Context(), cfg)
		},
	}
}

func (a *app) rebuild(ctx context.Context, cfg *config.Config) (err error) {
	services, err := embedded.Start(ctx, embedded.Options{
		Dir: cfg.Data, Log: a.logger(), ExternalRedis: true, ExternalS3: cfg.S3.Endpoint != "",
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, services.Stop()) }()
	p, err := connect(ctx, cfg, services.Links)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := restoreLists(ctx, p); err != nil {
		return err
	}
	count, err := workers.Rebuild(ctx, p.objects, p.catalog, func(workers.Rebuilt) {})
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(count)
	}
	_, err = fmt.Fprintf(a.out, "rebuilt: %d published, %d received and not finished, %d used again, %d doubles dropped, %d damaged\n",
		count.Published, count.Open, count.Reuses, count.Doubles, count.Damaged)
	return err
}
