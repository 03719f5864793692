package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
	"hoso/workers/document"
	"hoso/workers/reader"
)

// converting is what the convert command was asked to do.
type converting struct {
	inputs   []string
	output   string
	text     string
	words    string
	light    string // where to write the access copy, "" for none
	unsigned bool
}

func (a *app) convertCommand() *cobra.Command {
	var c converting
	var sign bool
	cmd := &cobra.Command{
		Use:   "convert IN... -o OUT.pdf",
		Short: "Make one searchable, signed PDF/A-2u of scans, without any server",
		Long: "Make one searchable, signed PDF/A-2u of PDF, TIFF, JPEG, PNG or HEIC files.\n" +
			"Image streams of scanners go into the record byte for byte. A PDF that is signed\n" +
			"already is never rewritten: it is copied as it is.",
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			if c.output == "" {
				return usageError{errors.New("where to? name the output with -o OUT.pdf")}
			}
			no, err := cmd.Flags().GetBool("no-sign")
			if err != nil {
				return usageError{err}
			}
			c.inputs, c.unsigned = args, no || !sign
			return a.convert(cmd.Context(), cfg, c)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&c.output, "output", "o", "", "the record to write")
	f.StringVar(&c.text, "text", "", "also write the text to this file")
	f.StringVar(&c.words, "words", "", "also write words, boxes and confidences to this file (JSON)")
	f.StringVar(&c.light, "access-copy", "", "also write a light copy to look at over slow lines (bản xem nhanh) to this file")
	f.BoolVar(&sign, "sign", true, "sign the record")
	f.Bool("no-sign", false, "leave the record unsigned")
	f.String("languages", "", "languages of the recognizer")
	f.String("readers", "", "pages read at once (default: one for each core)")
	f.SetNormalizeFunc(shortNames)
	return cmd
}

// convert reads, composes and signs in a temporary folder, and puts the result at its
// place when it is whole.
func (a *app) convert(ctx context.Context, cfg *config.Config, c converting) error {
	started := time.Now()
	debug.SetGCPercent(rarely)
	if err := distinct(c); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "hoso-convert-*")
	if err != nil {
		return fmt.Errorf("making a work folder: %w", err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // scratch
	pool, err := a.pool(cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	parts, err := a.readAll(ctx, pool, work, c.inputs)
	if kept, ok := errors.AsType[signedInput](err); ok {
		return a.keepSigned(ctx, c, kept)
	}
	if err != nil {
		return err
	}
	light, err := finish(ctx, cfg, c, work, parts)
	if err != nil {
		return err
	}
	return a.converted(c, parts, light, time.Since(started))
}

// rarely is how much the heap of a short life may grow, in percent, before it is worth
// looking for garbage. There is little of it: pages are held by the readers.
const rarely = 300

// distinct makes sure, before any work is done, that no file is written over another
// and that there is a folder for each.
func distinct(c converting) error {
	outputs := slices.DeleteFunc([]string{c.output, c.text, c.words, c.light}, func(path string) bool { return path == "" })
	for i, out := range outputs {
		if slices.Contains(outputs[:i], out) {
			return usageError{fmt.Errorf("%s is to be written twice", out)}
		}
		if _, err := os.Stat(filepath.Dir(out)); err != nil {
			return usageError{fmt.Errorf("looking for the folder of %s: %w", out, err)}
		}
	}
	for _, in := range c.inputs {
		info, err := os.Stat(in)
		if err != nil {
			return fmt.Errorf("finding %s: %w", in, err)
		}
		for _, out := range outputs {
			if there, err := os.Stat(out); err == nil && os.SameFile(info, there) {
				return usageError{fmt.Errorf("%s is input and output: an original is never written over", out)}
			}
		}
	}
	return nil
}

// pool starts the readers as the configuration says.
func (a *app) pool(cfg *config.Config) (*reader.Pool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	return reader.NewPool(reader.Options{
		Command: []string{self, "reader"},
		Settings: reader.Settings{
			Languages: cfg.Languages, Second: cfg.SecondModel(), Models: cfg.Models,
			Page: cfg.PageTime / 2, Memory: uint64(cfg.PageMemory), //nolint:gosec // checked to be positive
		},
		Children: cfg.Readers, Patience: cfg.PageTime, Recycle: cfg.Recycle, Log: a.logger(),
	}), nil
}

// signedInput says that an input carries signatures.
type signedInput struct {
	path string
	part document.Part
}

func (s signedInput) Error() string { return s.path + " is signed already" }

// readAll reads every input in a folder of its own, as many at once as there are readers:
// of single pages each would else wait for the one before it. One failure ends all.
func (a *app) readAll(ctx context.Context, pool *reader.Pool, work string, inputs []string) ([]document.Part, error) {
	bar := a.bar("đọc trang")
	defer bar.end()
	parts, failures := make([]document.Part, len(inputs)), make([]error, len(inputs))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(pool.Size())
	for i, in := range inputs {
		group.Go(func() error {
			if within.Err() == nil {
				folder := filepath.Join(work, fmt.Sprintf("%04d", i+1))
				parts[i], failures[i] = readOne(within, document.Reading{Readers: pool, Lane: pipeline.Desk, Progress: bar.file(in)}, folder, in)
			}
			return failures[i]
		})
	}
	err := group.Wait()
	for _, failure := range failures { // what was cut short is not to blame
		if failure != nil && !errors.Is(failure, context.Canceled) {
			return nil, failure
		}
	}
	return parts, err
}

// readOne reads an input in a folder that it makes.
func readOne(ctx context.Context, reading document.Reading, folder, in string) (document.Part, error) {
	path, err := filepath.Abs(in)
	if err != nil {
		return document.Part{}, fmt.Errorf("finding %s: %w", in, err)
	}
	if reading.Folder, err = document.Create(filepath.Dir(folder), filepath.Base(folder)); err != nil {
		return document.Part{}, err
	}
	if err := os.Symlink(path, reading.Folder.Original()); err != nil {
		return document.Part{}, fmt.Errorf("preparing %s: %w", in, err)
	}
	summary, err := reading.Open(ctx)
	if err != nil {
		return document.Part{}, fmt.Errorf("opening %s: %w", in, err)
	}
	part := document.Part{Reading: reading, Pages: summary.Pages}
	if summary.Signed {
		return part, signedInput{in, part}
	}
	if err := reading.Pages(ctx, summary.Pages); err != nil {
		return part, fmt.Errorf("reading %s: %w", in, err)
	}
	return part, nil
}

// finish composes, signs and checks the record, and writes what else was asked for.
func finish(ctx context.Context, cfg *config.Config, c converting, work string, parts []document.Part) (light document.Lightened, err error) {
	id, err := identityOf(parts)
	if err != nil {
		return light, err
	}
	record := filepath.Join(work, "record.pdf")
	meta := compose.Meta{Title: titleOf(c.inputs[0]), ID: id, Created: time.Now(), Lang: "vi", Producer: "hoso"}
	if _, err := document.Compose(ctx, record, meta, parts...); err != nil {
		return light, err
	}
	claim := document.Claim{Signed: !c.unsigned}
	if !c.unsigned {
		if record, claim.Trust, err = signed(ctx, cfg, record, parts[0]); err != nil {
			return light, err
		}
	}
	for _, part := range parts {
		images, err := part.Folder.Images(part.Pages)
		if err != nil {
			return light, err
		}
		claim.Images = append(claim.Images, images...)
	}
	if err := document.Check(ctx, record, claim); err != nil {
		return light, err
	}
	if light, err = lighten(ctx, c, record, meta, parts); err != nil {
		return light, err
	}
	if err := writeText(c.text, parts); err != nil {
		return light, err
	}
	if err := writeWords(c.words, parts); err != nil {
		return light, err
	}
	return light, install(record, c.output)
}

// lighten writes the access copy of a finished record, if one was asked for.
func lighten(ctx context.Context, c converting, record string, meta compose.Meta, parts []document.Part) (document.Lightened, error) {
	if c.light == "" {
		return document.Lightened{}, nil
	}
	stored, err := document.Describe(record, document.PDFMedia)
	if err != nil {
		return document.Lightened{}, err
	}
	if meta.Copy, err = document.CopyOf(ctx, record, stored.Digest); err != nil {
		return document.Lightened{}, err
	}
	meta.ID = "light " + meta.ID
	light := filepath.Join(filepath.Dir(record), "light.pdf")
	made, err := document.Lighten(ctx, light, meta, parts...)
	if err != nil {
		return made, err
	}
	return made, install(light, c.light)
}

// signed signs a record into a file beside it, and gives whom to trust for that.
func signed(ctx context.Context, cfg *config.Config, record string, first document.Part) (string, sign.Trust, error) {
	keys, err := keys(cfg)
	if err != nil {
		return "", sign.Trust{}, err
	}
	identity, err := keys.holder.Identity(ctx)
	if err != nil {
		return "", sign.Trust{}, err
	}
	out := filepath.Join(filepath.Dir(record), "signed.pdf")
	looks, err := looksOf(cfg)
	if err != nil {
		return "", sign.Trust{}, err
	}
	now := time.Now()
	if err := keys.fit(identity.Chain); err != nil {
		return "", sign.Trust{}, err
	}
	if keys.trust.Status != nil {
		if identity.Chain, err = keys.trust.Ready(ctx, identity.Chain, now); err != nil {
			return "", sign.Trust{}, fmt.Errorf("before signing: %w", err)
		}
	}
	q := sign.Request{Identity: identity, Timestamper: keys.timestamper, Time: now, Reason: signingReason}
	q, err = document.Show(ctx, record, q, looks.Look(pipeline.ByAgency, pipeline.Paper{Received: now}), first.Sight)
	if err != nil {
		return "", sign.Trust{}, err
	}
	if _, err = document.Sign(ctx, record, out, q); err != nil || !cfg.Lasts() {
		return out, keys.trust, err
	}
	var stamper sign.Timestamper
	if cfg.Level == "B-LTA" {
		stamper = keys.timestamper
	}
	longer := filepath.Join(filepath.Dir(record), "longer.pdf")
	_, err = document.Prolong(ctx, out, longer, keys.trust, stamper)
	return longer, keys.trust, err
}

// signingReason stands in every signature made by hoso's own key.
const signingReason = "Số hóa hồ sơ"

// identityOf names a record by its originals, so that the same scans give the same
// document ID.
func identityOf(parts []document.Part) (string, error) {
	var all []string
	for _, part := range parts {
		original, err := document.Describe(part.Folder.Original(), "")
		if err != nil {
			return "", err
		}
		all = append(all, original.Digest.String())
	}
	return pipeline.Sum([]byte(strings.Join(all, "\n"))).String(), nil
}

func titleOf(path string) string {
	name := pipeline.SafeName(filepath.Base(path))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// install puts a finished file at its place in one step.
func install(from, to string) (err error) {
	in, err := os.Open(from) //nolint:gosec // our own
	if err != nil {
		return fmt.Errorf("finishing: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read from
	out, err := beside(to)
	if err != nil {
		return fmt.Errorf("writing %s: %w", to, err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", to, err), os.Remove(out.Name()))
	}
	if err := os.Rename(out.Name(), to); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", to, err), os.Remove(out.Name()))
	}
	return nil
}

// lighten reads a signed file, and writes the access copy of it.
func (s signedInput) lighten(ctx context.Context, c converting) error {
	if err := s.part.Reading.Pages(ctx, s.part.Pages); err != nil {
		return fmt.Errorf("reading %s: %w", s.path, err)
	}
	original, err := document.Describe(s.path, document.PDFMedia)
	if err != nil {
		return err
	}
	light := s.part.Folder.Composed()
	if _, err := document.Lighten(ctx, light, compose.Meta{
		Title: titleOf(s.path), ID: "light " + original.Digest.String(), Created: time.Now(),
		Copy: compose.CopyOf{Record: original.Digest, Signed: true},
	}, s.part); err != nil {
		return err
	}
	return install(light, c.light)
}

// keepSigned copies a file that is signed already; nothing else may be done to it.
func (a *app) keepSigned(ctx context.Context, c converting, kept signedInput) error {
	if len(c.inputs) > 1 {
		return pipeline.Refuse(pipeline.Reason{
			Code: "signed-among-others", English: kept.path + " is signed and cannot be joined with other files",
			Vietnamese: "Tệp đã có chữ ký số nên không thể ghép với tệp khác. Hãy chuyển đổi riêng tệp này.",
		}, nil)
	}
	if c.light != "" {
		if err := kept.lighten(ctx, c); err != nil {
			return err
		}
	}
	if err := install(kept.path, c.output); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.err, "%s is signed already and was copied untouched to %s\n", shown(kept.path), c.output)
	return err
}

// converted prints what came out.
func (a *app) converted(c converting, parts []document.Part, light document.Lightened, took time.Duration) error {
	out, err := document.Describe(c.output, document.PDFMedia)
	if err != nil {
		return err
	}
	pages, aside := 0, 0
	for _, part := range parts {
		pages += part.Pages
		for n := 1; n <= part.Pages; n++ {
			p, err := part.Folder.Page(n)
			if err != nil {
				return err
			}
			if p.Outcome == pipeline.PageFailed || p.Outcome == pipeline.PageTimedOut {
				aside++
				if _, err := fmt.Fprintf(a.err, "page %d: %s: %s\n", n, p.Outcome, p.Reason.English); err != nil {
					return fmt.Errorf("printing: %w", err)
				}
			}
		}
	}
	if a.json {
		said := map[string]any{
			"file": c.output, "sha256": out.Digest, "bytes": out.Size, "pages": pages, "set_aside": aside,
			"signed": !c.unsigned, "seconds": took.Seconds(),
		}
		if c.light != "" {
			said["access_copy"] = map[string]any{
				"file": c.light, "sha256": light.Digest, "bytes": light.Size,
				"words": light.Words, "patched": light.Patched, "differ": light.Differ,
			}
		}
		return json.NewEncoder(a.out).Encode(said)
	}
	_, err = fmt.Fprintf(a.out, "%s: %d pages, %d bytes, %.1f s\n", c.output, pages, out.Size, took.Seconds())
	if err == nil && c.light != "" {
		_, err = fmt.Fprintf(a.out, "%s: access copy, %d bytes; pages that differ: %v\n", c.light, light.Size, light.Differ)
	}
	return err
}
