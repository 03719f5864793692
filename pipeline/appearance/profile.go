package appearance

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed looks.yaml
var shipped []byte

// Shipped are the profiles that come with hoso, as text.
func Shipped() []byte { return slices.Clone(shipped) }

// None is the name of the profile that shows nothing.
const None = "none"

// Corner is where a signature belongs.
type Corner string

// The corners that the law names.
const (
	TopLeft  Corner = "top-left"
	TopRight Corner = "top-right"
)

// Profile is how signatures of a kind look. The zero Profile shows nothing.
type Profile struct {
	Name   string
	Corner Corner
	Size   float64   // of letters, in points
	Margin float64   // points
	Widths []float64 // of the text, in points, the preferred one first
	Lines  []string
	Seal   bool
}

// IsZero reports whether p shows nothing.
func (p Profile) IsZero() bool { return len(p.Lines) == 0 }

// Profiles are all profiles, by name.
type Profiles map[string]Profile

// ErrProfile is returned for profiles that cannot be used, and for names of none.
var ErrProfile = errors.New("appearance")

// Parse reads profiles as looks.yaml beside this file has them. They stand over those that
// come with hoso: what they do not say is as there.
func Parse(text []byte) (Profiles, error) {
	all := Profiles{}
	for _, source := range [][]byte{shipped, text} {
		if err := all.read(source); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Get gives the profile of a name; the zero Profile for None.
func (all Profiles) Get(name string) (Profile, error) {
	if name == None || name == "" {
		return Profile{}, nil
	}
	p, ok := all[name]
	if !ok {
		return p, fmt.Errorf("%w: there is no profile %.40q", ErrProfile, name)
	}
	return p, nil
}

// written is a profile in a file; nil says nothing.
type written struct {
	Corner *Corner   `yaml:"corner"`
	Size   *float64  `yaml:"size"`
	Margin *float64  `yaml:"margin"`
	Widths []float64 `yaml:"widths"`
	Lines  []string  `yaml:"lines"`
	Seal   *bool     `yaml:"seal"`
}

func (all Profiles) read(text []byte) error {
	var file map[string]written
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrProfile, err)
	}
	for name, w := range file {
		p := all[name]
		p.Name = name
		w.over(&p)
		if err := p.check(); err != nil {
			return fmt.Errorf("%w: profile %.40q: %w", ErrProfile, name, err)
		}
		all[name] = p
	}
	return nil
}

func (w written) over(p *Profile) {
	if w.Corner != nil {
		p.Corner = *w.Corner
	}
	if w.Size != nil {
		p.Size = *w.Size
	}
	if w.Margin != nil {
		p.Margin = *w.Margin
	}
	if w.Widths != nil {
		p.Widths = w.Widths
	}
	if w.Lines != nil {
		p.Lines = w.Lines
	}
	if w.Seal != nil {
		p.Seal = *w.Seal
	}
}

var slot = regexp.MustCompile(`\{[^{}]*\}`)

func (p Profile) check() error {
	switch {
	case p.Name == None:
		return errors.New("this name is kept for showing nothing")
	case len(p.Lines) == 0 || len(p.Lines) > 8:
		return errors.New("lines: want one to eight")
	}
	for _, line := range p.Lines {
		for _, name := range slot.FindAllString(line, -1) {
			if _, ok := (Facts{}).values()[name]; !ok {
				return fmt.Errorf("%.40q is nothing that can be written; want {signer}, {agency}, {form}, {time} or {copied}", name)
			}
		}
	}
	return p.measures()
}

// measures checks the shape of what is shown.
func (p Profile) measures() error {
	switch {
	case p.Corner != TopLeft && p.Corner != TopRight:
		return fmt.Errorf("corner is %.40q; want %s or %s", p.Corner, TopLeft, TopRight)
	case !(p.Size >= 4 && p.Size <= 72):
		return fmt.Errorf("size is %g; want 4 to 72 points", p.Size)
	case !(p.Margin >= 0 && p.Margin <= 200):
		return fmt.Errorf("margin is %g; want 0 to 200 points", p.Margin)
	case len(p.Widths) == 0 || len(p.Widths) > 8 || slices.ContainsFunc(p.Widths, func(w float64) bool { return !(w >= 20 && w <= 14400) }):
		return errors.New("widths: want one to eight numbers of 20 to 14400 points")
	}
	return nil
}

// Facts are what appearances are written from.
type Facts struct {
	Signer string    // who signs
	Agency string    // for which agency
	Form   string    // of the copy: SAO Y, SAO LỤC or TRÍCH SAO
	Time   time.Time // of signing
	Copied time.Time // when the paper was copied
	Notice string    // what stands below in small letters, such as that nothing of it is in force
	Seal   *Image    // in its true size; nil if there is none
}

// zone is the time of Vietnam, which has no other.
func zone() *time.Location { return time.FixedZone("+07", 7*60*60) }

// values gives what slots stand for. Times are in ISO 8601 with the zone.
func (f Facts) values() map[string]string {
	at := func(t time.Time) string { return t.In(zone()).Format("2006-01-02T15:04:05-07:00") }
	return map[string]string{
		"{signer}": f.Signer, "{agency}": f.Agency, "{form}": f.Form, "{time}": at(f.Time), "{copied}": at(f.Copied),
	}
}

// lines fills the slots of a profile; lines that come out empty are left out.
func (p Profile) lines(f Facts) []string {
	values := f.values()
	var all []string
	for _, line := range p.Lines {
		text := plain(slot.ReplaceAllStringFunc(line, func(name string) string { return values[name] }))
		if strings.TrimSpace(text) != "" {
			all = append(all, text)
		}
	}
	return all
}
