package pipeline_test

import (
	"errors"
	"testing"

	"hoso/pipeline"
)

const someID = pipeline.PaperID("01JD3K8Z5N7QW2V4X6Y8ABCDEF")

func TestKeysHaveTheAgreedForm(t *testing.T) {
	t.Parallel()
	d := pipeline.Sum([]byte("scan"))
	settings := pipeline.Sum([]byte("settings"))
	hex, short := d.String(), settings.String()[:16]
	for name, tc := range map[string]struct{ got, want string }{
		"blob":       {pipeline.BlobKey(d), "objects/" + hex[:2] + "/" + hex},
		"note":       {pipeline.NoteKey(someID), "notes/EF/" + string(someID) + ".json"},
		"checkpoint": {pipeline.CheckpointKey(d, settings, pipeline.Leaf{Page: 7}), "checkpoints/" + hex + "/" + short + "/000007.json"},
		"signature":  {pipeline.SignatureKey(d), "signatures/" + hex + ".json"},
		"manifest":   {pipeline.ManifestKey(someID, 1), "manifests/EF/" + string(someID) + "/v0001.json"},
		"arrival":    {pipeline.ArrivalKey(someID), "arrivals/EF/" + string(someID) + ".json"},
		"late":       {pipeline.ManifestKey(someID, 12345), "manifests/EF/" + string(someID) + "/v12345.json"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s key = %q, want %q", name, tc.got, tc.want)
		}
	}
}

func TestKeysComeBack(t *testing.T) {
	t.Parallel()
	d := pipeline.Sum([]byte("scan"))
	if got, err := pipeline.ParseBlobKey(pipeline.BlobKey(d)); err != nil || got != d {
		t.Errorf("ParseBlobKey = %v, %v", got, err)
	}
	if got, err := pipeline.ParseNoteKey(pipeline.NoteKey(someID)); err != nil || got != someID {
		t.Errorf("ParseNoteKey = %v, %v", got, err)
	}
	if got, err := pipeline.ParseSignatureKey(pipeline.SignatureKey(d)); err != nil || got != d {
		t.Errorf("ParseSignatureKey = %v, %v", got, err)
	}
	for _, version := range []int{1, 9999, 10000} {
		id, v, err := pipeline.ParseManifestKey(pipeline.ManifestKey(someID, version))
		if err != nil || id != someID || v != version {
			t.Errorf("ParseManifestKey = %v, %v, %v", id, v, err)
		}
	}
}

func TestKeysOfNothingDoNotPanic(t *testing.T) {
	t.Parallel()
	for _, key := range []string{pipeline.BlobKey(pipeline.Digest{}), pipeline.NoteKey(""), pipeline.ManifestKey("", 0)} {
		if err := parseAny(key); err == nil {
			t.Errorf("key %q made of nothing is taken for a key", key)
		}
	}
}

// parseAny gives nil if any of the parsers takes key.
func parseAny(key string) error {
	_, blob := pipeline.ParseBlobKey(key)
	_, note := pipeline.ParseNoteKey(key)
	_, signature := pipeline.ParseSignatureKey(key)
	_, _, manifest := pipeline.ParseManifestKey(key)
	for _, err := range []error{blob, note, signature, manifest} {
		if err == nil {
			return nil
		}
	}
	return errors.Join(blob, note, signature, manifest)
}

// Keys come from listings of buckets that others can write to: a parser either
// refuses, or gives what makes exactly this key.
func FuzzParseKeys(f *testing.F) {
	d := pipeline.Sum(nil)
	for _, key := range []string{
		"", "/", "objects/e3/x", pipeline.BlobKey(d), pipeline.NoteKey(someID),
		pipeline.SignatureKey(d), pipeline.ManifestKey(someID, 1),
		"manifests/EF/" + string(someID) + "/v+001.json", "manifests/XX/" + string(someID) + "/v0001.json",
	} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if got, err := pipeline.ParseBlobKey(key); err == nil && pipeline.BlobKey(got) != key {
			t.Errorf("ParseBlobKey(%q) = %v", key, got)
		}
		if got, err := pipeline.ParseNoteKey(key); err == nil && pipeline.NoteKey(got) != key {
			t.Errorf("ParseNoteKey(%q) = %v", key, got)
		}
		if got, err := pipeline.ParseSignatureKey(key); err == nil && pipeline.SignatureKey(got) != key {
			t.Errorf("ParseSignatureKey(%q) = %v", key, got)
		}
		if id, v, err := pipeline.ParseManifestKey(key); err == nil && pipeline.ManifestKey(id, v) != key {
			t.Errorf("ParseManifestKey(%q) = %v, %v", key, id, v)
		}
		if err := parseAny(key); err != nil && !errors.Is(err, pipeline.ErrKey) {
			t.Errorf("refusing %q: %v, want ErrKey", key, err)
		}
	})
}
