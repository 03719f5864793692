package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/config"
)

// environment asks a map as the program asks its environment.
func environment(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok
	}
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, flags, env map[string]string) *config.Config {
	t.Helper()
	c, err := config.Load(flags, environment(env))
	if err != nil {
		t.Fatalf("Load(%v, %v): %v", flags, env, err)
	}
	return c
}

// TestPresetsWork: nothing needs to be set.
func TestPresetsWork(t *testing.T) {
	t.Parallel()
	c := load(t, nil, nil)
	if !filepath.IsAbs(c.Data) || filepath.Base(c.Data) != "hoso-data" {
		t.Errorf("Data = %q, want an absolute path to hoso-data", c.Data)
	}
	if c.Redis != "" || c.Catalog != "" || c.S3.Endpoint != "" || c.PKCS12 != "" || len(c.Authorities) > 0 {
		t.Errorf("%+v, want every part embedded", c)
	}
	if c.Readers < 1 || c.PageTime != time.Minute || c.PageMemory != 1<<30 || c.Recycle < 1 || c.MaxFile < 1<<30 || c.Languages != "vie" {
		t.Errorf("%+v, want sensible bounds", c)
	}
	if !strings.HasPrefix(c.Listen, "127.0.0.1:") {
		t.Errorf("Listen = %q, want nobody else reached without being asked", c.Listen)
	}
}

// TestPrecedence: a flag before the environment, that before the file, that before
// the preset; an empty value is a value.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	path := file(t, "hoso.yaml", "listen: from-file:1\nlanguages: eng\nreaders: 3\n")
	named := map[string]string{"config": path}
	for _, c := range []struct {
		name       string
		flags, env map[string]string
		want       string
	}{
		{"preset", nil, nil, "127.0.0.1:8080"},
		{"file by flag", named, nil, "from-file:1"},
		{"file by environment", nil, map[string]string{"HOSO_CONFIG": path}, "from-file:1"},
		{"environment", named, map[string]string{"HOSO_LISTEN": "from-env:2"}, "from-env:2"},
		{"empty environment", named, map[string]string{"HOSO_LISTEN": ""}, ""},
		{"flag", map[string]string{"config": path, "listen": "from-flag:3"}, map[string]string{"HOSO_LISTEN": "from-env:2"}, "from-flag:3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := load(t, c.flags, c.env).Listen; got != c.want {
				t.Errorf("Listen = %q, want %q", got, c.want)
			}
		})
	}
	if c := load(t, named, map[string]string{"HOSO_READERS": "5"}); c.Languages != "eng" || c.Readers != 5 {
		t.Errorf("languages %q, readers %d: what is not overridden stays the file's", c.Languages, c.Readers)
	}
}

// TestSecretsStayHidden whichever way a configuration is printed.
func TestSecretsStayHidden(t *testing.T) {
	t.Parallel()
	env := map[string]string{}
	for i, name := range []string{"TOKEN", "REDIS", "CATALOG", "S3_SECRET_KEY", "PKCS12_PASSWORD", "PKCS11_PIN", "CSC_SECRET", "CSC_TOKEN", "CSC_PIN"} {
		env["HOSO_"+name] = fmt.Sprintf("sésame%d", i)
	}
	c := load(t, nil, env)
	told, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := json.Marshal(c.Rows())
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", slog.Any("config", c), slog.Any("token", c.Token))
	for way, text := range map[string]string{
		"%v": fmt.Sprintf("%v", c), "%+v": fmt.Sprintf("%+v", *c), "%#v": fmt.Sprintf("%#v", *c),
		"%q": fmt.Sprintf("%q", c.Token), "%x": fmt.Sprintf("%x", c.Token), "JSON": string(told), "rows": string(rows), "log": log.String(),
	} {
		if strings.Contains(text, "sésame") || strings.Contains(text, fmt.Sprintf("%x", "sésame")) {
			t.Errorf("%s shows a secret: %s", way, text)
		}
	}
	for i, s := range []config.Secret{c.Token, c.Redis, c.Catalog, c.S3.SecretKey, c.PKCS12Pass, c.PKCS11.PIN, c.CSC.Secret, c.CSC.Token, c.CSC.PIN} {
		if want := fmt.Sprintf("sésame%d", i); s.Reveal() != want {
			t.Errorf("a secret is %q, want %q", s.Reveal(), want)
		}
	}
	if got := load(t, nil, nil).Token.String(); got != "" {
		t.Errorf("no secret is shown as %q: nobody could tell that it is missing", got)
	}
}

// TestSecretsFromFiles need not stand in an environment that others can read.
func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	path := file(t, "token", "  mật khẩu@1 \n")
	if got := load(t, map[string]string{"token": "@" + path}, nil).Token.Reveal(); got != "  mật khẩu@1 " {
		t.Errorf("token = %q, want all but the end of the line", got)
	}
	_, err := config.Load(nil, environment(map[string]string{"HOSO_TOKEN": "@" + path + ".gone"}))
	if !errors.Is(err, config.ErrSetting) || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "HOSO_TOKEN") {
		t.Errorf("Load = %v, want to be told what is missing for HOSO_TOKEN", err)
	}
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		flags, env map[string]string
		says       string
	}{
		{"unknown name", map[string]string{"config": file(t, "a.yaml", "lissten: x\n")}, nil, `"lissten"`},
		{"no mapping", map[string]string{"config": file(t, "a.yaml", "- x\n- y\n")}, nil, "a.yaml"},
		{"no YAML", map[string]string{"config": file(t, "a.yaml", "a: [\n")}, nil, "a.yaml"},
		{"no number", nil, map[string]string{"HOSO_READERS": "many"}, "readers from HOSO_READERS"},
		{"no readers", map[string]string{"readers": "0"}, nil, "readers from --readers"},
		{"negative", nil, map[string]string{"HOSO_MAX_FILE": "-1"}, "max-file"},
		{"too large", nil, map[string]string{"HOSO_PAGE_MEMORY": "99999999999999999999"}, "page-memory"},
		{"no duration", nil, map[string]string{"HOSO_PAGE_TIME": "60"}, "page-time"},
		{"too short", nil, map[string]string{"HOSO_PAGE_TIME": "10ms"}, "page-time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(c.flags, environment(c.env))
			if !errors.Is(err, config.ErrSetting) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Load = %v, want a bad setting that names %s", err, c.says)
			}
		})
	}
	_, err := config.Load(map[string]string{"config": filepath.Join(t.TempDir(), "none.yaml")}, environment(nil))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Load = %v, want the missing file named", err)
	}
}

// TestRows list every setting once, with the name under which it is set.
func TestRows(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	c := load(t, nil, map[string]string{"HOSO_TRUST": "a.pem, b.pem"})
	for _, r := range c.Rows() {
		if seen[r.Name] || r.About == "" || r.Env != "HOSO_"+strings.ToUpper(strings.ReplaceAll(r.Name, "-", "_")) {
			t.Errorf("%+v: stands twice, says too little, or has another name in the environment", r)
		}
		seen[r.Name] = true
		if r.Name == "trust" && r.Value != "a.pem, b.pem" {
			t.Errorf("trust is shown as %q", r.Value)
		}
		if r.Preset != "" && r.Value == "" {
			t.Errorf("%s is empty though its preset is %q", r.Name, r.Preset)
		}
	}
	if len(seen) < 20 {
		t.Errorf("%d settings, want them all", len(seen))
	}
}

// TestSecondModel: words of other languages are not looked at again with a model of
// Vietnamese letters, unless somebody says so.
func TestSecondModel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ languages, second, want string }{
		{"vie", "auto", "script/Vietnamese"},
		{"eng+vie", "auto", "script/Vietnamese"},
		{"eng", "auto", ""},
		{"vie", "none", ""},
		{"eng", "script/Latin", "script/Latin"},
	} {
		got := load(t, nil, map[string]string{"HOSO_LANGUAGES": c.languages, "HOSO_SECOND_MODEL": c.second}).SecondModel()
		if got != c.want {
			t.Errorf("%s with %s: second model %q, want %q", c.languages, c.second, got, c.want)
		}
	}
}
