package pipeline_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is a parsed Go file of the tree; name is its slash-separated path from
// the root of the module.
type source struct {
	name string
	file *ast.File
}

func (s source) dir() string  { return path.Dir(s.name) }
func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// imports gives the import paths of the file.
func (s source) imports(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		paths = append(paths, p)
	}
	return paths
}

// root is where the module lies, seen from this package.
const root = ".."

// sources parses all Go files of the tree.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "hoso-data"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator))), file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestTopLevel keeps the first look at the tree what the README promises.
func TestTopLevel(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"README.md", "cmd", "go.mod", "go.sum", "pipeline", "storage", "testdata", "workers"}
	var got []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && e.Name() != "hoso-data" {
			got = append(got, e.Name())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the top level holds %q, want %q", got, want)
	}
}

// TestPackageComments wants one paragraph about the idea of each package, in one
// place.
func TestPackageComments(t *testing.T) {
	t.Parallel()
	comments := map[string][]string{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		if _, seen := comments[s.dir()]; !seen {
			comments[s.dir()] = nil
		}
		if s.file.Doc != nil {
			comments[s.dir()] = append(comments[s.dir()], s.name)
		}
	}
	for dir, files := range comments {
		if len(files) != 1 {
			t.Errorf("package %s has %d package comments %q, want one", dir, len(files), files)
		}
	}
}

// below reports whether dir is parent or lies under it.
func below(dir, parent string) bool {
	return dir == parent || strings.HasPrefix(dir, parent+"/")
}

// isVocabulary reports whether a package is one of those that all others share: the
// nouns, and below them the grammars of identifiers, which know nothing of ours.
func isVocabulary(ours string) bool { return ours == "pipeline" || ours == "pipeline/grammar" }

// mayImport says whether code in dir may know the package ours (without the
// module's name). Arrows point down only: cmd, then workers and storage, then the
// stages, then the vocabulary, and in it from the nouns to the grammars.
func mayImport(dir, ours string) bool {
	parts := strings.Split(dir, "/")
	switch {
	case isVocabulary(dir):
		return dir == "pipeline" && isVocabulary(ours)
	case parts[0] == "testdata":
		return isVocabulary(ours) || below(ours, "testdata")
	case below(ours, "testdata"):
		return false
	case parts[0] == "cmd":
		return true
	case parts[0] == "workers":
		return below(ours, "workers") || below(ours, "pipeline")
	case parts[0] == "storage":
		return below(ours, "storage") || isVocabulary(ours)
	case len(parts) > 1: // a stage
		return isVocabulary(ours) || below(ours, "pipeline/"+parts[1])
	}
	return false
}

// TestLayers holds every import of ours to the layers.
func TestLayers(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.isTest() {
			continue // tests may look up to whoever uses their package
		}
		for _, p := range s.imports(t) {
			if ours, ok := strings.CutPrefix(p, "hoso/"); ok && !mayImport(s.dir(), ours) {
				t.Errorf("%s imports %s: arrows point down only", s.name, p)
			}
		}
	}
}

// TestVocabularyIsPure keeps everything but the standard library's tools for values
// out of the packages that all others share; the grammars may also know the forms of
// Unicode.
func TestVocabularyIsPure(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if !isVocabulary(s.dir()) || s.isTest() {
			continue
		}
		for _, p := range s.imports(t) {
			if below(p, "hoso/pipeline") || s.dir() == "pipeline/grammar" && p == "golang.org/x/text/unicode/norm" {
				continue // the first are the business of TestLayers
			}
			first, _, _ := strings.Cut(p, "/")
			io := slices.Contains([]string{"os", "net", "log", "syscall", "database"}, first)
			if strings.Contains(first, ".") || io {
				t.Errorf("%s imports %s: the vocabulary is values, it reads no disk, clock or network", s.name, p)
			}
		}
	}
}

// doors names the only folders in which a large dependency may be known.
func doors() map[string][]string {
	return map[string][]string{
		"C":                                  {"pipeline/prepare/leptonica", "pipeline/recognize/tesseract", "pipeline/codes/zxing", "pipeline/codes/cells"},
		"github.com/otiai10/gosseract":       {"pipeline/recognize/tesseract"},
		"github.com/pdfcpu/pdfcpu":           {"pipeline/intake", "pipeline/compose", "pipeline/sign"},
		"github.com/digitorus/pdf":           {"pipeline/sign"},
		"github.com/notaryproject":           {"pipeline/sign"},
		"github.com/minio/minio-go":          {"storage/objects/s3"},
		"github.com/versity/versitygw":       {"cmd/internal/s3d"},
		"github.com/go-fonts/liberation":     {"pipeline/appearance", "pipeline/separator"},
		"github.com/boombuler/barcode":       {"pipeline/separator", "testdata/paper"},
		"github.com/hibiken/asynq":           {"workers", "cmd"},
		"github.com/redis/go-redis":          {"workers", "cmd"},
		"modernc.org/sqlite":                 {"storage/catalog"},
		"github.com/jackc/pgx":               {"storage/catalog"},
		"github.com/pressly/goose":           {"storage/catalog"},
		"database/sql":                       {"storage/catalog"},
		"github.com/spf13/cobra":             {"cmd"},
		"github.com/vbauerster/mpb":          {"cmd"},
		"github.com/knadh/koanf":             {"cmd/internal/config"},
		"go.yaml.in/yaml":                    {"cmd/internal/config", "pipeline/appearance", "pipeline/extract", "pipeline/policy", "pipeline/shelf"}, // what people write by hand
		"github.com/alexedwards/scs":         {"cmd/internal/web"},
		"software.sslmate.com/src/go-pkcs12": {"cmd", "pipeline/sign"},
	}
}

// TestDoors keeps each large dependency behind its one door, so that replacing it
// is a matter of one folder.
func TestDoors(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.isTest() {
			continue // a test may use the real thing as its judge
		}
		for _, p := range s.imports(t) {
			for dependency, folders := range doors() {
				if below(p, dependency) && !slices.ContainsFunc(folders, func(f string) bool { return below(s.dir(), f) }) {
					t.Errorf("%s imports %s, whose door is %q", s.name, p, folders)
				}
			}
		}
	}
}

// TestNoHiddenState refuses what runs or reads behind the caller's back, and tests
// that can pass without having looked.
func TestNoHiddenState(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s has an init function: wiring is code in cmd", s.name)
				}
			case *ast.SelectorExpr:
				if why := forbidden(s, n); why != "" {
					t.Errorf("%s calls %s: %s", s.name, n.Sel.Name, why)
				}
			}
			return true
		})
	}
}

// forbidden says why a selector may not stand in a file, "" if it may.
func forbidden(s source, n *ast.SelectorExpr) string {
	x, ok := n.X.(*ast.Ident)
	if !ok {
		return ""
	}
	switch x.Name + "." + n.Sel.Name {
	case "os.Getenv", "os.LookupEnv":
		// A main may hand its environment on, as it does its arguments.
		main := s.file.Name.Name == "main" && path.Base(s.name) == "main.go"
		if !s.isTest() && !main && s.dir() != "cmd/internal/config" {
			return "only cmd/internal/config reads the environment"
		}
	case "os.Exit":
		if s.file.Name.Name != "main" && !s.isTest() {
			return "only main exits"
		}
	case "time.Sleep":
		return "wait for an event, or take a clock"
	case "t.Skip", "t.Skipf", "t.SkipNow", "b.Skip", "tb.Skip":
		return "what is missing is a failure, not a pass"
	}
	return ""
}

// TestReadme keeps the README from promising commands and folders that are not
// there.
func TestReadme(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)(?:^|`)hoso ([a-z0-9]+)(?:`| .* # )").FindAllStringSubmatch(string(b), -1) {
		if _, err := os.Stat(filepath.Join(root, "cmd", "hoso", m[1]+".go")); err != nil {
			t.Errorf("the README says %q: %v", "hoso "+m[1], err)
		}
	}
	var parents []string
	for _, m := range regexp.MustCompile(`(?m)^( *)([a-z0-9/]+)/(?: +.*)?$`).FindAllStringSubmatch(string(b), -1) {
		depth := len(m[1]) / 2
		parents = append(parents[:min(depth, len(parents))], m[2])
		if _, err := os.Stat(filepath.Join(append([]string{root}, parents...)...)); err != nil {
			t.Errorf("the README shows a folder: %v", err)
		}
	}
}
