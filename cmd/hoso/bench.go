package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/workers/bench"
	"hoso/workers/document"
	"hoso/workers/reader"
)

// benching is what the bench command was asked to do.
type benching struct {
	dir      string
	peers    []string
	ocrmypdf string
	rounds   int
	by       []string
	worst    int
	curve    string
	scaling  bool
	policy   string
}

func (a *app) benchCommand() *cobra.Command {
	var b benching
	cmd := &cobra.Command{
		Use:   "bench DIR",
		Short: "Measure errors, pages per CPU second, memory and bytes, beside a peer in the same run",
		Long: "Convert every PDF, TIFF, JPEG, PNG and HEIC below DIR, in turn with each peer, so that\n" +
			"what else the machine does falls on all alike. Beside a scan may lie files of the same\n" +
			"name: .txt is the truth against which its text is scored, .json says what kind of page\n" +
			`it is: {"class", "layout", "numbers": [{"kind", "text"}], "under_seal": [words], "regions": [{"kind", "box"}], "twin",` + "\n" +
			`and fields by their names, such as "issuer" and "owner_name"; those it does not name are not on the page}.` + "\n" +
			"Peers: ocrmypdf, ocrmypdf-full (with --deskew --rotate-pages), tesseract; each has one\n" +
			"thread for a page. Intervals are 95 %, bootstrapped over the files.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			b.dir = args[0]
			if err := b.check(); err != nil {
				return usageError{err}
			}
			return a.bench(cmd.Context(), cfg, b)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&b.peers, "peer", nil, "ocrmypdf, ocrmypdf-full or tesseract; may be given several times")
	f.StringVar(&b.ocrmypdf, "ocrmypdf", "ocrmypdf", "the program that the peers of this name run")
	f.IntVar(&b.rounds, "rounds", 1, "how often everything is run")
	f.StringSliceVar(&b.by, "by", []string{"class"}, "rows for each class or layout of pages")
	f.IntVar(&b.worst, "worst", 0, "show so many of the files with the highest CER")
	f.StringVar(&b.curve, "curve", "", "draw the confidence of words against the truth into this SVG file")
	f.StringVar(&b.policy, "policy", "", "file with the rules of what a person must look at (default: those that come with hoso)")
	f.BoolVar(&b.scaling, "scaling", false, "also convert all files at once, with one reader and with two")
	f.String("languages", "", "languages of the recognizers")
	f.String("readers", "", "pages read at once (default: one for each core)")
	f.SetNormalizeFunc(shortNames)
	return cmd
}

func (b benching) check() error {
	for _, by := range b.by {
		if by != "class" && by != "layout" {
			return fmt.Errorf("--by %q: rows are by class or layout", by)
		}
	}
	if b.rounds < 1 || b.worst < 0 {
		return fmt.Errorf("--rounds %d --worst %d: less than nothing cannot be done", b.rounds, b.worst)
	}
	return nil
}

func (a *app) bench(ctx context.Context, cfg *config.Config, b benching) error {
	contenders, err := contenders(ctx, cfg, b)
	if err != nil {
		return err
	}
	rules, err := benchRules(cfg, b.policy)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "hoso-bench-*")
	if err != nil {
		return fmt.Errorf("making a work folder: %w", err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // scratch
	samples, err := a.samples(ctx, cfg, b.dir, work)
	if err != nil {
		return err
	}
	runs, err := bench.Race{Contenders: contenders, Samples: samples, Rounds: b.rounds, Work: work, Tell: a.tellRun}.Run(ctx)
	if err != nil {
		return err
	}
	question := bench.Question{
		Contenders: contenders, Samples: samples, Runs: runs, Rounds: b.rounds, By: b.by, Worst: b.worst, Now: time.Now(),
	}
	report := bench.Summarise(question)
	report.Touch = question.Touch(rules)
	if b.scaling {
		one, two := hoso(cfg, 1), hoso(cfg, 2)
		if report.Scaling, err = bench.Scale(ctx, [2]bench.Contender{one, two}, samples, b.rounds, work); err != nil {
			return err
		}
	}
	return a.tellReport(report, b.curve)
}

// benchRules are the rules under which a person's work is counted.
func benchRules(cfg *config.Config, file string) (bench.Rules, error) {
	classes, err := classesOf(cfg)
	if err != nil {
		return bench.Rules{}, err
	}
	rules, err := policyIn(file)
	return bench.Rules{Policy: rules, Classes: classes}, err
}

// samples are the files below dir that hoso can open, with their truth.
func (a *app) samples(ctx context.Context, cfg *config.Config, dir, work string) ([]bench.Sample, error) {
	pool, err := a.pool(cfg)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	var all []bench.Sample
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !scanned(path) {
			return err
		}
		folder, err := document.Create(work, "look")
		if err != nil {
			return err
		}
		summary, err := pool.Open(ctx, reader.Job{Path: path, Scratch: folder.Slices(), Lane: pipeline.Batch})
		if err != nil {
			return fmt.Errorf("opening %s: %w", path, err)
		}
		sample := bench.Sample{Path: path, Name: name(dir, path), Pages: summary.Pages}
		if err := sample.Know(); err != nil {
			return err
		}
		all = append(all, sample)
		return folder.Remove()
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("looking for scans below %s: %w", dir, fs.ErrNotExist)
	}
	return all, err
}

// name is how the report calls a file below dir.
func name(dir, path string) string {
	if below, err := filepath.Rel(dir, path); err == nil {
		return below
	}
	return path
}

func scanned(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".heic":
		return true
	}
	return false
}

func (a *app) tellRun(r bench.Run) error {
	if a.json {
		return nil
	}
	rates := ""
	if r.Rates != nil {
		rates = fmt.Sprintf("  CER %.2f %%", 100*r.Rates.CER)
	}
	if r.Failed != "" {
		rates = "  FAILED: " + r.Failed
	}
	_, err := fmt.Fprintf(a.err, "%-28s %-14s %6.2f CPU s%s\n", r.File, r.Contender, r.CPU.Seconds(), rates)
	return err
}

func (a *app) tellReport(report bench.Report, curve string) error {
	if curve != "" {
		if report.Calibration == nil {
			return usageError{fmt.Errorf("drawing %s: no words with a truth to hold them against", curve)}
		}
		if err := create(curve, func(out io.Writer) error { return report.Calibration.Curve(out) }); err != nil {
			return err
		}
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(report)
	}
	return report.Print(a.out)
}
