package main

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// device is a scanner: its folder on the shelf and what it says of itself.
type device struct{ folder, maker, model string }

// devices gives the scanners. The glass of the last one gets dirtier through the night.
func devices() []device {
	return []device{{"Máy quét 1", "Canon", "DR-C225 II"}, {"Máy quét 2", "EPSON", "DS-770"}, {"Máy quét 3", "KODAK", "i2420"}}
}

// dossier is a dossier of the shelf.
type dossier struct {
	number  pipeline.DossierNumber
	seed    uint64 // of its receipt, on which the number stands
	owner   string
	folder  string // below the shelf
	box     string // the folder around it
	device  device
	layouts []paper.Layout // of its papers, no two the same
}

// night is a shelf being planned.
type night struct {
	fonts  *paper.Fonts
	r      *rand.Rand
	seed   uint64
	coarse int // divides all resolutions
	clock  time.Time
	all    []dossier
	most   int // papers
	truth  nightTruth
	loose  int // pages taken by the scanner with the dirty glass
	turn   int // of page faults
}

// The layouts of papers on which no dossier number stands.
func plainLayouts() []paper.Layout {
	return []paper.Layout{
		paper.Application, paper.Decision, paper.Declaration, paper.Extract, paper.Certified,
		paper.Minutes, paper.Letter, paper.Notice, paper.Certificate,
	}
}

// titles gives what a clerk calls a paper.
func titles() map[paper.Layout]string {
	return map[paper.Layout]string{
		paper.Receipt: "Giấy tiếp nhận", paper.Application: "Đơn đề nghị", paper.Decision: "Quyết định", paper.Declaration: "Tờ khai",
		paper.Extract: "Trích lục khai sinh", paper.Certified: "Bản sao chứng thực", paper.Minutes: "Biên bản", paper.Letter: "Công văn",
		paper.Notice: "Thông báo", paper.Certificate: "Giấy chứng nhận",
	}
}

// kindOf says what a paper is in its dossier.
func kindOf(l paper.Layout) pipeline.Kind {
	switch {
	case slices.Contains([]paper.Layout{paper.Receipt, paper.Minutes, paper.Notice, paper.Letter}, l):
		return pipeline.Output
	case slices.Contains([]paper.Layout{paper.Decision, paper.Certificate}, l):
		return pipeline.Result
	}
	return pipeline.Component
}

// kindFolder is the folder of a kind within a dossier.
func kindFolder(k pipeline.Kind) string {
	return map[pipeline.Kind]string{pipeline.Component: "Thành phần", pipeline.Output: "Phát sinh", pipeline.Result: "Kết quả"}[k]
}

// papersOf is how many papers a dossier has.
const papersOf = 7

// newNight invents the dossiers.
func newNight(fonts *paper.Fonts, seed uint64, papers int) (*night, error) {
	n := &night{
		fonts: fonts, seed: seed, most: papers, r: rand.New(rand.NewPCG(seed, 0x9187)),
		clock: time.Date(2026, time.March, 5, 22, 0, 0, 0, time.UTC),
	}
	n.truth.Seed = seed
	known := map[string]bool{}
	for at := uint64(0); len(n.all) < (papers+papersOf-1)/papersOf+faultDossiers; at++ {
		d := dossier{seed: seed<<24 | at<<8}
		p := paper.Vary(fonts, paper.Receipt, d.seed)
		var err error
		if d.number, err = pipeline.ParseDossierNumber(p.Facts.Dossier); err != nil {
			return nil, fmt.Errorf("inventing a dossier: %w", err)
		}
		if known[d.number.Key()] {
			continue
		}
		known[d.number.Key()] = true
		d.owner = p.Facts.OwnerName
		n.place(&d, len(n.all))
		n.all = append(n.all, d)
	}
	return n, nil
}

// place gives a dossier its scanner, its box and a folder named in one of the ways in which
// people write numbers.
func (n *night) place(d *dossier, i int) {
	d.device = devices()[i%len(devices())]
	d.box = path.Join(d.device.folder, fmt.Sprintf("Hộp %02d", i/len(devices())/8+1))
	number := d.number.String()
	name := []string{
		number,
		number + " " + d.owner,
		strings.ReplaceAll(number, "-", "_"),
		"hs " + strings.ToLower(strings.ReplaceAll(number, "-", " ")),
		norm.NFD.String("Hồ sơ  " + number + " – " + d.owner),
		strings.ReplaceAll(number, "-", "–"),
		d.owner + " (" + number + ")",
	}[i%7]
	d.folder = path.Join(d.box, name)
	if i%9 == 4 {
		d.folder = path.Join(d.box, "Cặp  A", name)
	}
	d.layouts = []paper.Layout{paper.Receipt}
	all := plainLayouts()
	for k := range papersOf - 1 {
		d.layouts = append(d.layouts, all[(i*3+k)%len(all)])
	}
}

// tick gives the time of the next file: a shelf takes a night.
func (n *night) tick() time.Time {
	n.clock = n.clock.Add(time.Duration(20+n.r.IntN(40)) * time.Second)
	return n.clock
}

// add puts a file on the shelf.
func (n *night) add(f nightFile) *nightFile {
	if f.made.IsZero() {
		f.made = n.tick()
	}
	n.truth.Files = append(n.truth.Files, &f)
	return &f
}

// scan puts a file of shots on the shelf and notes what is wrong with its pages.
func (n *night) scan(name string, f form, by device, fate string, shots []shot) *nightFile {
	shots = slices.Clone(shots)
	file := nightFile{Path: name, Fate: fate, Device: by.folder, Pages: len(shots)}
	for i := range shots {
		s := &shots[i]
		if s.look.DPI == 0 {
			s.look.DPI = 200
			if f == formTIFF || f == formFax {
				s.look.DPI, s.look.Bilevel = 200, true
			}
		}
		if by.folder == devices()[len(devices())-1].folder {
			s.streak = min(1, float64(n.loose)/float64(n.most))
			n.loose++
		}
		note := faultPage{Page: i + 1, Faults: slices.Clone(s.Faults)}
		if s.streak >= 0.1 {
			note.Faults, note.Streak = append(note.Faults, "streak"), s.streak
		}
		if len(note.Faults) > 0 {
			file.Faulty = append(file.Faulty, note)
		}
	}
	file.bytes = func(fonts *paper.Fonts) ([]byte, error) { return f.file(fonts, n.coarse, by, shots) }
	return n.add(file)
}

// paper notes a paper.
func (n *night) paper(p nightPaper) {
	p.ID = fmt.Sprintf("p%04d", len(n.truth.Papers)+1)
	n.truth.Papers = append(n.truth.Papers, p)
}

// pagesIn names pages of a file.
func pagesIn(file string, from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("%s#%d", file, i))
	}
	return all
}
