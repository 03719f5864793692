// Package tesseract reads pages with Tesseract. Gosseract owns the engine's life:
// it makes it, loads the models, sets the variables and takes it down. What its
// interface has no words for (a picture in memory, its resolution, a deadline, and
// all words of one reading at once) is done on the same engine through Tesseract's
// C interface, so that no page is encoded or read twice.
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
	"unsafe"

	"github.com/otiai10/gosseract/v2"

	"hoso/pipeline"
	"hoso/pipeline/recognize"
)

// Options say which models read a page. Zero Options read Vietnamese with the model
// found where distributions put it.
type Options struct {
	Languages string // in order of precedence, such as "vie" or "vie+script/Vietnamese"; "" means "vie"
	Models    string // the folder of the models (tessdata); "" looks in the usual places
}

// Engine is one Tesseract with its models loaded. It reads one page at a time and
// makes other callers wait.
type Engine struct {
	mu        sync.Mutex
	client    *gosseract.Client
	api       *C.TessBaseAPI
	name      string
	languages string
}

// ErrClosed is returned by an Engine that was closed.
var ErrClosed = errors.New("the recognizer is closed")

// New loads the models that opt names, or gives ErrModels. It must not run while the process depends on its
// standard error: gosseract points that elsewhere for the tens of milliseconds the
// models take. Engines are made one after the other.
func New(opt Options) (*Engine, error) {
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
	return &Engine{
		client: client, api: (*C.TessBaseAPI)(handle),
		name:      "tesseract " + client.Version(),
		languages: strings.Join(languages, "+"),
	}, nil
}

// Close takes the engine down.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.client == nil {
		return nil
	}
	client := e.client
	e.client, e.api = nil, nil
	if err := client.Close(); err != nil {
		return fmt.Errorf("closing tesseract: %w", err)
	}
	return nil
}

// Recognize reads one page; see recognize.Engine. Tesseract looks at the clock
// between words, so it stops within about half a second of ctx.
func (e *Engine) Recognize(ctx context.Context, img *image.Gray, dpi int) (recognize.Result, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.api == nil {
		return recognize.Result{}, fmt.Errorf("recognizing: %w", ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return recognize.Result{}, fmt.Errorf("recognizing: %w", err)
	}
	b := img.Bounds()
	if b.Empty() {
		return recognize.Result{}, errors.New("recognizing an empty image")
	}
	// Tesseract copies the pixels here and keeps no pointer to ours.
	at := img.Pix[img.PixOffset(b.Min.X, b.Min.Y):]
	C.TessBaseAPISetImage(e.api, (*C.uchar)(unsafe.Pointer(unsafe.SliceData(at))), C.int(b.Dx()), C.int(b.Dy()), 1, C.int(img.Stride))
	defer C.TessBaseAPIClear(e.api)
	C.TessBaseAPISetSourceResolution(e.api, C.int(min(max(dpi, 70), 2400)))
	if err := e.run(ctx); err != nil {
		return recognize.Result{}, err
	}
	lines, err := e.collect(b.Min)
	if err != nil {
		return recognize.Result{}, err
	}
	lines, confidence := recognize.Finish(lines, b.Dx(), b.Dy())
	return recognize.Result{Lines: lines, Confidence: confidence, Engine: e.name, Languages: e.languages}, nil
}

// run recognizes the image that was set, until ctx ends.
func (e *Engine) run(ctx context.Context) error {
	stop := (*C.int32_t)(C.calloc(1, C.sizeof_int32_t))
	if stop == nil {
		return errors.New("recognizing: out of memory")
	}
	defer C.free(unsafe.Pointer(stop))
	fired := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(fired)
		C.hoso_raise(stop)
	})
	rc := C.hoso_recognize(e.api, stop)
	if !cancel() {
		<-fired // stop is still in its hands
	}
	if rc == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("recognizing: %w", err)
	}
	return fmt.Errorf("recognizing: tesseract returned %d", int(rc))
}

// collect turns the words of the last reading into lines.
func (e *Engine) collect(origin image.Point) ([]pipeline.Line, error) {
	var found C.hoso_words
	rc := C.hoso_collect(e.api, &found)
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
