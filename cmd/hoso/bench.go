package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hoso/cmd/internal/config"
	"hoso/pipeline"
	"hoso/workers/bench"
	"hoso/workers/document"
	"hoso/workers/reader"
)

func (a *app) benchCommand() *cobra.Command {
	var peers []string
	var rounds int
	cmd := &cobra.Command{
		Use:   "bench DIR",
		Short: "Measure pages per CPU second, memory, bytes and errors, beside a peer in the same run",
		Long: "Convert every PDF, TIFF, JPEG, PNG and HEIC below DIR, in turn with each peer, so that\n" +
			"what else the machine does falls on all alike. A file beside a scan, of the same name\n" +
			"and with the ending .txt, is the truth against which its text is scored.\n" +
			"Peers: ocrmypdf, ocrmypdf-full (with --deskew --rotate-pages), tesseract.",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config(cmd)
			if err != nil {
				return err
			}
			return a.bench(cmd.Context(), cfg, benching{dir: args[0], peers: peers, rounds: rounds})
		},
	}
	cmd.Flags().StringSliceVar(&peers, "peer", nil, "ocrmypdf, ocrmypdf-full or tesseract; may be given several times")
	cmd.Flags().IntVar(&rounds, "rounds", 1, "how often everything is run")
	cmd.Flags().String("readers", "", "pages read at once (default: one for each core)")
	cmd.Flags().SetNormalizeFunc(shortNames)
	return cmd
}

type benching struct {
	dir    string
	peers  []string
	rounds int
}

// benched is the result of a bench, as JSON.
type benched struct {
	Totals []bench.Total `json:"totals"`
	Runs   []bench.Run   `json:"runs"`
}

func (a *app) bench(ctx context.Context, cfg *config.Config, b benching) error {
	contenders, err := contenders(cfg, b.peers)
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
	var result benched
	for range b.rounds {
		for _, sample := range samples {
			for _, c := range contenders {
				run, err := bench.Once(ctx, c, sample, work)
				if err != nil {
					return err
				}
				result.Runs = append(result.Runs, run)
				if err := a.tellRun(run); err != nil {
					return err
				}
			}
		}
	}
	for _, c := range contenders {
		result.Totals = append(result.Totals, bench.Sum(c.Name, result.Runs))
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(result)
	}
	return a.table(result.Totals)
}

// contenders are hoso itself and the peers asked for.
func contenders(cfg *config.Config, peers []string) ([]bench.Contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	all := []bench.Contender{{Name: "hoso", PDF: true, Command: func(in, out, text string) []string {
		return []string{self, "convert", "--data", cfg.Data, "--readers", fmt.Sprint(cfg.Readers), in, "-o", out, "--text", text}
	}}}
	for _, name := range peers {
		peer, ok := peer(cfg, name)
		if !ok {
			return nil, usageError{fmt.Errorf("%q is no peer; known are ocrmypdf, ocrmypdf-full, tesseract", name)}
		}
		if _, err := exec.LookPath(strings.SplitN(name, "-", 2)[0]); err != nil {
			return nil, fmt.Errorf("finding the peer: %w", err)
		}
		all = append(all, peer)
	}
	return all, nil
}

func peer(cfg *config.Config, name string) (bench.Contender, bool) {
	ocrmypdf := func(more ...string) func(in, out, text string) []string {
		return func(in, out, text string) []string {
			line := []string{
				"ocrmypdf", "-q", "-l", cfg.Languages, "--output-type", "pdfa-2", "--jobs", fmt.Sprint(cfg.Readers),
				"--sidecar", text, "--image-dpi", "200",
			}
			return append(append(line, more...), in, out)
		}
	}
	switch name {
	case "ocrmypdf":
		return bench.Contender{Name: name, PDF: true, Command: ocrmypdf()}, true
	case "ocrmypdf-full":
		return bench.Contender{Name: name, PDF: true, Command: ocrmypdf("--deskew", "--rotate-pages")}, true
	case "tesseract":
		return bench.Contender{
			Name: name, Env: []string{"OMP_THREAD_LIMIT=1"},
			Command: func(in, _, text string) []string {
				return []string{"tesseract", in, strings.TrimSuffix(text, ".txt"), "-l", cfg.Languages}
			},
		}, true
	}
	return bench.Contender{}, false
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
		truth, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".txt") //nolint:gosec // the user names the folder
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		all = append(all, bench.Sample{Path: path, Pages: summary.Pages, Truth: string(truth)})
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("looking for scans below %s: %w", dir, fs.ErrNotExist)
	}
	return all, err
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

func (a *app) table(totals []bench.Total) error {
	t := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', tabwriter.AlignRight)
	lines := []string{"\tpages\tfailed\tCPU s/page\tpages/CPU s\twall s/page\tpeak MiB\tKB/page\tCER %\t+extra %\tWER %\t"}
	for _, s := range totals {
		lines = append(lines, fmt.Sprintf("%s\t%d\t%d\t%.2f\t%.2f\t%.2f\t%d\t%d\t%.2f\t%.2f\t%.2f\t", s.Contender, s.Pages, s.Failed,
			s.CPU, s.PerCPU, s.Wall, s.Memory>>20, s.Bytes>>10, 100*s.CER, 100*s.CERExtra, 100*s.WER))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(t, line); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
	}
	return t.Flush()
}
