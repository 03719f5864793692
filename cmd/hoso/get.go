package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoso/pipeline"
)

func (a *app) getCommand() *cobra.Command {
	var order order
	var original, light bool
	var version int
	cmd := &cobra.Command{
		Use:   "get ID -o FILE",
		Short: "Fetch the signed record of a paper, its original or its access copy",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if order.output == "" {
				return usageError{errors.New("where to? name the output with -o FILE")}
			}
			order.id, order.what = args[0], "record"
			switch {
			case original && light, version > 0 && (original || light):
				return usageError{errors.New("the original, the access copy or a version of the record? name one")}
			case original:
				order.what = "original"
			case light:
				order.what = "light"
			case version < 0:
				return usageError{errors.New("versions begin at 1")}
			}
			order.version = version
			return a.fetch(cmd.Context(), newClient(cfg), order)
		},
	}
	cmd.Flags().StringVarP(&order.output, "output", "o", "", "the file to write")
	cmd.Flags().BoolVar(&original, "original", false, "the bytes as received instead of the record")
	cmd.Flags().BoolVar(&light, "light", false, "the access copy (bản xem nhanh) instead of the record; see HOSO_ACCESS_COPY")
	cmd.Flags().IntVar(&version, "version", 0, "this version of the record, 1 for the first (default: the newest)")
	cmd.Flags().DurationVar(&order.wait, "wait", 2*time.Minute, "how long to wait for an access copy that is being made")
	return cmd
}

// order is what somebody wants to have as a file.
type order struct {
	id, what string // a paper, and which artifact of it
	output   string
	wait     time.Duration // for an artifact in the making
	version  int           // of the record, 0 for the newest
}

// digest is the one that the catalog has for what is ordered; zero if it has none.
func (o order) digest(p pipeline.Paper) pipeline.Digest {
	if o.what == "original" {
		return p.Original
	}
	all := p.Editions()
	switch {
	case o.version > len(all) || len(all) == 0:
		return pipeline.Digest{}
	case o.version == 0:
		return all[len(all)-1].Record
	}
	return all[o.version-1].Record
}

// path is where the service has it.
func (o order) path() string {
	path := "/papers/" + o.id + "/" + o.what
	if o.version > 0 {
		path += fmt.Sprintf("?version=%d", o.version)
	}
	return path
}

// missed says of an artifact that could not be had what there is.
func (o order) missed(p pipeline.Paper, err error) error {
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case o.what == "light":
		return fmt.Errorf("there is no access copy of it (see HOSO_ACCESS_COPY): %w", err)
	case o.version > 0:
		return fmt.Errorf("version %d of the record: it has %d: %w", o.version, len(p.Editions()), fs.ErrNotExist)
	}
	return err
}

// fetch writes the artifact to a file, which appears only when it is whole and its
// digest is the one in the catalog, or for an access copy the one that the service
// names.
func (a *app) fetch(ctx context.Context, c *client, o order) error {
	var p pipeline.Paper
	if err := c.get(ctx, "/papers/"+o.id, &p); err != nil {
		return err
	}
	want := o.digest(p)
	answer, err := c.await(ctx, o.path(), o.wait)
	if err != nil {
		return o.missed(p, err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	part, err := beside(o.output)
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.output, err)
	}
	defer os.Remove(part.Name()) //nolint:errcheck // gone when all went well
	got, _, err := pipeline.SumReader(io.TeeReader(answer.Body, part))
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", o.output, err)
	}
	if o.what == "light" {
		if want, err = pipeline.ParseDigest(strings.Trim(answer.Header.Get("ETag"), `"`)); err != nil {
			return fmt.Errorf("fetching the access copy: %w", err)
		}
	}
	if got != want {
		return fmt.Errorf("fetching the %s: got bytes of digest %s, the catalog says %s", o.what, got, want)
	}
	if err := os.Rename(part.Name(), o.output); err != nil {
		return fmt.Errorf("writing %s: %w", o.output, err)
	}
	if a.json {
		return a.printPaper(p)
	}
	_, err = fmt.Fprintf(a.out, "%s  sha256 %s\n", o.output, got)
	return err
}
