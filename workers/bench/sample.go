package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hoso/pipeline"
)

// Sample is a file to run on and what is known of it.
type Sample struct {
	Path  string
	Name  string // how reports call it
	Pages int
	Known bool   // somebody knows what stands on it:
	Truth string // this; a blank page has the truth ""
	About

	twin   int  // index of the twin among the samples, or -1; see paired
	isTwin bool // of another
}

func (s Sample) stem() string { return strings.TrimSuffix(s.Path, filepath.Ext(s.Path)) }

// About is what the file of the same name and the ending .json says of a scan; all of
// it may be missing.
type About struct {
	Class     string             // how the page came to look as it does, such as "phone"
	Layout    string             // what is on it, such as "decision"
	Numbers   []Number           // what must be read to the letter
	UnderSeal []string           // words of the truth that a seal lies over
	Stamps    []string           // what stands on it besides the truth, such as ĐẾN; it may be read or not
	Regions   *[]pipeline.Region // what people put onto the print of its only page; nil if nobody knows
	Fields    Fields             // what the paper says of itself; nil if nobody knows
	Codes     *[]pipeline.Code   // QR codes and barcodes on its only page; nil if nobody knows
	Twin      string             // file in the same folder: the same page without its seal; without a word, the name + "-bare"
}

// bare ends the name of a scan without the seal that its twin has.
const bare = "-bare"

// Number is something that is worthless if one letter of it is wrong.
type Number struct {
	Kind string `json:"kind"` // such as "dossier", "id", "money", "date"
	Text string `json:"text"`
}

// Know adds what stands in the files beside the scan: the truth (.txt) and what is
// said about it (.json). What is missing stays unknown; so do members of the JSON
// that are of another form, for the file may serve others too.
func (s *Sample) Know() error {
	stem := s.stem()
	truth, known, err := optional(stem + ".txt")
	if err != nil {
		return err
	}
	s.Truth, s.Known = string(truth), known
	about, known, err := optional(stem + ".json")
	if err != nil || !known {
		return err
	}
	if s.About, err = parseAbout(about); err != nil {
		return fmt.Errorf("reading %s.json: %w", stem, err)
	}
	return nil
}

func parseAbout(b []byte) (About, error) {
	var members map[string]json.RawMessage
	var other *json.UnmarshalTypeError
	if err := json.Unmarshal(b, &members); err != nil && !errors.As(err, &other) {
		return About{}, err
	}
	return About{
		Class: member[string](members["class"]), Layout: member[string](members["layout"]),
		Numbers: member[[]Number](members["numbers"]), UnderSeal: member[[]string](members["under_seal"]),
		Regions: member[*[]pipeline.Region](members["regions"]), Codes: member[*[]pipeline.Code](members["codes"]),
		Stamps: member[[]string](members["stamps"]), Twin: member[string](members["twin"]),
		Fields: fieldsOf(members),
	}, nil
}

// member is zero for what is missing or of another form.
func member[T any](raw json.RawMessage) T {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return *new(T)
	}
	return v
}

func optional(path string) ([]byte, bool, error) {
	b, err := os.ReadFile(path) //nolint:gosec // the user names the folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return b, err == nil, err
}

// paired marks which samples are twins of others. A twin that the files call of the
// class of the page it belongs to becomes a class of its own.
func paired(samples []Sample) []Sample {
	samples = slices.Clone(samples)
	at := map[string]int{}
	for i, s := range samples {
		at[s.Path], at[s.stem()] = i, i
	}
	for i := range samples {
		samples[i].twin = -1
		name := samples[i].stem() + bare
		if samples[i].Twin != "" {
			name = filepath.Join(filepath.Dir(samples[i].Path), samples[i].Twin)
		}
		if j, ok := at[name]; ok && j != i {
			samples[i].twin, samples[j].isTwin = j, true
		}
	}
	for _, s := range samples {
		if s.twin >= 0 && samples[s.twin].Class == s.Class && s.Class != "" {
			samples[s.twin].Class += bare
		}
	}
	return samples
}
