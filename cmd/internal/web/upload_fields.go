package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

const (
	mostListed    = 64   // fields
	longestListed = 2000 // bytes of a value
)

// listedFields reads what a sender says that a list states of a paper. However sure the
// sender is, it is a list's word and not a person's.
func listedFields(header string) ([]pipeline.Field, error) {
	if header == "" {
		return nil, nil
	}
	text, err := url.PathUnescape(header)
	if err != nil {
		return nil, err
	}
	var said []struct {
		Name  pipeline.FieldName `json:"name"`
		Value string             `json:"value"`
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		return nil, err
	}
	if len(said) > mostListed {
		return nil, fmt.Errorf("%d fields, want at most %d", len(said), mostListed)
	}
	names := append(pipeline.ReadFields(), pipeline.FieldClass, pipeline.FieldComponent)
	var fields []pipeline.Field
	for _, s := range said {
		value := oneLine(s.Value)
		if !slices.Contains(names, s.Name) || s.Name == pipeline.FieldPages || value == "" || len(value) > longestListed {
			return nil, fmt.Errorf("a field %.40q is unknown, empty or too long", s.Name)
		}
		fields = pipeline.WithField(fields, pipeline.Field{Name: s.Name, Value: value, Confidence: 100, Source: pipeline.ByList})
	}
	return fields, nil
}

// oneLine is text without what cannot be seen.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(norm.NFC.String(s), ""))
	return strings.Join(strings.Fields(s), " ")
}
