package compose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"hoso/pipeline/compose/internal/lazy"
)

// Inspect is the gate: it re-reads the final bytes of a record, signed or not, and
// says what they are. It believes nothing that the writer knows. Whatever is wrong
// with the file becomes a problem in Facts; an error is only a failure to read r, or
// the end of ctx. Memory is bounded for any input: by the number of objects, not by
// the size of the file, and by limits where the file is hostile.
func Inspect(ctx context.Context, r io.ReaderAt, size int64) (Facts, error) {
	watched := &watchedReader{r: r}
	i := &inspection{}
	if err := i.run(ctx, watched, size); err != nil {
		i.facts.problem("%v", err)
	}
	if watched.err != nil {
		return i.facts, fmt.Errorf("reading a record: %w", watched.err)
	}
	if err := ctx.Err(); err != nil {
		return i.facts, fmt.Errorf("reading a record: %w", err)
	}
	return i.facts, nil
}

// watchedReader tells failures of the disk from faults of the file.
type watchedReader struct {
	r   io.ReaderAt
	err error
}

// ReadAt reads from the watched reader.
func (w *watchedReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && w.err == nil {
		w.err = err
	}
	return n, err
}

// inspection is one run of the gate.
type inspection struct {
	file  *lazy.File
	facts Facts
}

func (i *inspection) run(ctx context.Context, r io.ReaderAt, size int64) error {
	i.header(r, size)
	file, err := lazy.Open(r, size)
	if err != nil {
		return err
	}
	i.file = file
	i.trailer()
	catalog, err := i.dict(file.Trailer["Root"])
	if err != nil {
		return err
	}
	if catalog == nil {
		return fmt.Errorf("looking for the catalog: %w", lazy.ErrFormat)
	}
	i.catalog(catalog)
	if err := i.objects(ctx); err != nil {
		return err
	}
	i.attachments(catalog, size)
	if err := i.metadata(catalog); err != nil {
		i.facts.problem("metadata: %v", err)
	}
	return i.pages(ctx, catalog["Pages"])
}

// header reads "%PDF-1.n" and the comment of high bytes (ISO 19005-2, 6.1.2).
func (i *inspection) header(r io.ReaderAt, size int64) {
	var head [16]byte
	n, _ := r.ReadAt(head[:min(int64(len(head)), size)], 0) // a failure is noticed by the watched reader
	b := head[:n]
	if n < 15 || string(b[:7]) != "%PDF-1." || b[7] < '0' || b[7] > '7' {
		i.facts.problem("the file does not begin with a header of PDF 1.0 to 1.7")
		return
	}
	i.facts.Version = string(b[5:8])
	rest := strings.TrimLeft(string(b[8:]), "\r\n")
	if len(rest) < 5 || rest[0] != '%' || rest[1] < 128 || rest[2] < 128 || rest[3] < 128 || rest[4] < 128 {
		i.facts.problem("the header has no line of four high bytes")
	}
}

func (i *inspection) trailer() {
	f := i.file
	i.facts.Revisions, i.facts.Encrypted = f.Revisions, f.Encrypted
	if f.Encrypted {
		i.facts.problem("the file is encrypted")
	}
	if !f.Whole {
		i.facts.problem("bytes follow the last end-of-file marker")
	}
	id, _ := i.value(f.Trailer["ID"]).(lazy.Array)
	if len(id) == 2 {
		first, _ := id[0].(lazy.String)
		i.facts.ID = fmt.Sprintf("%x", clip(string(first), 64))
	}
	if i.facts.ID == "" {
		i.facts.problem("the trailer has no ID")
	}
}

// value follows v; what cannot be read is a problem and counts as nothing.
func (i *inspection) value(v any) any {
	out, err := i.file.Resolve(v)
	if err != nil {
		i.facts.problem("%v", err)
	}
	return out
}

// dict follows v to a dictionary, also that of a stream; nil if it is none.
func (i *inspection) dict(v any) (lazy.Dict, error) {
	v, err := i.file.Resolve(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case lazy.Dict:
		return v, nil
	case lazy.Stream:
		return v.Dict, nil
	}
	return nil, nil
}

func (i *inspection) catalog(catalog lazy.Dict) {
	if v, ok := catalog["Version"].(lazy.Name); ok && v > "1.7" {
		i.facts.problem("the catalog claims a PDF version above 1.7")
	}
	i.intents(catalog["OutputIntents"])
	if form, err := i.dict(catalog["AcroForm"]); err == nil && form != nil {
		if _, ok := form["XFA"]; ok {
			i.facts.problem("the form is an XFA form")
		}
		if form["NeedAppearances"] == true {
			i.facts.problem("the form asks viewers for appearances")
		}
	}
}

// intents looks for the output intent of PDF/A with a profile.
func (i *inspection) intents(v any) {
	intents, _ := i.value(v).(lazy.Array)
	for _, v := range intents[:min(len(intents), 16)] {
		intent, err := i.dict(v)
		if err != nil || intent["S"] != lazy.Name("GTS_PDFA1") {
			continue
		}
		if profile, ok := i.value(intent["DestOutputProfile"]).(lazy.Stream); ok && profile.Length > 0 {
			i.facts.OutputIntent = true
		}
	}
	if !i.facts.OutputIntent {
		i.facts.problem("there is no output intent with a profile")
	}
}

// objects looks at every object in use, reachable or not.
func (i *inspection) objects(ctx context.Context) error {
	for ref := range i.file.Objects() {
		if ctx.Err() != nil {
			return nil // Inspect itself reports the end of ctx
		}
		v, err := i.file.Object(ref)
		if err != nil {
			if len(i.facts.Problems) >= maxProblems {
				return nil
			}
			i.facts.problem("%v", err)
			continue
		}
		if s, ok := v.(lazy.Stream); ok {
			i.stream(ref, s)
			v = s.Dict
		}
		i.look(v, 0)
	}
	if i.facts.Actions > 0 {
		i.facts.problem("there are %d scripts or actions", i.facts.Actions)
	}
	return nil
}

// stream checks what PDF/A-2 asks of every stream (ISO 19005-2, 6.1.7).
func (i *inspection) stream(ref lazy.Ref, s lazy.Stream) {
	for _, key := range []lazy.Name{"F", "FFilter", "FDecodeParms"} {
		if _, ok := s.Dict[key]; ok {
			i.facts.problem("stream %d lies outside the file", ref.Num)
		}
	}
	filters, ok := i.value(s.Dict["Filter"]).(lazy.Array)
	if !ok {
		filters = lazy.Array{i.value(s.Dict["Filter"])}
	}
	for _, f := range filters[:min(len(filters), 16)] {
		if f == lazy.Name("LZWDecode") || f == lazy.Name("Crypt") {
			i.facts.problem("stream %d uses filter %v", ref.Num, f)
		}
	}
	if s.Dict["Subtype"] == lazy.Name("Image") && s.Dict["Interpolate"] == true {
		i.facts.problem("image %d asks for interpolation", ref.Num)
	}
}

// look counts scripts, actions, attachments and signatures in a value.
func (i *inspection) look(v any, depth int) {
	switch v := v.(type) {
	case lazy.Array:
		for _, x := range v {
			i.look(x, depth+1)
		}
	case lazy.Dict:
		if isAction(v) {
			i.facts.Actions++
		}
		if v["Type"] == lazy.Name("Filespec") || v["Type"] == lazy.Name("EmbeddedFile") {
			i.facts.Attachments++
		}
		if _, ok := v["ByteRange"]; ok {
			i.facts.Signatures++
		}
		for _, x := range v {
			i.look(x, depth+1)
		}
	}
}

// isAction knows a dictionary that makes a viewer do something: by being an action,
// or by hanging actions on the document, a page or a field.
func isAction(d lazy.Dict) bool {
	_, opens := d["OpenAction"]
	_, place := d["OpenAction"].(lazy.Array) // merely where to begin reading
	if d["Type"] == lazy.Name("Catalog") && opens && !place {
		return true
	}
	_, field := d["FT"]
	if _, ok := d["AA"]; ok {
		switch d["Type"] {
		case lazy.Name("Catalog"), lazy.Name("Page"), lazy.Name("Annot"):
			return true
		}
		if field {
			return true
		}
	}
	switch d["S"] {
	case lazy.Name("JavaScript"), lazy.Name("Launch"), lazy.Name("URI"), lazy.Name("GoToR"), lazy.Name("GoToE"),
		lazy.Name("SubmitForm"), lazy.Name("ResetForm"), lazy.Name("ImportData"), lazy.Name("Movie"),
		lazy.Name("Sound"), lazy.Name("Hide"), lazy.Name("SetOCGState"), lazy.Name("Rendition"),
		lazy.Name("GoTo3DView"), lazy.Name("Named"), lazy.Name("Thread"):
		return true
	}
	return false
}

func clip(s string, n int) string { return s[:min(len(s), n)] }
