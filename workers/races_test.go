package workers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/workers"
	"hoso/workers/reader"
)

// A paper that waits for its number must not get past that by a retry.
func TestARetryDoesNotReplaceTheNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Không có mã nào ở đây"}
	id := w.receive("").ID
	w.work(id, 20)
	if _, err := w.office.Retry(t.Context(), id, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p := w.work(id, 20); p.State != pipeline.Confirming || p.Reason.Code != "number-not-found" {
		t.Errorf("after the retry: %s (%s), want it waiting for its number", p.State, p.Reason.Code)
	}
}

// Who is told that a paper could not be rejected must not find it rejected later.
func TestRejectingWhatIsInWorkLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive("H42.15-221011-0001")
	if _, err := w.catalog.Claim(t.Context(), r.ID, 1, "test", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	reason := pipeline.Reason{Code: "by-person", English: "no", Vietnamese: "Không."}
	if _, err := w.office.Reject(t.Context(), r.ID, reason, "cb1"); !errors.Is(err, pipeline.ErrStale) {
		t.Fatalf("Reject of a paper in work = %v, want ErrStale", err)
	}
	if keys := w.bucket.keys(t, pipeline.ManifestFolder); len(keys) != 0 {
		t.Errorf("published %v all the same", keys)
	}
	if p := w.work(r.ID, 20); p.State != pipeline.Filed {
		t.Errorf("ended as %s, want filed", p.State)
	}
}

// What was rejected may be handed in again; losing the catalog must not lose it.
func TestRebuildKeepsWhatCameAgainAfterARejection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.receive("")
	reason := pipeline.Reason{Code: "by-person", English: "no", Vietnamese: "Không."}
	if _, err := w.office.Reject(t.Context(), first.ID, reason, "cb1"); err != nil {
		t.Fatal(err)
	}
	second := w.receive("")
	if second.Again || second.ID == first.ID {
		t.Fatalf("handed in again: %+v, want a new paper", second)
	}
	fresh := w.rebuilt(workers.Rebuilt{Published: 1, Open: 1})
	if p, err := fresh.Paper(t.Context(), second.ID); err != nil || p.State != pipeline.Received {
		t.Errorf("the paper with a receipt: %s, %v; want it received", p.State, err)
	}
}

// rebuilt is a new catalog, made from the bucket.
func (w *world) rebuilt(want workers.Rebuilt) *catalog.Catalog {
	w.t.Helper()
	fresh := catalogtest.New(w.t)
	if got, err := workers.Rebuild(w.t.Context(), w.bucket, fresh, func(workers.Rebuilt) {}); err != nil || got != want {
		w.t.Fatalf("rebuilt %+v, %v; want %+v", got, err, want)
	}
	return fresh
}

// Damaged words cost a paper its words, and no other paper anything.
func TestRebuildGoesOnPastDamagedWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	if err := w.bucket.PutKey(t.Context(), pipeline.BlobKey(p.Words), []byte("rot")); err != nil {
		t.Fatal(err)
	}
	other := w.receive("H42.15-221011-0002")
	fresh := w.rebuilt(workers.Rebuilt{Published: 1, Open: 1, Damaged: 1})
	for _, id := range []pipeline.PaperID{p.ID, other.ID} {
		if _, err := fresh.Paper(t.Context(), id); err != nil {
			t.Errorf("paper %s: %v", id, err)
		}
	}
}

// Nor does a note or a manifest that says nothing.
func TestRebuildGoesOnPastEmptyNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const nobody = pipeline.PaperID("01M84E0F4CFGDGW2VC87EH0000")
	for _, key := range []string{pipeline.NoteKey(nobody), pipeline.ManifestKey(nobody, 1)} {
		if err := w.bucket.PutKey(t.Context(), key, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	r := w.receive("H42.15-221011-0001")
	fresh := w.rebuilt(workers.Rebuilt{Open: 1, Damaged: 2})
	if _, err := fresh.Paper(t.Context(), r.ID); err != nil {
		t.Error(err)
	}
}

// An outage is not counted against the paper, whatever goes wrong as it ends.
func TestAnOutageIsNotHeldAgainstThePaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.receive("H42.15-221011-0001").ID
	w.bucket.down = true
	w.work(id, 20)
	w.bucket.down = false
	w.steps.Readers = &readers{err: errors.New("one hiccup")}
	if p := w.work(id, 1); p.State != pipeline.Failed {
		t.Errorf("after an outage and one failure: %s (%s), want it tried again", p.State, p.Reason.Code)
	}
}

// A full disk is nobody's fault: the paper waits until there is room.
func TestAFullWorkDiskIsWaitedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.receive("H42.15-221011-0001").ID
	w.steps.Readers = &readers{err: fmt.Errorf("putting down page 1: %w", syscall.ENOSPC)}
	if p := w.work(id, 20); p.State != pipeline.Failed || p.Reason.Code != "unavailable" {
		t.Errorf("with a full disk: %s (%s), want it waiting for room", p.State, p.Reason.Code)
	}
}

// A checkpoint that cannot be understood is only a page to be read again.
func TestADamagedCheckpointIsReadAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive("H42.15-221011-0001")
	for page, body := range []string{`{"number":`, `{"number":7}`} {
		key := pipeline.CheckpointKey(r.Digest, w.steps.Setting, pipeline.Leaf{Page: page + 1})
		if err := w.bucket.PutKey(t.Context(), key, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if p := w.work(r.ID, 20); p.State != pipeline.Filed {
		t.Errorf("ended as %s (%s), want filed", p.State, p.Reason.English)
	}
}

// What another reading left half done in the work folder is not taken for the one
// that counts.
func TestLeftoversOfAnotherReadingAreNotUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.receive("H42.15-221011-0001").ID
	w.work(id, 1) // read
	stale := filepath.Join(w.steps.Scratch, string(id), "000001.json")
	w.write(stale, `{"num`)
	w.write(filepath.Join(w.steps.Scratch, string(id), "words.ndjson.zst"), "of another reading")
	if p := w.work(id, 3); p.State != pipeline.Filed {
		t.Errorf("ended as %s (%s), want filed", p.State, p.Reason.English)
	}
}

// Papers that wait for people, for days perhaps, do not fill the work disk.
func TestNothingStaysInScratchOfPapersThatWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Không có mã nào ở đây"}
	id := w.receive("").ID
	w.work(id, 20)
	w.steps.Readers = &readers{err: pipeline.Refuse(pipeline.Reason{Code: "truncated"}, nil)}
	w.work(w.receive("H42.15-221011-0002").ID, 20)
	if left, err := filepath.Glob(filepath.Join(w.steps.Scratch, "*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0009")
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Readers = &readers{text: "x"}
	if _, err := w.office.SetNumber(t.Context(), id, n, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p := w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("after the number came: %s (%s), want filed", p.State, p.Reason.English)
	}
}

func (w *world) write(path, content string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// A paper on which the program breaks goes the way of every failure that stays.
func TestAPanicThatStaysReachesAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = breaking{&readers{}}
	if p := w.work(w.receive("H42.15-221011-0001").ID, 30); p.State != pipeline.Confirming || p.Reason.Code != "step-failed" {
		t.Errorf("ended as %s (%s), want a person asked", p.State, p.Reason.Code)
	}
}

type breaking struct{ *readers }

func (breaking) Open(context.Context, reader.Job) (reader.Summary, error) {
	panic("index out of range")
}

// Two people settle a paper at once: what the bucket keeps is what the catalog has.
func TestTwoPeopleSetTheNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Không có mã nào ở đây"}
	id := w.receive("").ID
	p := w.work(id, 20)
	if _, err := w.catalog.Claim(t.Context(), id, p.Gen, "office/cb1", w.clock.Add(time.Hour)); err != nil {
		t.Fatal(err) // the first is about to
	}
	before, err := w.bucket.GetKey(t.Context(), pipeline.NoteKey(id))
	if err != nil {
		t.Fatal(err)
	}
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0009")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.SetNumber(t.Context(), id, n, "cb2"); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("the second = %v, want ErrStale", err)
	}
	if after, err := w.bucket.GetKey(t.Context(), pipeline.NoteKey(id)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the note became %s, %v", after, err)
	}
	if err := w.catalog.Release(t.Context(), id, p.Gen, "office/cb1"); err != nil {
		t.Fatal(err)
	}
	if p, err = w.office.SetNumber(t.Context(), id, n, "cb1"); err != nil || p.Dossier != n {
		t.Errorf("the first = %s, %v", p.Dossier, err)
	}
}

// slowToDelete is a bucket in which deleting takes longer than a claim lives.
type slowToDelete struct {
	*bucket
	takes time.Duration
}

func (s slowToDelete) Delete(ctx context.Context, key string) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(s.takes):
		return s.bucket.Delete(ctx, key)
	}
}

// What was kept of a paper's pages is deleted to the last when it is filed, however long
// that takes: the claim of the move before must not end it.
func TestTidyingUpOutlivesTheClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Objects, w.steps.Lease = slowToDelete{w.bucket, 100 * time.Millisecond}, 60*time.Millisecond
	id := w.receive("H42.15-221011-0001").ID
	for range 20 { // the claims of this world live in real time
		w.clock = time.Now()
		p, err := w.catalog.Paper(t.Context(), id)
		if err != nil || !p.State.Open() {
			break
		}
		if err := w.steps.Do(t.Context(), id, p.Gen, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := w.catalog.Paper(t.Context(), id); err != nil || p.State != pipeline.Filed {
		t.Fatalf("it is %s (%s), want filed: %v", p.State, p.Reason.English, err)
	}
	if left := w.bucket.keys(t, pipeline.CheckpointFolder); len(left) > 0 {
		t.Errorf("checkpoints stay behind: %v", left)
	}
}
