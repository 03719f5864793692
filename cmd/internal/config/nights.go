package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"
)

// Night is a folder that the service works off by itself: each night from Start on, or
// whenever something comes into it where there is no Start.
type Night struct {
	Folder  string `yaml:"folder"`
	Batch   string `yaml:"batch"`   // label of its papers, "" for one made of the folder's name
	Mapping string `yaml:"mapping"` // file, "" for the mapping that comes with hoso
	Start   string `yaml:"start"`   // HH:MM; "" watches the folder all the time
	Until   string `yaml:"until"`   // HH:MM, "" for no end
	Report  string `yaml:"report"`  // folder for the morning reports, "" for none
}

// Nights reads the file with such folders, a YAML list; "" has none.
func Nights(path string) ([]Night, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	var all []Night
	from := yaml.NewDecoder(bytes.NewReader(data))
	from.KnownFields(true)
	if err := from.Decode(&all); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: %w (wanted is a list of: folder, batch, mapping, start, until, report)", ErrSetting, err)
	}
	return all, nil
}
