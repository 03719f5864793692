package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"time"

	"github.com/hibiken/asynq"
	"github.com/oklog/ulid/v2"
	"github.com/redis/go-redis/v9"

	"hoso/cmd/internal/config"
	"hoso/cmd/internal/embedded"
	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/objects/s3"
)

// parts are the three servers that everything else stands on, each of them embedded
// or external as the configuration says.
type parts struct {
	redis   asynq.RedisConnOpt
	objects *s3.Store
	catalog *catalog.Catalog
}

// connect reaches all parts. Embedded ones must be running: links says where.
func connect(ctx context.Context, cfg *config.Config, links *embedded.Links) (*parts, error) {
	redis.SetLogger(silent{})
	p := &parts{redis: links.Redis}
	if cfg.Redis != "" {
		uri, err := asynq.ParseRedisURI(cfg.Redis.Reveal())
		if err != nil {
			return nil, usageError{fmt.Errorf("reading the address of the queue server: %w", err)}
		}
		p.redis = uri
	}
	where := links.S3
	if cfg.S3.Endpoint != "" {
		var err error
		if where, err = externalS3(cfg.S3); err != nil {
			return nil, err
		}
	}
	var err error
	if p.objects, err = s3.Open(ctx, where); err != nil {
		return nil, fmt.Errorf("opening object storage: %w", err)
	}
	if p.catalog, err = openCatalog(ctx, cfg); err != nil {
		return nil, err
	}
	return p, nil
}

func openCatalog(ctx context.Context, cfg *config.Config) (*catalog.Catalog, error) {
	dsn := cfg.Catalog.Reveal()
	if dsn == "" {
		dsn = "sqlite:" + filepath.Join(cfg.Data, "catalog.db")
	}
	c, err := catalog.Open(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the catalog: %w", err)
	}
	return c, nil
}

func externalS3(c config.S3) (s3.Config, error) {
	at, err := url.Parse(c.Endpoint)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return s3.Config{}, usageError{errors.Join(
			fmt.Errorf("reading the address of object storage %q: want https://HOST[:PORT]", c.Endpoint), err)}
	}
	return s3.Config{
		Endpoint: at.Host, TLS: at.Scheme == "https", Bucket: c.Bucket, Region: c.Region,
		AccessKey: c.AccessKey, SecretKey: s3.Secret(c.SecretKey.Reveal()),
	}, nil
}

// Close lets go of the catalog; the other parts hold nothing open.
func (p *parts) Close() error { return p.catalog.Close() }

var _ io.Closer = (*parts)(nil)

// silent drops what the library of the queue server says of every single attempt to
// connect, dozens in a second: the queue reports its failures itself.
type silent struct{}

// Printf drops a line.
func (silent) Printf(context.Context, string, ...any) {}

// newID makes the identifier of a new paper.
func newID() pipeline.PaperID {
	return pipeline.PaperID(ulid.MustNew(ulid.Timestamp(time.Now()), rand.Reader).String())
}

// abilities tells what the object storage lacks, in words for the operator and, for
// the status page, in Vietnamese.
func abilities(ctx context.Context, store *s3.Store, log *slog.Logger) ([]string, error) {
	found, err := store.Probe(ctx)
	if err != nil {
		return nil, fmt.Errorf("probing object storage: %w", err)
	}
	var missing []string
	for _, a := range found.All() {
		if !a.Present {
			log.LogAttrs(ctx, slog.LevelWarn, "object storage", slog.String("says", a.English))
			missing = append(missing, a.Vietnamese)
		}
	}
	return missing, nil
}
