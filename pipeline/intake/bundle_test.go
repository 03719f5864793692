package intake_test

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/intake"
	"hoso/pipeline/intake/bundle"
)

// part is a file to be bundled.
type part struct {
	ending string
	b      []byte
}

func bundled(tb testing.TB, parts ...part) []byte {
	tb.Helper()
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out)
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range parts {
		if err := w.Add(p.ending, bytes.NewReader(p.b)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// TestBundle: the pages of all files follow each other, whatever they are, and can be
// taken out in any order.
func TestBundle(t *testing.T) {
	t.Parallel()
	first, other := letter(200, 283), letter(240, 300)
	_, object := rgbScan(t)
	jpg, pngs, pdf := jpegBytes(t, first), pngBytes(t, other), onePage(useImage, fullPage, object)
	b := bundled(t, part{"jpg", jpg}, part{"png", pngs}, part{"pdf", pdf}, part{"jpg", jpg})
	d := open(t, save(t, "paper", b))
	if d.Media() != bundle.Media || d.Pages() != 4 || d.Signed() {
		t.Fatalf("%s of %d pages, signed %v", d.Media(), d.Pages(), d.Signed())
	}
	for _, n := range []int{1, 4, 2, 3, 2, 1} {
		l := leaf(t, d, n)
		want := map[int]int{1: 200, 2: 240, 4: 200}[n]
		if want > 0 && l.Image.Width != want {
			t.Errorf("page %d is %d wide, want %d", n, l.Image.Width, want)
		}
		if n == 1 && l.Image.Digest != pipeline.Sum(jpg) {
			t.Error("the bytes of a JPEG are not those that were bundled")
		}
	}
	if again := bundled(t, part{"jpg", jpg}, part{"png", pngs}, part{"pdf", pdf}, part{"jpg", jpg}); !bytes.Equal(again, b) {
		t.Error("the same files make another bundle")
	}
}

// TestBundleIsZIP: a program that is not ours takes the files out as they were put in.
func TestBundleIsZIP(t *testing.T) {
	t.Parallel()
	jpg, pngs := jpegBytes(t, letter(200, 283)), pngBytes(t, letter(240, 300))
	path, dir := save(t, "paper.zip", bundled(t, part{"jpg", jpg}, part{"png", pngs})), t.TempDir()
	out, err := exec.CommandContext(t.Context(), "python3", "-m", "zipfile", "-e", path, dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, want := range map[string][]byte{"0001.jpg": jpg, "0002.png": pngs, "mimetype": []byte(bundle.Media)} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes for %d, %v", name, len(got), len(want), err)
		}
	}
}

// TestBundleWithBadMember: one file that cannot be used is a page that says why; only if
// none can be used the bundle is refused.
func TestBundleWithBadMember(t *testing.T) {
	t.Parallel()
	jpg := jpegBytes(t, letter(200, 283))
	bad := part{"jpg", jpg[:len(jpg)/2]}
	d := open(t, save(t, "paper", bundled(t, part{"jpg", jpg}, bad, part{"jpg", jpg})))
	if d.Pages() != 3 {
		t.Fatalf("%d pages", d.Pages())
	}
	if _, err := d.Page(t.Context(), 2); reasonOf(err).Code != "truncated" || reasonOf(err).Page != 2 {
		t.Errorf("page 2: %v", err)
	}
	leaf(t, d, 3)
	refuses(t, bundled(t, bad, bad), "truncated")
}

// TestBundleRefused: what is in a bundle by a mistake, or by malice.
func TestBundleRefused(t *testing.T) {
	t.Parallel()
	jpg := jpegBytes(t, letter(200, 283))
	good := bundled(t, part{"jpg", jpg}, part{"jpg", jpg})
	refuses(t, bundled(t, part{"zip", good}), "unsupported-format")
	refuses(t, bundled(t), "damaged")
	refuses(t, good[:len(good)-30], "damaged")
	spoiled := bytes.Clone(good)
	spoiled[bytes.Index(spoiled, jpg)+len(jpg)/2] ^= 1
	if d := open(t, save(t, "spoiled", spoiled)); d.Pages() != 2 {
		t.Errorf("%d pages", d.Pages())
	} else if _, err := d.Page(t.Context(), 1); reasonOf(err).Code != "damaged" {
		t.Errorf("bytes that are not those bundled: %v", err)
	}
	refuses(t, foreign(t, zip.Deflate, "0001.jpg", jpg), "damaged")
	refuses(t, foreign(t, zip.Store, "../0001.jpg", jpg), "damaged")
	refuses(t, foreign(t, zip.Store, "0002.jpg", jpg), "damaged")
}

// foreign is a bundle that another program wrote.
func foreign(t *testing.T, method uint16, name string, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range []zip.FileHeader{{Name: "mimetype"}, {Name: name, Method: method}} {
		w, err := z.CreateHeader(&m)
		if err != nil {
			t.Fatal(err)
		}
		b := content
		if m.Name == "mimetype" {
			b = []byte(bundle.Media)
		}
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func refuses(t *testing.T, b []byte, code string) {
	t.Helper()
	d, err := intake.Open(t.Context(), save(t, "in", b), intake.Options{Scratch: t.TempDir()})
	if err == nil {
		t.Errorf("%d pages were taken in, want %s", d.Pages(), code)
		_ = d.Close()
		return
	}
	if got := reasonOf(err); got.Code != code || got.Vietnamese == "" {
		t.Errorf("refused as %+v (%v), want %s", got, err, code)
	}
}

func reasonOf(err error) pipeline.Reason {
	r, _ := pipeline.AsRefusal(err)
	if r == nil {
		return pipeline.Reason{}
	}
	return r.Reason
}
