package main

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"

	"hoso/testdata/paper"
	"hoso/testdata/wear"
)

// odd is a strange file: its bytes and the words on it, if there are any.
type odd struct {
	name string
	text string
	make func() ([]byte, error)
}

// strange writes pages that no desk expects: what comes of them may be poor, but
// must come, and in bounds.
func (w *writer) strange(ctx context.Context) error {
	for _, o := range append(w.shapes(), w.oddities()...) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		b, err := o.make()
		if err != nil {
			return fmt.Errorf("making %s: %w", o.name, err)
		}
		facts, err := json.Marshal(paper.Truth{Class: "strange", File: o.name, Numbers: []paper.Number{}})
		if err != nil {
			return fmt.Errorf("making %s: %w", o.name, err)
		}
		base := o.name[:len(o.name)-len(filepath.Ext(o.name))]
		for name, content := range map[string][]byte{o.name: b, base + ".txt": []byte(o.text), base + ".json": append(facts, '\n')} {
			if err := os.WriteFile(filepath.Join(w.dir, name), content, 0o600); err != nil {
				return fmt.Errorf("writing %s: %w", name, err)
			}
		}
	}
	return nil
}

// plain makes a grey image whose pixels a function of their place gives.
func plain(width, height int, at func(x, y int) uint8) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		row := img.Pix[y*img.Stride:]
		for x := range width {
			row[x] = at(x, y)
		}
	}
	return img
}

// shapes are pictures without a letter.
func (w *writer) shapes() []odd {
	one := func(v uint8) func(x, y int) uint8 { return func(_, _ int) uint8 { return v } }
	width, height := 1654/w.coarse, 2339/w.coarse
	png := func(name string, width, height int, at func(x, y int) uint8) odd {
		return odd{name, "", func() ([]byte, error) { return paper.PNG(plain(width, height, at), 200) }}
	}
	r := rand.New(rand.NewPCG(1, 2))
	return []odd{
		png("1px.png", 1, 1, one(0)),
		png("1x40000.png", 1, 40000, func(_, y int) uint8 { return uint8(y / 7 % 2 * 255) }),
		png("40000x40.png", 40000, 40, func(x, y int) uint8 { return uint8(255 - x/9%2*(y/20)*200) }),
		png("black.png", width, height, one(0)),
		png("white.png", width, height, one(255)),
		png("checkerboard.png", width, height, func(x, y int) uint8 { return uint8((x/8 + y/8) % 2 * 255) }),
		{"photograph.jpg", "", func() ([]byte, error) {
			img := image.NewRGBA(image.Rect(0, 0, width, height))
			for i := range img.Pix {
				img.Pix[i] = 255
			}
			for range 400 {
				x, y, size := r.IntN(width), r.IntN(height), 10+r.IntN(width/4)
				c := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
				draw.Draw(img, image.Rect(x, y, x+size, y+size/2), image.NewUniform(c), image.Point{}, draw.Src)
			}
			wear.Blur(img, 5)
			wear.Specks(img, 60, 1)
			return paper.JPEG(img, 200, 60)
		}},
	}
}

// oddities are papers of odd layouts, and good papers in odd files.
func (w *writer) oddities() []odd {
	letter := paper.Vary(w.fonts, paper.Letter, 31)
	scan := func(p *paper.Paper, look paper.Look, tag int) func() ([]byte, error) {
		return func() ([]byte, error) {
			img, _ := w.draw(p, 0, look)
			return paper.JPEG(img, tag, 70)
		}
	}
	inverted := func() ([]byte, error) {
		img, dpi := w.draw(letter, 0, clean(31))
		for i := range img.Pix {
			if i%4 < 3 {
				img.Pix[i] = 255 - img.Pix[i]
			}
		}
		return paper.JPEG(img, dpi, 70)
	}
	reversed := func(seed uint64, skew float64) paper.Look {
		look := clean(seed)
		look.Reverse, look.Skew = 0.3, skew
		return look
	}
	files := []odd{
		{"dpi-0.jpg", letter.Text(), scan(letter, clean(31), 0)},
		{"dpi-2400.jpg", letter.Text(), scan(letter, clean(32), 2400)},
		{"inverted.jpg", letter.Text(), inverted},
		{"reverse.jpg", letter.Text(), scan(letter, reversed(31, 0), 200/w.coarse)},
		{"reverse-skewed.jpg", letter.Text(), scan(letter, reversed(32, 2.5), 200/w.coarse)},
	}
	for _, layout := range paper.Oddities() {
		p := paper.Vary(w.fonts, layout, 33)
		if layout == paper.Drawing {
			files = append(files, odd{"a0-" + string(layout) + ".tif", p.Text(), func() ([]byte, error) {
				img, dpi := w.draw(p, 0, paper.Look{DPI: 150, Bilevel: true})
				return paper.TIFF([]image.Image{paper.Bilevel(img)}, dpi)
			}})
			continue
		}
		files = append(files, odd{string(layout) + ".jpg", p.Text(), scan(p, clean(33), 200/w.coarse)})
	}
	return files
}
