package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"reflect"
	"strings"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed assets/*
var assetFiles embed.FS

// asset is a style sheet, script or picture, named by its content so that browsers
// may keep it for good.
type asset struct {
	body  []byte
	media string
	url   string
}

func loadAssets() (map[string]asset, error) {
	files, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		return nil, fmt.Errorf("reading assets: %w", err)
	}
	out := make(map[string]asset, 2*len(files))
	for _, f := range files {
		body, err := assetFiles.ReadFile("assets/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("reading asset: %w", err)
		}
		ext := path.Ext(f.Name())
		named := strings.TrimSuffix(f.Name(), ext) + "-" + pipeline.Sum(body).String()[:12] + ext
		a := asset{body: body, media: mime.TypeByExtension(ext), url: "/assets/" + named}
		out[f.Name()], out[named] = a, a
	}
	return out, nil
}

func (s *Site) assetURL(name string) string { return s.assets[name].url }

func (s *Site) asset(v *visit) error {
	a, ok := s.assets[v.r.PathValue("name")]
	if !ok || path.Base(a.url) != v.r.PathValue("name") {
		return fs.ErrNotExist
	}
	v.w.Header().Set("Content-Type", a.media)
	v.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = v.w.Write(a.body) // the reader may have gone
	return nil
}

// alive answers whoever watches over the process.
func (s *Site) alive(v *visit) error {
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = v.w.Write([]byte("ok\n"))
	return nil
}

func (s *Site) nowhere(*visit) error { return fs.ErrNotExist }

// loadPages parses every page together with the layout and the parts that pages share.
func loadPages(url, class func(string) string) (map[string]*template.Template, error) {
	shared, err := template.New("").Funcs(words(url, class)).ParseFS(pageFiles, "pages/_*.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the layout: %w", err)
	}
	files, err := fs.Glob(pageFiles, "pages/[a-z]*.html")
	if err != nil {
		return nil, fmt.Errorf("listing pages: %w", err)
	}
	out := make(map[string]*template.Template, len(files))
	for _, f := range files {
		t, err := shared.Clone()
		if err != nil {
			return nil, fmt.Errorf("copying the layout: %w", err)
		}
		if t, err = t.ParseFS(pageFiles, f); err != nil {
			return nil, fmt.Errorf("parsing %s: %w", f, err)
		}
		out[strings.TrimSuffix(path.Base(f), ".html")] = t
	}
	return out, nil
}

func words(url, class func(string) string) template.FuncMap {
	return template.FuncMap{
		"asset": url,
		"kind":  sayKind, "kindShort": sayKindShort, "kindHint": sayKindHint, "state": sayState, "event": sayEvent, "actor": sayActor,
		"field": sayField, "source": saySource, "page": sayPage, "pageTone": tonePage,
		"date": sayDate, "time": sayTime, "clock": sayClock,
		"bytes": sayBytes, "count": func(n any) string { return sayCount(reflect.ValueOf(n).Int()) }, "digest": sayDigest, "role": sayRole,
		"percent": func(f float32) string { return fmt.Sprintf("%.0f %%", f) },
		"inc":     func(n int) int { return n + 1 },
		"prev":    func(n int) int { return n - 1 },
		"need":    sayNeed, "likeness": sayLikeness, "uncoded": sayUncoded, "needTone": toneNeed, "nameOf": nameOf,
		"meaning": sayMeaning, "day": func(s string) string { return sayDay(pipeline.Day(s)) }, "month": sayMonth,
		"class": func(c string) string {
			if class == nil {
				return c
			}
			return orElse(class(c), c)
		},
		"label": sayField, "veil": veiled,
		"arrival": sayArrival, "arrivalMore": sayArrivalMore, "arrivalTone": toneArrival,
		"left": sayLeft, "rate": sayRate,
		"value": func(f pipeline.Field) string { return sayValue(f, class) },
	}
}

// view is what every page is made from.
type view struct {
	Title   string
	Nav     string // the page's name, to mark its link
	Who     gate.Identity
	Token   string // for forms
	Demo    bool
	Agency  string
	Version string
	Govern  bool // may see the accounts
	Deliver bool // may hand in and settle
	Waiting int  // papers that wait for who asks, if they may settle them
	ToSign  int  // and those that wait to be signed
	Signs   bool // officers sign here
	Batches bool // trees of folders are digitized here
	Body    any
}

func (s *Site) view(v *visit, name, title string, body any) view {
	who := v.session.Who
	return view{
		Batches: s.Ledger != nil, Waiting: s.waiting(v), ToSign: s.toSign(v), Signs: s.Desk != nil && s.Policy.Officers(),
		Title: title, Nav: name, Who: who, Token: formToken(v.token), Demo: s.Demo,
		Agency: s.Agency, Version: s.Version, Body: body,
		Govern: gate.May(who, gate.Govern, gate.Thing{}), Deliver: gate.May(who, gate.Deliver, gate.Thing{}),
	}
}

// render answers with a page, made whole before the first byte is sent.
func (s *Site) render(v *visit, status int, name, title string, body any) {
	block := "layout"
	if v.r.Header.Get("Hoso-Fragment") != "" {
		block = "content"
	}
	html, err := s.draw(name, block, s.view(v, name, title, body))
	if err != nil {
		s.Log.LogAttrs(v.r.Context(), slog.LevelError, "drawing a page", slog.String("page", name), slog.Any("error", err))
		http.Error(v.w, "Có lỗi bên trong hệ thống.", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(html) // the reader may have gone
}

func (s *Site) draw(name, block string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, block, data); err != nil {
		return nil, fmt.Errorf("drawing %s: %w", name, err)
	}
	return b.Bytes(), nil
}

func sayRole(r gate.Role) string {
	switch r {
	case gate.Admin:
		return "Quản trị"
	case gate.Clerk:
		return "Cán bộ tiếp nhận"
	case gate.Reader:
		return "Tra cứu"
	}
	return string(r)
}

// dated tells the fields that are days.
func dated(n pipeline.FieldName) bool {
	return n == pipeline.FieldDate || n == pipeline.FieldOwnerBirth || n == pipeline.FieldValidUntil
}

// sayValue writes a field's value: dates are kept as ISO 8601, classes of papers as short
// names, and both are read otherwise.
func sayValue(f pipeline.Field, class func(string) string) string {
	switch {
	case f.Name == pipeline.FieldClass && class != nil && class(f.Value) != "":
		return class(f.Value)
	case dated(f.Name) && len(f.Value) == len("2006-01-02"):
		return f.Value[8:] + "/" + f.Value[5:7] + "/" + f.Value[:4]
	}
	return f.Value
}
