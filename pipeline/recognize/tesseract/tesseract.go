// Package tesseract reads pages with Tesseract. Gosseract owns the engine's life:
// it makes it, loads the models, sets the variables and takes it down. What its
// interface has no words for (a picture in memory, its resolution, a deadline, and
// all words of one reading at once) is done on the same engine through Tesseract's
// own interface, so that no page is encoded or read twice. Two files, lean.c and
// network.c, stand in for functions inside Tesseract that take long: with them a page
// takes two thirds of the time.
package tesseract

// #cgo pkg-config: tesseract
// #cgo CFLAGS: -O2
// #include <stdlib.h>
// #include "words.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/otiai10/gosseract/v2"

	"hoso/pipeline"
	"hoso/pipeline/recognize"
)

// Options say which models read a page. Zero Options read Vietnamese with the model
// found where distributions put it, and have no second one.
type Options struct {
	Languages string // in order of precedence, such as "vie" or "vie+script/Vietnamese"; "" means "vie"
	Second    string // the model of deep looks, such as "script/Vietnamese"; "" for none
	Models    string // the folder of the models (tessdata); "" looks in the usual places

	// Patience is the processor time after which a picture is not read any further; 0
	// means 8 s, in which three newspaper pages are read.
	Patience time.Duration
}

// Engine is one Tesseract with its models loaded. It reads one picture at a time and
// makes other callers wait.
type Engine struct {
	opt    Options
	mu     sync.Mutex
	first  *model
	second *model // loaded when the first deep look is asked for; nil until then
	closed bool
}

// model is one engine of Tesseract's with the models it was made for.
type model struct {
	client    *gosseract.Client
	api       *C.TessBaseAPI
	languages string
}

// ErrClosed is returned by an Engine that was closed.
var ErrClosed = errors.New("the recognizer is closed")

// New loads the models that opt names, or gives ErrModels. It must not run while the
// process depends on its standard error: gosseract points that elsewhere for the tens
// of milliseconds the models take. Engines are made one after the other. The model
// of deep looks is loaded when it is needed, which many runs never do.
func New(opt Options) (*Engine, error) {
	if opt.Patience == 0 {
		opt.Patience = 8 * time.Second
	}
	if opt.Second != "" {
		if _, _, err := findModels(Options{Languages: opt.Second, Models: opt.Models}); err != nil {
			return nil, err
		}
	}
	first, err := load(opt)
	if err != nil {
		return nil, err
	}
	return &Engine{opt: opt, first: first}, nil
}

func load(opt Options) (*model, error) {
	folder, languages, err := findModels(opt)
	if err != nil {
		return nil, err
	}
	client, err := start(folder, languages)
	if err != nil {
		return nil, err
	}
	handle, err := handleOf(client, strings.Join(languages, "+"))
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return &model{client: client, api: (*C.TessBaseAPI)(handle), languages: strings.Join(languages, "+")}, nil
}

// Name is the engine's name and version.
func (e *Engine) Name() string { return "tesseract " + C.GoString(C.TessVersion()) }

// Languages names the models that have read so far.
func (e *Engine) Languages() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.first == nil:
		return ""
	case e.second == nil:
		return e.first.languages
	}
	return e.first.languages + "+" + e.second.languages
}

// Deep reports whether there is a second model.
func (e *Engine) Deep() bool { return e.opt.Second != "" }

// Close takes the engine down.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all error
	for _, m := range []*model{e.first, e.second} {
		if m != nil {
			all = errors.Join(all, m.client.Close())
		}
	}
	e.first, e.second, e.closed = nil, nil, true
	if all != nil {
		return fmt.Errorf("closing tesseract: %w", all)
	}
	return nil
}

// Read reads a picture; see recognize.Engine. Tesseract looks at the clock between
// words, so it stops within about half a second of ctx.
func (e *Engine) Read(ctx context.Context, img *image.Gray, look recognize.Look) ([]pipeline.Line, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("recognizing: %w", err)
	}
	b := img.Bounds()
	if b.Empty() {
		return nil, errors.New("recognizing an empty image")
	}
	m, err := e.model(look)
	if err != nil {
		return nil, err
	}
	if err := m.look(look); err != nil {
		return nil, err
	}
	// Tesseract copies the pixels here and keeps no pointer to ours.
	at := img.Pix[img.PixOffset(b.Min.X, b.Min.Y):]
	C.TessBaseAPISetImage(m.api, (*C.uchar)(unsafe.Pointer(unsafe.SliceData(at))), C.int(b.Dx()), C.int(b.Dy()), 1, C.int(img.Stride))
	defer C.TessBaseAPIClear(m.api)
	C.TessBaseAPISetSourceResolution(m.api, C.int(min(max(look.DPI, 70), 2400)))
	tired := m.run(ctx, e.opt.Patience)
	if tired != nil && !errors.Is(tired, recognize.ErrTired) {
		return nil, tired
	}
	lines, err := m.collect(b.Min)
	return lines, errors.Join(tired, err)
}

// model gives the model of a look, and loads the second one when it is first needed.
func (e *Engine) model(l recognize.Look) (*model, error) {
	if e.closed {
		return nil, fmt.Errorf("recognizing: %w", ErrClosed)
	}
	if !l.Deep || e.opt.Second == "" {
		return e.first, nil
	}
	if e.second == nil {
		second, err := load(Options{Languages: e.opt.Second, Models: e.opt.Models})
		if err != nil {
			return nil, err
		}
		e.second = second
	}
	return e.second, nil
}

// look sets how the next picture is looked at.
func (m *model) look(l recognize.Look) error {
	mode := C.TessPageSegMode(C.PSM_AUTO)
	switch l.As {
	case recognize.AsPage:
	case recognize.AsBlock:
		mode = C.PSM_SINGLE_BLOCK
	case recognize.AsLine:
		mode = C.PSM_SINGLE_LINE
	case recognize.AsStrip:
		mode = C.PSM_RAW_LINE
	case recognize.AsScatter:
		mode = C.PSM_SPARSE_TEXT
	}
	C.TessBaseAPISetPageSegMode(m.api, mode)
	return m.set("tessedit_char_whitelist", l.Alphabet)
}

func (m *model) set(name, value string) error {
	n, v := C.CString(name), C.CString(value)
	defer C.free(unsafe.Pointer(n))
	defer C.free(unsafe.Pointer(v))
	if C.TessBaseAPISetVariable(m.api, n, v) == 0 {
		return fmt.Errorf("setting tesseract's %s: no such variable", name)
	}
	return nil
}

// run recognizes the image that was set, until ctx or patience ends.
func (m *model) run(ctx context.Context, patience time.Duration) error {
	watch := (*C.hoso_watch)(C.calloc(1, C.sizeof_hoso_watch))
	if watch == nil {
		return errors.New("recognizing: out of memory")
	}
	defer C.free(unsafe.Pointer(watch))
	fired := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(fired)
		C.hoso_raise(watch)
	})
	rc := C.hoso_recognize(m.api, watch, C.int64_t(patience))
	if !cancel() {
		<-fired // watch is still in its hands
	}
	if rc == 0 {
		return nil
	}
	if watch.tired != 0 {
		return fmt.Errorf("recognizing: %w", recognize.ErrTired)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("recognizing: %w", err)
	}
	return fmt.Errorf("recognizing: tesseract returned %d", int(rc))
}

// collect turns the words of the last reading into lines.
func (m *model) collect(origin image.Point) ([]pipeline.Line, error) {
	var found C.hoso_words
	rc := C.hoso_collect(m.api, &found)
	defer C.hoso_release(&found)
	if rc != 0 {
		return nil, errors.New("collecting words: out of memory")
	}
	text := unsafe.Slice((*byte)(unsafe.Pointer(found.text)), int(found.used))
	var lines []pipeline.Line
	last := C.int(0)
	for _, w := range unsafe.Slice(found.words, int(found.count)) {
		if w.line != last || lines == nil {
			lines = append(lines, pipeline.Line{Paragraph: int(w.par)})
			last = w.line
		}
		l := &lines[len(lines)-1]
		l.Words = append(l.Words, pipeline.Word{
			Text:       string(text[w.text : w.text+w.size]),
			Confidence: min(max(float32(w.conf), 0), 100),
			Box: pipeline.Box{
				X0: int(w.x0) + origin.X, Y0: int(w.y0) + origin.Y,
				X1: int(w.x1) + origin.X, Y1: int(w.y1) + origin.Y,
			},
		})
	}
	return lines, nil
}
