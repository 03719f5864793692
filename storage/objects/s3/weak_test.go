package s3_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hoso/storage/objects/s3"
)

// weak is the worst server that still speaks S3: it knows neither conditions nor
// digests nor signatures, and can be told to misbehave further.
type weak struct {
	mu      sync.Mutex
	kept    map[string][]byte
	answers atomic.Pointer[func(http.ResponseWriter, *http.Request) bool] // true if it answered
	asked   atomic.Int64
}

func startWeak(t *testing.T) (*weak, s3.Config) {
	t.Helper()
	w := &weak{kept: map[string][]byte{}}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return w, s3.Config{
		Endpoint: strings.TrimPrefix(server.URL, "http://"), Bucket: "hoso",
		AccessKey: "test", SecretKey: "test-secret",
	}
}

func openWeak(t *testing.T) (*weak, *s3.Store) {
	t.Helper()
	w, cfg := startWeak(t)
	store, err := s3.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w, store
}

// misbehave sets what happens before a request is served.
func (w *weak) misbehave(f func(http.ResponseWriter, *http.Request) bool) { w.answers.Store(&f) }

// refuse answers everything with an S3 error.
func refuse(status int, code string) func(http.ResponseWriter, *http.Request) bool {
	return func(out http.ResponseWriter, _ *http.Request) bool {
		out.WriteHeader(status)
		_, _ = io.WriteString(out, "<Error><Code>"+code+"</Code><Message>no</Message></Error>")
		return true
	}
}

func (w *weak) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	w.asked.Add(1)
	if f := w.answers.Load(); f != nil && (*f)(out, in) {
		return
	}
	key := strings.TrimPrefix(in.URL.Path, "/hoso/")
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return // the sender broke off
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case in.URL.Query().Has("list-type"):
		w.list(out, in.URL.Query().Get("prefix"))
	case in.URL.RawQuery != "":
		refuse(http.StatusNotImplemented, "NotImplemented")(out, in)
	case in.Method == http.MethodPut:
		w.kept[key] = body
	case in.Method == http.MethodDelete:
		delete(w.kept, key)
		out.WriteHeader(http.StatusNoContent)
	case key == "": // the bucket
	case w.kept[key] == nil:
		refuse(http.StatusNotFound, "NoSuchKey")(out, in)
	default:
		out.Header().Set("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT")
		out.Header().Set("Content-Length", strconv.Itoa(len(w.kept[key])))
		_, _ = out.Write(w.kept[key])
	}
}

func (w *weak) list(out io.Writer, prefix string) {
	type contents struct{ Key string }
	var answer struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []contents
	}
	for key := range w.kept {
		if strings.HasPrefix(key, prefix) {
			answer.Contents = append(answer.Contents, contents{key})
		}
	}
	slices.SortFunc(answer.Contents, func(a, b contents) int { return strings.Compare(a.Key, b.Key) })
	_ = xml.NewEncoder(out).Encode(answer)
}
