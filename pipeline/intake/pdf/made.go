package pdf

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/helper"
	"hoso/pipeline/intake/jpeg"
	"hoso/pipeline/intake/pdf/object"
)

// Made is what a file says of its making, as it stands there; "" for what it does not
// say.
type Made struct {
	Creator  string // the program that made the pages
	Producer string // the one that made them a PDF
	Make     string // of the scanner
	Model    string // likewise
}

// Bounds on each of the questions, of which there are at most four: no answer is worth more.
const (
	madeTime = 5 * time.Second // of a processor
	madeSize = 1 << 20         // bytes of JSON
	madeText = 256             // bytes of a value
)

// Made asks the information dictionary; if it says nothing, the metadata of the file
// (XMP), and then the photographs on the first page. Neither who wrote the file nor its
// title is looked at. Whatever goes wrong, there is an answer.
func (f *File) Made(ctx context.Context) Made {
	if m := f.described(ctx); m != (Made{}) {
		return m
	}
	return f.photographed(ctx)
}

// described is what the file says as a whole.
func (f *File) described(ctx context.Context) Made {
	var trailer struct {
		Root any `json:"/Root"`
		Info any `json:"/Info"`
	}
	if !f.value(ctx, "trailer", &trailer) {
		return Made{}
	}
	var info struct {
		Creator  any `json:"/Creator"`
		Producer any `json:"/Producer"`
	}
	if id, ok := number(trailer.Info); ok && f.value(ctx, id, &info) {
		if m := (Made{Creator: textOf(info.Creator), Producer: textOf(info.Producer)}); m != (Made{}) {
			return m
		}
	}
	var catalog struct {
		Metadata any `json:"/Metadata"`
	}
	if id, ok := number(trailer.Root); !ok || !f.value(ctx, id, &catalog) {
		return Made{}
	}
	id, ok := number(catalog.Metadata)
	if !ok {
		return Made{}
	}
	return madeBy(f.stream(ctx, id))
}

// photographed is what the JPEGs on the first page say (EXIF). The page is cut out for
// that, as it is to be read anyhow.
func (f *File) photographed(ctx context.Context) Made {
	const most, head = 8, 128 << 10
	p, err := f.page(ctx, 1)
	if err != nil {
		return Made{}
	}
	images := p.run.Dict(p.run.Dict(p.dict["Resources"])["XObject"])
	for i, name := range slices.Sorted(maps.Keys(images)) {
		s, ok := p.run.Resolve(images[name]).(*object.Stream)
		if !ok || i >= most {
			continue
		}
		if all := p.run.Filters(s.Dict); len(all) != 1 || all[0].Name != string(pipeline.DCT) {
			continue
		}
		info, _ := jpeg.Parse(beginning(s.File, head)) // what is cut off says so
		if m := (Made{Make: info.Make, Model: info.Model}); m != (Made{}) {
			return m
		}
	}
	return Made{}
}

// beginning gives the first bytes of a file, none if it cannot be read.
func beginning(path string, n int64) []byte {
	file, err := os.Open(path) //nolint:gosec // put down by qpdf in a folder of our own
	if err != nil {
		return nil
	}
	defer file.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(io.LimitReader(file, n))
	if err != nil {
		return nil
	}
	return b
}

// number takes the number of an object out of a reference such as "12 0 R", in the form
// qpdf wants it.
func number(ref any) (string, bool) {
	s, _ := ref.(string)
	parts := strings.Fields(s)
	if len(parts) != 3 || parts[2] != "R" {
		return "", false
	}
	return parts[0] + "," + parts[1], true
}

// textOf gives a string of which qpdf knows the letters.
func textOf(v any) string {
	s, _ := v.(string)
	s, ok := strings.CutPrefix(s, "u:")
	if !ok {
		return ""
	}
	return s[:min(len(s), madeText)]
}

// listed is one object as qpdf lists it.
type listed struct {
	Value  json.RawMessage `json:"value"`
	Stream struct {
		Data string `json:"data"` // base 64
	} `json:"stream"`
}

// object asks for one object of the file.
func (f *File) object(ctx context.Context, id string, more ...string) (listed, bool) {
	args := append([]string{"--warning-exit-0", "--json=2", "--json-key=qpdf", "--json-object=" + id}, more...)
	job := helper.Job{Name: "qpdf", Args: append(args, f.path), Dir: f.opt.Dir, Limit: madeSize, Time: min(madeTime, f.opt.Time)}
	out, err := helper.Output(ctx, job)
	var doc struct {
		QPDF []json.RawMessage `json:"qpdf"`
	}
	if err != nil || json.Unmarshal(out, &doc) != nil || len(doc.QPDF) < 2 {
		return listed{}, false
	}
	var all map[string]listed
	if json.Unmarshal(doc.QPDF[1], &all) != nil {
		return listed{}, false
	}
	for _, o := range all { // it is the only one
		return o, true
	}
	return listed{}, false
}

func (f *File) value(ctx context.Context, id string, into any) bool {
	o, ok := f.object(ctx, id)
	return ok && json.Unmarshal(o.Value, into) == nil
}

func (f *File) stream(ctx context.Context, id string) []byte {
	o, _ := f.object(ctx, id, "--json-stream-data=inline", "--decode-level=generalized")
	data, err := base64.StdEncoding.DecodeString(o.Stream.Data)
	if err != nil {
		return nil
	}
	return data
}

var property = regexp.MustCompile(`\b(xmp:CreatorTool|pdf:Producer|tiff:Make|tiff:Model)(?:\s*=\s*["']([^"'<>]{1,256})["']|\s*>([^<>]{1,256})<)`)

// madeBy looks for four properties in metadata, which may be anything.
func madeBy(xmp []byte) Made {
	var m Made
	for _, found := range property.FindAllSubmatch(xmp, 16) {
		value := html.UnescapeString(string(found[2]) + string(found[3]))
		switch string(found[1]) {
		case "xmp:CreatorTool":
			m.Creator = value
		case "pdf:Producer":
			m.Producer = value
		case "tiff:Make":
			m.Make = value
		case "tiff:Model":
			m.Model = value
		}
	}
	return m
}
