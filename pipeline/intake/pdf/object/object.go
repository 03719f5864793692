// Package object reads the values of a PDF that qpdf has listed as JSON, with every
// stream in a file of its own.
package object

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"strings"

	"hoso/pipeline/intake/fault"
)

// The objects of a PDF as they come from qpdf: numbers are float64, arrays []any,
// truths bool, and the rest as below.
type (
	// Name is a name without its slash.
	Name string
	// Ref names another object, such as "12 0 R".
	Ref string
	// Text is the bytes of a string.
	Text string
	// Dict has keys without their slash.
	Dict map[string]any
)

// Stream is a dictionary with bytes, which lie in a file as they came: no filter is
// undone.
type Stream struct {
	Dict Dict
	File string
}

// Set is the objects of a file. All its methods give a zero value for what is not
// there or is something else.
type Set struct {
	dir string
	raw map[string]json.RawMessage
}

// NewSet takes qpdf's list of objects; the files of its streams lie in dir.
func NewSet(list json.RawMessage, dir string) (*Set, error) {
	s := &Set{dir: dir}
	if err := json.Unmarshal(list, &s.raw); err != nil {
		return nil, fault.Broken("PDF", err)
	}
	return s, nil
}

var reference = regexp.MustCompile(`^\d+ \d+ R$`)

// Resolve follows references; it gives nil for what is not there.
func (r *Set) Resolve(v any) any {
	for range 16 {
		id, ok := v.(Ref)
		if !ok {
			return v
		}
		v = r.object(id)
	}
	return nil
}

func (r *Set) object(id Ref) any {
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
	d, _ := typed(o.Stream.Dict).(Dict)
	return &Stream{Dict: d, File: filepath.Join(r.dir, filepath.Base(o.Stream.File))}
}

// typed gives JSON values of qpdf their PDF types.
func typed(v any) any {
	switch v := v.(type) {
	case string:
		switch {
		case strings.HasPrefix(v, "/"):
			return Name(v[1:])
		case strings.HasPrefix(v, "u:"):
			return ascii(v[2:])
		case strings.HasPrefix(v, "b:"):
			b, err := hex.DecodeString(v[2:])
			if err != nil {
				return nil
			}
			return Text(b)
		case reference.MatchString(v):
			return Ref(v)
		}
		return nil
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
		return v
	case map[string]any:
		d := make(Dict, len(v))
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
	return Text(s)
}

// Dict gives a dictionary, also that of a stream.
func (r *Set) Dict(v any) Dict {
	switch v := r.Resolve(v).(type) {
	case Dict:
		return v
	case *Stream:
		return v.Dict
	}
	return nil
}

// Array gives an array.
func (r *Set) Array(v any) []any {
	a, _ := r.Resolve(v).([]any)
	return a
}

// Name gives a name without its slash.
func (r *Set) Name(v any) string {
	n, _ := r.Resolve(v).(Name)
	return string(n)
}

// Number gives a number, or otherwise.
func (r *Set) Number(v any, otherwise float64) float64 {
	if n, ok := r.Resolve(v).(float64); ok {
		return n
	}
	return otherwise
}

// Truth reports a boolean.
func (r *Set) Truth(v any) bool {
	b, _ := r.Resolve(v).(bool)
	return b
}

// Numbers gives an array of nothing but numbers.
func (r *Set) Numbers(v any) []float64 {
	a := r.Array(v)
	out := make([]float64, 0, len(a))
	for _, x := range a {
		n, ok := r.Resolve(x).(float64)
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// Pages lists the pages in order, with the entries that they inherit put in.
func (r *Set) Pages() ([]Dict, error) {
	var trailer struct {
		Value map[string]any `json:"value"`
	}
	if err := json.Unmarshal(r.raw["trailer"], &trailer); err != nil {
		return nil, fault.Broken("PDF", err)
	}
	root, _ := typed(trailer.Value).(Dict)
	w := &walk{set: r, seen: map[Ref]bool{}}
	w.tree(r.Dict(root["Root"])["Pages"], Dict{})
	return w.pages, nil
}

// walk collects pages.
type walk struct {
	set   *Set
	seen  map[Ref]bool
	pages []Dict
}

// tree walks the page tree; entries that a page may inherit are put into it.
func (w *walk) tree(node any, inherited Dict) {
	r := w.set
	id, ok := node.(Ref)
	if !ok || w.seen[id] || len(w.seen) > 100_000 {
		return
	}
	w.seen[id] = true
	d := r.Dict(node)
	below := Dict{}
	for _, k := range []string{"Resources", "MediaBox", "CropBox", "Rotate"} {
		if v, ok := d[k]; ok {
			below[k] = v
		} else if v, ok := inherited[k]; ok {
			below[k] = v
		}
	}
	if kids := r.Array(d["Kids"]); kids != nil {
		for _, kid := range kids {
			w.tree(kid, below)
		}
		return
	}
	if d != nil {
		maps.Copy(d, below)
		w.pages = append(w.pages, d)
	}
}
