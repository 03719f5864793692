package pdf

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"hoso/pipeline/intake/fault"
)

// The objects of a PDF as they come from qpdf: numbers are float64, arrays []any,
// and the rest as below.
type (
	name   string         // without the slash
	ref    string         // such as "12 0 R"
	text   string         // the bytes of a string
	dict   map[string]any // keys without the slash
	stream struct {
		dict dict
		file string // its bytes as they are, filters not undone
	}
)

// run is some consecutive pages of a file, cut out of it.
type run struct {
	dir, path   string
	first, last int
	raw         map[string]json.RawMessage
	pages       []dict // with inherited entries
}

var reference = regexp.MustCompile(`^\d+ \d+ R$`)

// resolve follows references; it gives nil for what is not there.
func (r *run) resolve(v any) any {
	for range 16 {
		id, ok := v.(ref)
		if !ok {
			return v
		}
		v = r.object(id)
	}
	return nil
}

func (r *run) object(id ref) any {
	var o struct {
		Value  any `json:"value"`
		Stream *struct {
			File string         `json:"datafile"`
			Dict map[string]any `json:"dict"`
		} `json:"stream"`
	}
	if err := json.Unmarshal(r.raw["obj:"+string(id)], &o); err != nil {
		return nil
	}
	if o.Stream == nil {
		return typed(o.Value)
	}
	d, _ := typed(o.Stream.Dict).(dict)
	return &stream{dict: d, file: filepath.Join(r.dir, filepath.Base(o.Stream.File))}
}

// typed gives JSON values of qpdf their PDF types.
func typed(v any) any {
	switch v := v.(type) {
	case string:
		switch {
		case strings.HasPrefix(v, "/"):
			return name(v[1:])
		case strings.HasPrefix(v, "u:"):
			return ascii(v[2:])
		case strings.HasPrefix(v, "b:"):
			b, err := hex.DecodeString(v[2:])
			if err != nil {
				return nil
			}
			return text(b)
		case reference.MatchString(v):
			return ref(v)
		}
		return nil
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
		return v
	case map[string]any:
		d := make(dict, len(v))
		for k, x := range v {
			d[strings.TrimPrefix(k, "/")] = typed(x)
		}
		return d
	}
	return v
}

// ascii gives a string that qpdf has turned into Unicode; where its bytes cannot be
// known any more it gives nothing.
func ascii(s string) any {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return nil
		}
	}
	return text(s)
}

func (r *run) dict(v any) dict {
	switch v := r.resolve(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (r *run) array(v any) []any {
	a, _ := r.resolve(v).([]any)
	return a
}

func (r *run) name(v any) string {
	n, _ := r.resolve(v).(name)
	return string(n)
}

func (r *run) number(v any, otherwise float64) float64 {
	if n, ok := r.resolve(v).(float64); ok {
		return n
	}
	return otherwise
}

func (r *run) truth(v any) bool {
	b, _ := r.resolve(v).(bool)
	return b
}

func (r *run) numbers(v any) []float64 {
	a := r.array(v)
	out := make([]float64, 0, len(a))
	for _, x := range a {
		n, ok := r.resolve(x).(float64)
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// list finds the pages of the run.
func (r *run) list() error {
	var trailer struct {
		Value map[string]any `json:"value"`
	}
	if err := json.Unmarshal(r.raw["trailer"], &trailer); err != nil {
		return fault.Broken("PDF", err)
	}
	root, _ := typed(trailer.Value).(dict)
	r.tree(r.dict(root["Root"])["Pages"], dict{}, map[ref]bool{})
	if len(r.pages) != r.last-r.first+1 {
		return fault.Broken("PDF", errors.New("pages are missing from the page tree"))
	}
	return nil
}

// tree walks the page tree; entries that a page may inherit are put into it.
func (r *run) tree(node any, inherited dict, seen map[ref]bool) {
	id, ok := node.(ref)
	if !ok || seen[id] || len(seen) > 100_000 {
		return
	}
	seen[id] = true
	d := r.dict(node)
	below := dict{}
	for _, k := range []string{"Resources", "MediaBox", "CropBox", "Rotate"} {
		if v, ok := d[k]; ok {
			below[k] = v
		} else if v, ok := inherited[k]; ok {
			below[k] = v
		}
	}
	if kids := r.array(d["Kids"]); kids != nil {
		for _, kid := range kids {
			r.tree(kid, below, seen)
		}
		return
	}
	for k, v := range below {
		d[k] = v
	}
	if d != nil {
		r.pages = append(r.pages, d)
	}
}
