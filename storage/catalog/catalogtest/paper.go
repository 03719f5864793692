package catalogtest

import (
	"fmt"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// Start is the moment at which the made-up papers begin to arrive.
func Start() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

// Paper makes up the i-th paper, received i seconds after Start, without a number.
func Paper(i int) pipeline.Paper {
	return pipeline.Paper{
		ID:       ID(i),
		Kind:     pipeline.Component,
		Unit:     "H42.15",
		FileName: fmt.Sprintf("tep-%d.pdf", i),
		Original: pipeline.Sum(fmt.Appendf(nil, "original %d", i)),
		Size:     int64(1000 + i),
		Lane:     pipeline.Desk,
		Sender:   "canbo",
		Received: Start().Add(time.Duration(i) * time.Second),
		State:    pipeline.Received,
	}
}

// ID gives the identifier of the i-th paper.
func ID(i int) pipeline.PaperID { return pipeline.PaperID(fmt.Sprintf("01JZ%022d", i)) }

// Numbered gives p the dossier number s.
func Numbered(t testing.TB, p pipeline.Paper, s string) pipeline.Paper {
	t.Helper()
	n, err := pipeline.ParseDossierNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	p.Dossier = n
	return p
}

// Event gives an event of a person at a time.
func Event(what string, at time.Time) pipeline.Event {
	return pipeline.Event{Actor: "canbo", What: what, Time: at}
}

// receive puts p into c and gives it as it is there.
func receive(t testing.TB, c *catalog.Catalog, p pipeline.Paper) pipeline.Paper {
	t.Helper()
	got, again, err := c.Receive(t.Context(), p, Event("received", p.Received))
	if err != nil {
		t.Fatal(err)
	}
	if again {
		t.Fatalf("paper %s was received before", p.ID)
	}
	return got
}

// receiveText puts p into c and moves it to Recognized with a text.
func receiveText(t testing.TB, c *catalog.Catalog, p pipeline.Paper, text string) pipeline.Paper {
	t.Helper()
	p = receive(t, c, p)
	p.State = pipeline.Recognized
	return commit(t, c, catalog.Move{Paper: p, Event: Event("read", p.Received.Add(time.Second)), Text: &text})
}

func commit(t testing.TB, c *catalog.Catalog, m catalog.Move) pipeline.Paper {
	t.Helper()
	p, err := c.Commit(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ids gives the identifiers of hits.
func ids(f pipeline.Found) []pipeline.PaperID {
	out := []pipeline.PaperID{}
	for _, h := range f.Hits {
		out = append(out, h.Paper.ID)
	}
	return out
}

// papers gives the identifiers of the numbered papers.
func papers(numbers ...int) []pipeline.PaperID {
	out := []pipeline.PaperID{}
	for _, i := range numbers {
		out = append(out, ID(i))
	}
	return out
}
