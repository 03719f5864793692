// Package config is the one place where hoso learns how it is to run: defaults, over
// them an optional file, over it the environment, over it the flags of the command
// line. Nothing else reads the environment.
//
// Every setting has a working default, with which everything runs embedded on one
// machine. Naming an external part (a Redis, an S3 server, a PostgreSQL, a key, a
// timestamp authority) puts it in the embedded one's place and changes nothing else.
package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Secret is text that does not print.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(hidden)"
}

// Reveal gives the secret itself; there is no other way to it.
func (s Secret) Reveal() string { return string(s) }

// MarshalText hides the secret from JSON and from logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// Config is how hoso is to run. The zero value of a part means the embedded one.
type Config struct {
	Data    string // folder for everything that is kept on this machine, absolute
	Listen  string // address at which the web pages are served
	Address string // of the web pages as people reach them, a URL; "" for that of this machine
	Server  string // for clients: the address of a service elsewhere
	Token   Secret // for clients: the token for Server
	TLSCert string // certificate file for the web pages, PEM; "" for plain HTTP
	TLSKey  string
	Proxy   string // address range of a reverse proxy whose headers are believed

	Redis   Secret // URI of an external queue server; it may hold a password
	Catalog Secret // URI of an external PostgreSQL; it may hold a password
	S3      S3

	Shelves string   // file with the folders that the service works off by itself, "" for none
	Watch   []string // folders that it works off as scans come into them

	PKCS12      string // file with the signing key; "" for the demonstration key
	PKCS12Pass  Secret
	PKCS11      PKCS11
	CSC         CSC
	Trust       []string      // files of trusted root certificates, PEM
	Authorities []string      // addresses of timestamp authorities, tried in order; none for the demonstration authority
	StampTime   time.Duration // for one timestamp
	Level       string        // of signatures: B-LTA, B-LT or B-T
	Revocation  string        // when nobody tells whether a certificate is revoked: wait, later or off
	RenewBefore time.Duration // how long before the end of their proof records are renewed
	DeskTime    time.Duration // that an officer's key has for a signature
	DeskAnyRoot bool          // officers' certificates need not lead to a trusted root
	PIN         Secret        // for desk-sign: of the token, or the password of the key file
	Looks       Looks

	Languages  string   // of the recognizer
	Second     string   // larger model for doubtful words; "auto", or "none"
	Classes    string   // file with the rules of paper classes, "" for those that come with hoso
	Policy     string   // file with the rules of what a person must look at, "" for those that come with hoso
	Code       string   // template of digitization codes
	Ownerless  []string // fields that stand for an owner's number in them
	Models     string   // folder of its models, "" for the system's
	Readers    int      // reader processes at once
	PageTime   time.Duration
	PageMemory int64 // bytes a reader may hold
	MaxFile    int64 // bytes of one original
	Recycle    int   // pages after which a reader is replaced
	AccessCopy bool  // make a light copy of every record, to look at over slow lines
}

// Lasts reports whether records get what proves their signatures later, and are renewed.
// That takes the answers of issuers.
func (c *Config) Lasts() bool { return c.Level != "B-T" && c.Revocation != "off" }

// S3 is an external object storage.
type S3 struct {
	Endpoint  string // URL; "" for the embedded one
	Bucket    string
	Region    string
	AccessKey string
	SecretKey Secret
}

// PKCS11 is a token or a security module that holds the signing key.
type PKCS11 struct {
	Module string // path of its library; "" for none
	Token  string // its label or serial number
	Key    string // label, CKA_ID or SHA-256 of the certificate
	PIN    Secret
}

// CSC is a trust service that holds the signing key.
type CSC struct {
	URL        string // "" for none
	Credential string
	Client     string
	Secret     Secret // of the client
	Token      Secret // access token, instead of a client
	PIN        Secret
}

// Looks is how signatures show on records.
type Looks struct {
	Profiles string // file with profiles, "" for those that come with hoso
	Agency   string // profile of signatures by the agency's key; "none" shows nothing
	Officer  string // of those by officers' keys
	Form     string // of the copy, such as SAO Y
	Name     string // of the agency; "" is what its certificate says
	Seal     string // file with the image of its seal, PNG; "" for none
}

// ErrSetting is returned for a setting that makes no sense.
var ErrSetting = errors.New("bad setting")

// setting is one line of the table of everything that can be set.
type setting struct {
	name    string // in the file; HOSO_NAME in the environment
	preset  string
	about   string
	put     func(c *Config, value string) error
	current func(c *Config) string
}

// Load reads all settings. flags holds those given on the command line, by name;
// lookup asks the environment and is os.LookupEnv in the program.
func Load(flags map[string]string, lookup func(string) (string, bool)) (*Config, error) {
	file, err := readFile(flags["config"], lookup)
	if err != nil {
		return nil, err
	}
	c := &Config{}
	for _, s := range table() {
		value, from := s.preset, "the preset"
		if v, ok := file[s.name]; ok {
			value, from = v, "the configuration file"
		}
		if v, ok := lookup(envName(s.name)); ok {
			value, from = v, envName(s.name)
		}
		if v, ok := flags[s.name]; ok {
			value, from = v, "--"+s.name
		}
		if err := s.put(c, value); err != nil {
			return nil, fmt.Errorf("reading %s from %s: %w: %w", s.name, from, ErrSetting, err)
		}
	}
	for name := range file {
		if !known(name) {
			return nil, fmt.Errorf("reading the configuration file: %q: %w: no such setting", name, ErrSetting)
		}
	}
	return c, nil
}

func envName(name string) string {
	return "HOSO_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func known(name string) bool {
	for _, s := range table() {
		if s.name == name {
			return true
		}
	}
	return false
}

// readFile reads the configuration file: a flat YAML mapping of names to values.
func readFile(named string, lookup func(string) (string, bool)) (map[string]string, error) {
	path := named
	if path == "" {
		path, _ = lookup("HOSO_CONFIG")
	}
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, fmt.Errorf("reading the configuration file: %w", err)
	}
	values := map[string]string{}
	if err := yaml.Unmarshal(data, &values); err != nil {
		return nil, fmt.Errorf("reading the configuration file %s: %w: %w", path, ErrSetting, err)
	}
	return values, nil
}

// Row is a setting as `hoso config` shows it.
type Row struct{ Name, Env, Value, Preset, About string }

// Rows lists all settings with their effective values; secrets stay hidden.
func (c *Config) Rows() []Row {
	var rows []Row
	for _, s := range table() {
		rows = append(rows, Row{s.name, envName(s.name), s.current(c), s.preset, s.about})
	}
	return rows
}

func text(name, preset, about string, field func(*Config) *string) setting {
	return setting{
		name, preset, about,
		func(c *Config, v string) error { *field(c) = strings.TrimSpace(v); return nil },
		func(c *Config) string { return *field(c) },
	}
}

// secret is a setting whose value may also be named by a file, as @/path, so that it
// need not stand in an environment that others can read.
func secret(name, about string, field func(*Config) *Secret) setting {
	return setting{
		name, "", about,
		func(c *Config, v string) error {
			path, isFile := strings.CutPrefix(v, "@")
			if isFile {
				data, err := os.ReadFile(path) //nolint:gosec // the operator names it
				if err != nil {
					return err
				}
				v = strings.TrimRight(string(data), "\r\n")
			}
			*field(c) = Secret(v)
			return nil
		},
		func(c *Config) string { return field(c).String() },
	}
}

// list is a setting of several values with commas between them.
func list(name, about string, field func(*Config) *[]string) setting {
	return setting{
		name, "", about,
		func(c *Config, v string) error {
			*field(c) = nil
			for one := range strings.SplitSeq(v, ",") {
				if one = strings.TrimSpace(one); one != "" {
					*field(c) = append(*field(c), one)
				}
			}
			return nil
		},
		func(c *Config) string { return strings.Join(*field(c), ", ") },
	}
}

func number(name, preset, about string, put func(*Config, int64), get func(*Config) int64) setting {
	return setting{
		name, preset, about,
		func(c *Config, v string) error {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is not a whole number above zero", v)
			}
			put(c, n)
			return nil
		},
		func(c *Config) string { return strconv.FormatInt(get(c), 10) },
	}
}

// choice is a setting that is yes or no.
func choice(name, about string, field func(*Config) *bool) setting {
	return setting{
		name, "no", about,
		func(c *Config, v string) error {
			switch strings.ToLower(strings.TrimSpace(v)) {
			case "yes", "true", "on", "1":
				*field(c) = true
			case "no", "false", "off", "0", "":
				*field(c) = false
			default:
				return fmt.Errorf("%q is neither yes nor no", v)
			}
			return nil
		},
		func(c *Config) string {
			if *field(c) {
				return "yes"
			}
			return "no"
		},
	}
}

// word is a setting with one of a few values, the first of which is preset.
func word(name, about string, values []string, field func(*Config) *string) setting {
	return setting{
		name, values[0], about + ": " + strings.Join(values, ", "),
		func(c *Config, v string) error {
			v = strings.TrimSpace(v)
			if !slices.Contains(values, v) {
				return fmt.Errorf("%q is none of %s", v, strings.Join(values, ", "))
			}
			*field(c) = v
			return nil
		},
		func(c *Config) string { return *field(c) },
	}
}

// address is a setting that is the address of a site.
func address(name, about string, field func(*Config) *string) setting {
	return setting{
		name, "", about,
		func(c *Config, v string) error {
			v = strings.TrimRight(strings.TrimSpace(v), "/")
			u, err := url.Parse(v)
			if err == nil && v != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "") {
				err = fmt.Errorf("%q is no address such as https://hoso.example.vn", v)
			}
			*field(c) = v
			return err
		},
		func(c *Config) string { return *field(c) },
	}
}

// span is a setting of at least a second.
func span(name, preset, about string, field func(*Config) *time.Duration) setting {
	return setting{
		name, preset, about,
		func(c *Config, v string) error {
			d, err := time.ParseDuration(v)
			if err == nil && d < time.Second {
				err = fmt.Errorf("%q is less than a second", v)
			}
			*field(c) = d
			return err
		},
		func(c *Config) string { return field(c).String() },
	}
}

func folder(c *Config, v string) error {
	abs, err := filepath.Abs(v)
	if err != nil {
		return err
	}
	c.Data = abs
	return nil
}

func cores() string { return strconv.Itoa(runtime.NumCPU()) }

// SecondModel is the larger model for doubtful words, "" for none.
func (c *Config) SecondModel() string {
	vietnamese := slices.Contains(strings.Split(c.Languages, "+"), "vie")
	switch {
	case c.Second == "auto" && vietnamese:
		return "script/Vietnamese"
	case c.Second == "auto", c.Second == "none":
		return ""
	}
	return c.Second
}
