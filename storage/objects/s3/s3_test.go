package s3_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"hoso/pipeline"
	"hoso/storage/objects"
	"hoso/storage/objects/objectstest"
	"hoso/storage/objects/s3"
)

func put(ctx context.Context, store *s3.Store, body []byte) error {
	return store.Put(ctx, pipeline.Sum(body), int64(len(body)), bytes.NewReader(body), "application/pdf")
}

func unavailable(err error) bool {
	_, ok := errors.AsType[*pipeline.Unavailable](err)
	return ok
}

func TestSurroundingsAreUnavailable(t *testing.T) {
	t.Parallel()
	var waiting sync.WaitGroup // every attempt is made again and again: all at once, then
	for name, misbehave := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"busy":            refuse(http.StatusServiceUnavailable, "SlowDown"),
		"broken":          refuse(http.StatusInternalServerError, "InternalError"),
		"full":            refuse(http.StatusInsufficientStorage, "InsufficientStorage"),
		"over quota":      refuse(http.StatusForbidden, "QuotaExceeded"),
		"wrong key":       refuse(http.StatusForbidden, "SignatureDoesNotMatch"),
		"bucket is gone":  refuse(http.StatusNotFound, "NoSuchBucket"),
		"a proxy's page":  refuse(http.StatusBadGateway, ""),
		"hangs up":        func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
		"not S3 at all":   func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusTeapot); return true },
		"writer too slow": refuse(http.StatusRequestTimeout, "RequestTimeout"),
	} {
		server, store := openWeak(t)
		server.misbehave(misbehave)
		for doing, do := range map[string]func(context.Context) error{
			"Put":     func(ctx context.Context) error { return put(ctx, store, []byte("body")) },
			"PutOnce": func(ctx context.Context) error { return store.PutOnce(ctx, "a", []byte("body")) },
			"Delete":  func(ctx context.Context) error { return store.Delete(ctx, "a") },
			"GetKey": func(ctx context.Context) error {
				_, err := store.GetKey(ctx, "a")
				return err
			},
			"Get": func(ctx context.Context) error {
				_, _, err := store.Get(ctx, pipeline.Sum(nil))
				return err
			},
		} {
			waiting.Go(func() {
				err := do(t.Context())
				if !unavailable(err) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
					t.Errorf("%s: %s = %v, want Unavailable", name, doing, err)
				}
			})
		}
	}
	waiting.Wait()
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	cfg := s3.Config{Endpoint: objectstest.FreeAddress(t), Bucket: "hoso", AccessKey: "a", SecretKey: "b"}
	if _, err := s3.Open(t.Context(), cfg); !unavailable(err) {
		t.Errorf("Open = %v, want Unavailable", err)
	}
}

func TestSilentServerEndsWithTheContext(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	server.misbehave(func(http.ResponseWriter, *http.Request) bool { <-over; return true })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := put(ctx, store, []byte("body")); !unavailable(err) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Put = %v, want Unavailable for the deadline", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := store.GetKey(ctx, "a"); unavailable(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("GetKey = %v, want Canceled and no fault of the surroundings", err)
	}
}

func TestPassingFaultsAreBridged(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	busy := 2
	server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
		busy--
		return busy >= 0 && refuse(http.StatusServiceUnavailable, "SlowDown")(w, r)
	})
	body := []byte("a body that is sent three times")
	if err := put(t.Context(), store, body); err != nil {
		t.Fatal(err)
	}
	r, _, err := store.Get(t.Context(), pipeline.Sum(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, body) {
		t.Errorf("came back as %q, %v", got, err)
	}
}

func TestServerWithoutConditions(t *testing.T) {
	t.Parallel()
	for name, misbehave := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"ignores them": func(http.ResponseWriter, *http.Request) bool { return false },
		"refuses them": func(w http.ResponseWriter, r *http.Request) bool {
			return r.Header.Get("If-None-Match") != "" && refuse(http.StatusNotImplemented, "NotImplemented")(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, store := openWeak(t)
			server.misbehave(misbehave)
			if err := errors.Join(store.PutOnce(t.Context(), "once", []byte("first")), put(t.Context(), store, []byte("blob"))); err != nil {
				t.Errorf("storing = %v", err)
			}
			if err := store.PutOnce(t.Context(), "once", []byte("second")); !errors.Is(err, fs.ErrExist) {
				t.Errorf("PutOnce again = %v, want ErrExist", err)
			}
			if got, err := store.GetKey(t.Context(), "once"); err != nil || string(got) != "first" {
				t.Errorf("GetKey = %q, %v", got, err)
			}
			lacksEverything(t, store)
		})
	}
}

func lacksEverything(t *testing.T, store *s3.Store) {
	t.Helper()
	found, err := store.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range found.All() {
		if a.Present || a.English == "" || a.Vietnamese == "" || a.Code == "" {
			t.Errorf("Probe found %+v on a server that has nothing", a)
		}
	}
	for key, err := range store.List(t.Context(), "probe/") {
		t.Errorf("Probe left %q behind, %v", key, err)
	}
}

func TestProbeOfALockedBucket(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Method == http.MethodDelete:
			return refuse(http.StatusForbidden, "AccessDenied")(w, r)
		case r.URL.Query().Has("versioning"):
			_, _ = io.WriteString(w, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
		case r.URL.Query().Has("object-lock"):
			_, _ = io.WriteString(w, "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>")
		default:
			return false
		}
		return true
	})
	found, err := store.Probe(t.Context())
	if err != nil || !found.Versioning.Present || !found.ObjectLock.Present || found.ConditionalPut.Present {
		t.Errorf("Probe = %+v, %v", found, err)
	}
}

func TestProbeOfAServerThatIsDown(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	server.misbehave(refuse(http.StatusServiceUnavailable, "SlowDown"))
	if _, err := store.Probe(t.Context()); !unavailable(err) {
		t.Errorf("Probe = %v, want Unavailable", err)
	}
}

func TestBucketIsMadeIfThatIsAllowed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		code   string
		fails  bool
	}{
		"allowed":            {http.StatusOK, "", false},
		"another was faster": {http.StatusConflict, "BucketAlreadyOwnedByYou", false},
		"not allowed":        {http.StatusForbidden, "AccessDenied", true},
		"somebody else's":    {http.StatusConflict, "BucketAlreadyExists", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, cfg := startWeak(t)
			server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
				switch {
				case r.Method == http.MethodHead:
					w.WriteHeader(http.StatusNotFound)
					return true
				case tc.status != http.StatusOK:
					return refuse(tc.status, tc.code)(w, r)
				}
				return false
			})
			if _, err := s3.Open(t.Context(), cfg); unavailable(err) != tc.fails || (err != nil) != tc.fails {
				t.Errorf("Open = %v", err)
			}
		})
	}
}

func TestFirstConditionOfAStreamIsRefused(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
		return r.Header.Get("If-None-Match") != "" && refuse(http.StatusNotImplemented, "NotImplemented")(w, r)
	})
	body := []byte("from a scanner, once")
	send := func() error {
		stream := iotest.HalfReader(bytes.NewReader(body))
		return store.Put(t.Context(), pipeline.Sum(body), int64(len(body)), stream, "")
	}
	if err := send(); !unavailable(err) { // cannot be sent again; the caller's retry can
		t.Errorf("first Put = %v, want Unavailable", err)
	}
	if err := send(); err != nil {
		t.Errorf("second Put = %v", err)
	}
}

func TestDamageIsSeen(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("record "), 10000)
	d := pipeline.Sum(body)
	for name, tc := range map[string]struct {
		damage func([]byte) []byte
		again  error // of a Put of the right bytes, to a server that says they exist
	}{
		"one bit":   {func(b []byte) []byte { b[5000] ^= 4; return b }, nil},
		"truncated": {func(b []byte) []byte { return b[:len(b)-1] }, objects.ErrMismatch},
		"zeroes":    {func(b []byte) []byte { return make([]byte, len(b)) }, nil},
		"longer":    {func(b []byte) []byte { return append(b, 0) }, objects.ErrMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, store := openWeak(t)
			if err := put(t.Context(), store, body); err != nil {
				t.Fatal(err)
			}
			key := pipeline.BlobKey(d)
			server.mu.Lock()
			server.kept[key] = tc.damage(bytes.Clone(body))
			server.mu.Unlock()
			r, _, err := store.Get(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(r); !errors.Is(err, objects.ErrMismatch) {
				t.Errorf("reading it gave %v, want ErrMismatch", err)
			}
			server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
				return r.Method == http.MethodPut && refuse(http.StatusPreconditionFailed, "PreconditionFailed")(w, r)
			})
			if err := put(t.Context(), store, body); !errors.Is(err, tc.again) {
				t.Errorf("Put again = %v, want %v", err, tc.again)
			}
		})
	}
}

func TestBrokenTransferIsNotTheEnd(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || r.URL.RawQuery != "" {
			return false
		}
		w.Header().Set("Content-Length", "1000")
		w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT")
		_, _ = io.WriteString(w, "the beginning")
		return true
	})
	r, size, err := store.Get(t.Context(), pipeline.Sum([]byte("x")))
	if err != nil || size != 1000 {
		t.Fatalf("Get = %d, %v", size, err)
	}
	if _, err := io.ReadAll(r); !unavailable(err) {
		t.Errorf("reading = %v, want Unavailable", err)
	}
	if _, err := store.GetKey(t.Context(), "a"); !unavailable(err) {
		t.Errorf("GetKey = %v, want Unavailable", err)
	}
}

// TestServerThatHangsUpOnWhatItHas: a server may refuse a condition and close while
// the bytes are still on their way, and its answer is lost.
func TestServerThatHangsUpOnWhatItHas(t *testing.T) {
	server, store := openWeak(t)
	body := bytes.Repeat([]byte("trang"), 1<<20)
	digest := pipeline.Sum(body)
	put := func() error {
		return store.Put(t.Context(), digest, int64(len(body)), bytes.NewReader(body), "image/jpeg")
	}
	hangUp := func(out http.ResponseWriter, in *http.Request) bool {
		if in.Method != http.MethodPut {
			return false
		}
		conn, _, err := out.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
		return true
	}
	server.misbehave(hangUp)
	var down *pipeline.Unavailable
	if err := put(); !errors.As(err, &down) {
		t.Fatalf("nothing was stored, and it says %v", err)
	}
	server.misbehave(func(http.ResponseWriter, *http.Request) bool { return false })
	if err := put(); err != nil {
		t.Fatal(err)
	}
	server.misbehave(hangUp)
	if err := put(); err != nil {
		t.Fatalf("what is stored already: %v", err)
	}
}

func TestSizesThatCannotBe(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	before := server.asked.Load()
	err := store.Put(t.Context(), pipeline.Sum(nil), objects.MaxSize+1, strings.NewReader(""), "")
	if refusal, ok := pipeline.AsRefusal(err); !ok || refusal.Reason.Code != "object-too-large" || refusal.Reason.Vietnamese == "" {
		t.Errorf("Put of more than 5 GiB = %v, want a Refusal", err)
	}
	if err := store.Put(t.Context(), pipeline.Sum(nil), -1, strings.NewReader(""), ""); err == nil {
		t.Error("Put of unknown size succeeded")
	}
	if server.asked.Load() != before {
		t.Error("the server was asked")
	}
}

func TestEveryPutCarriesItsDigest(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	server.misbehave(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut && r.URL.Path != "/hoso/" {
			signed := r.Header.Get("Authorization")
			if r.Header.Get("X-Amz-Checksum-Sha256") == "" || !strings.Contains(signed, "x-amz-checksum-sha256") {
				t.Errorf("PUT %s without a signed digest: %v", r.URL.Path, r.Header)
			}
		}
		return false
	})
	for doing, err := range map[string]error{
		"Put":     put(t.Context(), store, []byte("blob")),
		"PutOnce": store.PutOnce(t.Context(), "once", []byte("manifest")),
		"PutKey":  store.PutKey(t.Context(), "key", []byte("checkpoint")),
	} {
		if err != nil {
			t.Errorf("%s = %v", doing, err)
		}
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	t.Parallel()
	cfg := s3.Config{AccessKey: "public", SecretKey: "very-secret"}
	text, err := json.Marshal(struct{ S s3.Secret }{cfg.SecretKey})
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprint(cfg), fmt.Sprintf("%+v", cfg), fmt.Sprintf("%#v", cfg), string(text)} {
		if strings.Contains(printed, "very-secret") {
			t.Errorf("the secret is in %q", printed)
		}
	}
}

func TestBlobThatVanishesIsTriedAgain(t *testing.T) {
	t.Parallel()
	server, store := openWeak(t)
	server.misbehave(func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPut && refuse(http.StatusPreconditionFailed, "PreconditionFailed")(w, r)
	})
	err := put(t.Context(), store, []byte("body")) // "there already", and then it is not
	if !unavailable(err) || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Put = %v, want Unavailable", err)
	}
}
