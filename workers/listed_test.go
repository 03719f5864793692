package workers_test

import (
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/workers"
)

// listed hands in a paper of which a list states something.
func (w *world) listed(number string, known ...pipeline.Field) pipeline.Paper {
	w.t.Helper()
	n, err := pipeline.ParseDossierNumber(number)
	if err != nil {
		w.t.Fatal(err)
	}
	content := "two pages"
	r, err := w.office.Receive(w.t.Context(), workers.Handed{
		Dossier: n, Kind: pipeline.Component, FileName: "giấy.pdf", Sender: "cb1", Lane: pipeline.Batch, Batch: "dem",
		Size: int64(len(content)), Body: strings.NewReader(content), Known: known,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := w.catalog.Paper(w.t.Context(), r.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(p.Fields) != len(known) {
		w.t.Fatalf("received with %+v", p.Fields)
	}
	return p
}

func byList(name pipeline.FieldName, value string) pipeline.Field {
	return pipeline.Field{Name: name, Value: value, Confidence: 100, Source: pipeline.ByList}
}

// TestAListIsKept keeps what a list states through the reading.
func TestAListIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.listed("H42.15-221011-0001", byList(pipeline.FieldDossier, "H42.15-221011-0001"),
		byList(pipeline.FieldSigner, "Trần Thị B"), byList(pipeline.FieldNumber, "12/QĐ-UBND")).ID
	p := w.work(id, 20)
	for name, want := range map[pipeline.FieldName]string{pipeline.FieldSigner: "Trần Thị B", pipeline.FieldNumber: "12/QĐ-UBND"} {
		if f, _ := pipeline.FieldOf(p.Fields, name); f.Value != want || f.Source != pipeline.ByList {
			t.Errorf("%s is %+v", name, f)
		}
	}
	if p.State != pipeline.Filed {
		t.Errorf("the paper is %s: %+v", p.State, p.Reason)
	}
}

// TestAListIsContradicted asks which number is right if a paper surely carries another one
// than the list states.
func TestAListIsContradicted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const wrong = "H42.15-221011-0009"
	id := w.listed(wrong, byList(pipeline.FieldDossier, wrong)).ID
	p := w.work(id, 20)
	if p.State != pipeline.Confirming || p.Reason.Code != "number-contradicts" || p.Dossier.String() != wrong {
		t.Fatalf("the paper is %s of %s: %+v", p.State, p.Dossier, p.Reason)
	}
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0001")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.SetNumber(t.Context(), id, n, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p = w.work(id, 20); p.State != pipeline.Filed || p.Dossier.Key() != n.Key() {
		t.Errorf("the paper is %s of %s: %+v", p.State, p.Dossier, p.Reason)
	}
}

// TestAFolderIsNotContradicted takes the number that a paper came with if no list states it.
func TestAFolderIsNotContradicted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if p := w.work(w.listed("H42.15-221011-0009").ID, 20); p.State != pipeline.Filed {
		t.Errorf("the paper is %s: %+v", p.State, p.Reason)
	}
}
