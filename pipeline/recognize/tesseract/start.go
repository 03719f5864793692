package tesseract

// #cgo pkg-config: lept
// #include <stdlib.h>
// #include "lean.h"
// #include "words.h"
import "C"

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"github.com/otiai10/gosseract/v2"
)

// starting serialises the making of engines: gosseract redirects the standard error
// of the whole process meanwhile, and two at once would lose it for good.
var starting sync.Mutex //nolint:gochecknoglobals // guards a resource of the process

// ErrModels is returned when no folder holds the models asked for.
var ErrModels = errors.New("no such language model")

// ErrThreads is returned when Tesseract would start threads of its own.
var ErrThreads = errors.New("OMP_THREAD_LIMIT=1 is not in the environment the process was started with")

// CheckThreads reports whether the process was started with OMP_THREAD_LIMIT=1.
// Without it every engine spreads each page over all processors and several
// engines together become a hundred times slower. The runtime library reads the
// variable as it is loaded: setting it from inside is too late, so what counts is
// the environment at the start, which Linux keeps in /proc/self/environ.
func CheckThreads() error {
	env, err := os.ReadFile("/proc/self/environ")
	if err != nil {
		return fmt.Errorf("reading environment: %w", err)
	}
	for entry := range bytes.SplitSeq(env, []byte{0}) {
		if string(entry) == "OMP_THREAD_LIMIT=1" {
			return nil
		}
	}
	return ErrThreads
}

// findModels gives the folder that holds all models, and their names in it. It is
// looked up front because an engine that misses a file writes to a buffer of
// gosseract's that is too small for the message.
func findModels(opt Options) (string, []string, error) {
	wanted := []string{"vie"}
	if opt.Languages != "" {
		wanted = strings.Split(opt.Languages, "+")
	}
	folders := []string{
		"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
		"/usr/share/tessdata", "/usr/local/share/tessdata",
	}
	if opt.Models != "" {
		folders = []string{opt.Models}
	}
	for _, folder := range folders {
		if names := modelsIn(folder, wanted); names != nil {
			return folder, names, nil
		}
	}
	return "", nil, fmt.Errorf("looking for %s in %s: %w", strings.Join(wanted, "+"), strings.Join(folders, ", "), ErrModels)
}

// modelsIn gives the names under which folder holds all models, or nil. Debian
// keeps script models beside the others, the makers in a folder "script".
func modelsIn(folder string, wanted []string) []string {
	var names []string
	for _, name := range wanted {
		if !exists(folder, name) {
			name = strings.TrimPrefix(name, "script/")
		}
		if !exists(folder, name) {
			return nil
		}
		names = append(names, name)
	}
	return names
}

func exists(folder, model string) bool {
	if !filepath.IsLocal(model) || strings.ContainsAny(model, "+~") {
		return false
	}
	info, err := os.Stat(filepath.Join(folder, model+".traineddata"))
	return err == nil && info.Mode().IsRegular()
}

// start makes a client whose engine has its models loaded.
func start(folder string, languages []string) (*gosseract.Client, error) {
	starting.Lock()
	defer starting.Unlock()
	C.hoso_lean(C.bool(networksOnly(folder, languages)))
	client := gosseract.NewClient()
	err := errors.Join(
		client.SetTessdataPrefix(folder),
		client.SetLanguage(languages...),
		// SetPageSegMode before the models are loaded is lost; as a variable it holds.
		client.SetVariable("tessedit_pageseg_mode", "3"),
		// Looking for tables makes whole tables unreadable.
		client.SetVariable("textord_tabfind_find_tables", "0"),
		// A page must read the same whatever was read before it.
		client.SetVariable("tessedit_enable_doc_dict", "0"),
		// The network needs no letters of equal width cut apart, as a typewriter's.
		client.SetVariable("textord_all_prop", "1"),
		client.SetVariable("debug_file", os.DevNull),
		client.SetImageFromBytes(sheet()),
	)
	if err == nil {
		_, err = client.Text() // loads the models; the sheet is white
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting tesseract: %w", err), client.Close())
	}
	return client, nil
}

// networksOnly reports whether no model has parts for the recognizer of Tesseract 3,
// which would be used beside the network. A model begins with the number of its parts,
// at most a few dozen, and where each of them lies: -1 for one that is not there.
func networksOnly(folder string, models []string) bool {
	const shapes = 3 // the part that no model for that recognizer goes without
	for _, model := range models {
		file, err := os.Open(filepath.Join(folder, model+".traineddata"))
		if err != nil {
			return false
		}
		var head struct {
			Parts int32
			At    [shapes + 1]int64
		}
		err = binary.Read(file, binary.LittleEndian, &head)
		if err = errors.Join(err, file.Close()); err != nil {
			return false
		}
		if head.Parts <= shapes || head.Parts > 1<<8 || head.At[shapes] != -1 {
			return false
		}
	}
	return true
}

// sheet is a small white picture.
func sheet() []byte {
	const side = 32
	return append(fmt.Appendf(nil, "P5 %d %d 255\n", side, side), bytes.Repeat([]byte{255}, side*side)...)
}

// handleOf takes the engine out of gosseract's client: a pointer to the same
// tesseract::TessBaseAPI that the C interface works on. Reading an unexported field
// is the price for not keeping a second copy of the models; should the field ever
// change its name or kind, or the engine behind it not be ours, this fails.
func handleOf(client *gosseract.Client, languages string) (unsafe.Pointer, error) {
	field := reflect.ValueOf(client).Elem().FieldByName("api")
	if !field.IsValid() || field.Kind() != reflect.UnsafePointer || field.IsZero() {
		return nil, errors.New("starting tesseract: gosseract does not hold its engine where version 2.4.1 does")
	}
	handle := field.UnsafePointer()
	api := (*C.TessBaseAPI)(handle)
	if got := C.GoString(C.TessBaseAPIGetInitLanguagesAsString(api)); got != languages {
		return nil, fmt.Errorf("starting tesseract: engine says it reads %.40q, not %q", got, languages)
	}
	if C.TessBaseAPIGetPageSegMode(api) != C.PSM_AUTO {
		return nil, errors.New("starting tesseract: engine did not take the page segmentation mode")
	}
	return handle, nil
}

// swift reports whether the functions of network.c do their work in the place of
// Tesseract's, which they only do after reading a page or so.
func swift() bool { return bool(C.hoso_trusted()) }
