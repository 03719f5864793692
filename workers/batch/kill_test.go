package batch_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/workers/batch"
)

var errKilled = errors.New("killed")

// TestKills kills runs at calls of every kind, before they are done and after, until one
// comes to its end. Then all is as if nothing had happened: each paper was received once,
// and no file was put away before that.
func TestKills(t *testing.T) {
	t.Parallel()
	for _, after := range []string{"{do: leave}", "{do: move, folder: xong}", "{do: delete}"} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s %d", after, seed), func(t *testing.T) {
				t.Parallel()
				inTime(t, func(t *testing.T, w *world) { t.Helper(); kills(t, w, after, rand.New(rand.NewPCG(seed, 3))) })
			})
		}
	}
}

func kills(t *testing.T, w *world, after string, r *rand.Rand) {
	t.Helper()
	var all []string
	for d := range 4 {
		dossier := fmt.Sprintf("H42.15-221011-00%02d", d+1)
		for p := range 4 {
			says := fmt.Sprint(d, " ", p)
			w.put(fmt.Sprintf("%s/Giấy %c.pdf", dossier, 'a'+p), pdf(says))
			w.put(fmt.Sprintf("%s/Ảnh %d.jpg", dossier, p), jpg(says))
			all = append(all, pdf(says), jpg(says))
		}
		w.put(dossier+"/Giấy a (2).pdf", pdf(fmt.Sprint(d, " 0")))
		w.put(dossier+"/Giấy lạ.pdf", pdf("refuse me "+dossier))
	}
	w.slots = 5
	before := w.content()
	runs, how := 0, pipeline.RunEnd("")
	for ; how != pipeline.RunDone && runs < 300; runs++ {
		left := r.IntN(14 + runs/4)
		late := r.IntN(2) == 0
		ctx, kill := context.WithCancel(t.Context())
		dead := false // with the lock held
		step := func(here bool) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			for path := range before {
				if row := w.rows[path]; !w.lies(path) && row.State != pipeline.FileReceived {
					w.breach("%s was put away without a receipt", path)
				}
			}
			if here && !dead {
				left--
				dead = left < 0
			}
			if dead {
				return errKilled
			}
			return nil
		}
		w.before = func(string) error { return step(!late) }
		w.after = func(string) error { return step(late) }
		var run pipeline.Run
		run, _ = w.engine(func(e *batch.Engine) { e.Mapping = mapping(t, "after: "+after); e.Ahead = 3 + r.IntN(20) }).Run(ctx)
		kill()
		how = run.How
		<-time.After(2 * patience) // for the dead one to be taken for dead
	}
	w.before, w.after = nil, nil
	w.check()
	if how != pipeline.RunDone {
		t.Fatalf("no run of %d came to its end", runs)
	}
	if runs < 3 {
		t.Errorf("only %d runs", runs)
	}
	w.once(all...)
	left := map[string]string{}
	for path, content := range before {
		row := w.rows[path]
		want := pipeline.FileReceived
		if row.Reason.Code == "refused" {
			want = pipeline.FileRefused
		}
		if row.State != want {
			t.Errorf("%s is %s", path, row.State)
		}
		switch {
		case want == pipeline.FileRefused || after == "{do: leave}":
			left[path] = content
		case after == "{do: move, folder: xong}":
			left["xong/"+path] = content
		}
	}
	if diff := cmp.Diff(left, w.content()); diff != "" {
		t.Errorf("the tree (-want +got):\n%s", diff)
	}
	w.run(pipeline.RunDone, func(e *batch.Engine) { e.Mapping = mapping(t, "after: "+after) })
	if len(w.rows) != len(before) {
		t.Errorf("%d files, %d lay there", len(w.rows), len(before))
	}
}
