package pdf

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Value is one PDF value as written. Offset is where it stands in the file, or -1 if
// it comes out of an object stream.
type Value struct {
	Raw    []byte
	Offset int64
}

// Entry is one key of a dictionary, without the slash and with #xx undone.
type Entry struct {
	Key   string
	Value Value
}

// Dict is a dictionary in the order of the file.
type Dict []Entry

// Ref names an indirect object.
type Ref struct{ Number, Generation int }

// String gives the reference as written in a PDF.
func (r Ref) String() string { return fmt.Sprintf("%d %d R", r.Number, r.Generation) }

// Get gives the value of key, an empty Value if there is none.
func (d Dict) Get(key string) Value {
	for _, e := range d {
		if e.Key == key {
			return e.Value
		}
	}
	return Value{}
}

// Twice reports whether key stands more than once in d: readers then disagree.
func (d Dict) Twice(key string) bool {
	n := 0
	for _, e := range d {
		if e.Key == key {
			n++
		}
	}
	return n > 1
}

// With gives d with key set to raw, at its place or at the end.
func (d Dict) With(key, raw string) Dict {
	out := make(Dict, 0, len(d)+1)
	found := false
	for _, e := range d {
		if e.Key == key {
			if found {
				continue
			}
			e.Value, found = Value{Raw: []byte(raw), Offset: -1}, true
		}
		out = append(out, e)
	}
	if !found {
		out = append(out, Entry{key, Value{Raw: []byte(raw), Offset: -1}})
	}
	return out
}

// String writes the dictionary.
func (d Dict) String() string {
	var b strings.Builder
	b.WriteString("<<")
	for _, e := range d {
		b.WriteString("\n/" + escapeName(e.Key) + " ")
		b.Write(e.Value.Raw)
	}
	b.WriteString("\n>>")
	return b.String()
}

func escapeName(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' || isDelimiter(c) || c == '#' {
			fmt.Fprintf(&b, "#%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// IsNull reports whether v is absent or the null object.
func (v Value) IsNull() bool { return len(v.Raw) == 0 || string(v.Raw) == "null" }

// Int gives an integer.
func (v Value) Int() (int64, bool) {
	n, err := strconv.ParseInt(string(v.Raw), 10, 64)
	return n, err == nil
}

// Name gives a name without its slash, "" if v is no name.
func (v Value) Name() string {
	if len(v.Raw) < 2 || v.Raw[0] != '/' {
		return ""
	}
	return unescapeName(string(v.Raw[1:]))
}

func unescapeName(s string) string {
	if !strings.Contains(s, "#") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if c, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.WriteByte(c[0])
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Ref gives the object that v refers to.
func (v Value) Ref() (Ref, bool) {
	f := strings.Fields(string(v.Raw[:min(len(v.Raw), 64)]))
	if len(f) != 3 || f[2] != "R" || !isDigit(v.Raw[0]) {
		return Ref{}, false
	}
	number, err1 := strconv.Atoi(f[0])
	generation, err2 := strconv.Atoi(f[1])
	return Ref{number, generation}, err1 == nil && err2 == nil && number > 0
}

// Dict takes a dictionary apart.
func (v Value) Dict() (Dict, error) {
	if len(v.Raw) < 4 || v.Raw[0] != '<' || v.Raw[1] != '<' {
		return nil, fmt.Errorf("reading dictionary: %w", ErrBroken)
	}
	var out Dict
	i := 2
	for {
		i = skipSpace(v.Raw, i)
		if i+1 < len(v.Raw) && v.Raw[i] == '>' && v.Raw[i+1] == '>' {
			return out, nil
		}
		end, err := skip(v.Raw, i, 1)
		if err != nil || v.Raw[i] != '/' {
			return nil, fmt.Errorf("reading dictionary key: %w", ErrBroken)
		}
		key := unescapeName(string(v.Raw[i+1 : end]))
		i = skipSpace(v.Raw, end)
		end, err = skip(v.Raw, i, 1)
		if err != nil {
			return nil, fmt.Errorf("reading dictionary value: %w", ErrBroken)
		}
		out = append(out, Entry{key, v.part(i, end)})
		i = end
	}
}

// Array takes an array apart.
func (v Value) Array() ([]Value, error) {
	if len(v.Raw) < 2 || v.Raw[0] != '[' {
		return nil, fmt.Errorf("reading array: %w", ErrBroken)
	}
	var out []Value
	i := 1
	for {
		i = skipSpace(v.Raw, i)
		if i < len(v.Raw) && v.Raw[i] == ']' {
			return out, nil
		}
		end, err := skip(v.Raw, i, 1)
		if err != nil {
			return nil, fmt.Errorf("reading array: %w", ErrBroken)
		}
		out = append(out, v.part(i, end))
		i = end
	}
}

func (v Value) part(i, end int) Value {
	offset := int64(-1)
	if v.Offset >= 0 {
		offset = v.Offset + int64(i)
	}
	return Value{v.Raw[i:end:end], offset}
}
