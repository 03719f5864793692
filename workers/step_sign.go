package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// sign is the step from Composed: the signature is kept under the digest of what was
// signed before the state moves, so that a step cut off here finds it again and
// nothing is signed over. A paper that an officer must sign first waits for that.
func (s *Steps) sign(ctx context.Context, p pipeline.Paper) (pipeline.Move, error) {
	made, err := s.signature(ctx, p.Composed)
	if err == nil {
		return signed(p, made), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return pipeline.Move{}, err
	}
	note, err := deskNote(ctx, s.Objects, p.Composed)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pipeline.Move{}, err
	}
	if note == nil && s.signers(p)[0] == pipeline.ByOfficer {
		return s.again(ctx, p, officerSigns())
	}
	return s.signNow(ctx, p, note)
}

// signers says who signs p.
func (s *Steps) signers(p pipeline.Paper) []pipeline.Signer { return signersOf(s.Policy, p) }

func signersOf(rules policy.Policy, p pipeline.Paper) []pipeline.Signer {
	class, _ := pipeline.FieldOf(p.Fields, pipeline.FieldClass)
	return rules.Signers(p.Unit, class.Value, p.Lane)
}

// signed is the move that a signature ends. Of people, the log tells accounts and serial
// numbers alone.
func signed(p pipeline.Paper, made pipeline.Signature) pipeline.Move {
	p.Sealed, p.Record, p.RecSize, p.State = made, made.Signed, made.Size, pipeline.SignedOff
	told := made
	if len(made.By) > 0 {
		told.Signer, told.Issuer, told.By = "", "", slices.Clone(made.By)
		for i := range told.By {
			told.By[i].Name, told.By[i].Issuer = "", ""
		}
	}
	return pipeline.Move{Paper: p, Event: pipeline.Event{What: "signed", Detail: detail(told)}}
}

// signature finds the signature made over a composed file.
func (s *Steps) signature(ctx context.Context, composed pipeline.Digest) (pipeline.Signature, error) {
	return load[pipeline.Signature](ctx, s.Objects, pipeline.SignatureKey(composed), "reading a signature")
}

// signNow makes the record of p, with the officer's signature if note has one.
func (s *Steps) signNow(ctx context.Context, p pipeline.Paper, note *pipeline.DeskNote) (pipeline.Move, error) {
	none := pipeline.Move{}
	folder, err := s.folderWith(ctx, p)
	if err != nil {
		return none, err
	}
	composed, err := document.Describe(folder.Composed(), document.PDFMedia)
	if err != nil {
		return none, err
	}
	if note != nil && composed.Digest != p.Composed { // not what the officer signed
		p.Composed = composed.Digest
		return s.again(ctx, p, officerSignsAnew())
	}
	made, err := s.seal(ctx, folder, p, note)
	if err == nil {
		made, err = s.prolong(ctx, folder, made)
	}
	if err != nil {
		return none, diskTrouble(err)
	}
	made.Composed = composed.Digest
	stored := pipeline.Stored{Digest: made.Signed, Size: made.Size, Media: document.PDFMedia}
	if err := s.put(ctx, folder.Signed(), stored); err != nil {
		return none, err
	}
	err = s.Objects.PutOnce(ctx, pipeline.SignatureKey(composed.Digest), []byte(detail(made)))
	if errors.Is(err, fs.ErrExist) {
		made, err = s.signature(ctx, composed.Digest)
	}
	if err != nil {
		return none, err
	}
	p.Composed = composed.Digest
	return signed(p, made), nil
}

// seal makes the final file of a composed one, at folder.Signed(), and tells of its
// signatures: the officer's, if there is a note of it, and the agency's, if it signs or
// nobody else does.
func (s *Steps) seal(ctx context.Context, folder document.Folder, p pipeline.Paper, note *pipeline.DeskNote) (pipeline.Signature, error) {
	if note == nil {
		return s.sealAs(ctx, p, folder.Composed(), folder.Signed())
	}
	var prepared sign.Prepared
	if err := json.Unmarshal(note.Prepared, &prepared); err != nil {
		return pipeline.Signature{}, fmt.Errorf("reading an officer's signature: %w", err)
	}
	value := sign.Value{Signature: note.Value, Timestamper: s.Signing.Timestamper}
	first, err := document.Finish(ctx, folder.Composed(), folder.Signed(), &prepared, value)
	if err != nil {
		return pipeline.Signature{}, err
	}
	first.By = []pipeline.SignedBy{first.As(pipeline.ByOfficer, note.Account)}
	if !slices.Contains(s.signers(p), pipeline.ByAgency) {
		return first, nil
	}
	half := folder.Signed() + once
	if err := os.Rename(folder.Signed(), half); err != nil {
		return pipeline.Signature{}, fmt.Errorf("signing: %w", err)
	}
	second, err := s.sealAs(ctx, p, half, folder.Signed())
	if err != nil {
		return pipeline.Signature{}, err
	}
	first.By = append(first.By, second.As(pipeline.ByAgency, ""))
	first.Signed, first.Size, first.Demo = second.Signed, second.Size, first.Demo || second.Demo
	return first, nil
}

// once ends the name of a file that another is to sign, too.
const once = ".once"

// sealAs signs the file at from with the agency's key; signatures in it are kept.
func (s *Steps) sealAs(ctx context.Context, p pipeline.Paper, from, to string) (pipeline.Signature, error) {
	identity, err := s.Signing.Identity(ctx)
	if err != nil {
		return pipeline.Signature{}, err
	}
	if identity.Chain, err = s.ready(ctx, identity.Chain); err != nil {
		return pipeline.Signature{}, err
	}
	q := requestOf(p, pipeline.ByAgency, identity, s.Now())
	q, err = document.Show(ctx, from, q, s.Looks.Look(pipeline.ByAgency, p), func(ctx context.Context) (document.Sight, error) { return s.sight(ctx, p) })
	if err != nil {
		return pipeline.Signature{}, err
	}
	q.Timestamper, q.Further = s.Signing.Timestamper, filepath.Ext(from) == once
	return document.Sign(ctx, from, to, q)
}

// deskReserve is kept free for an officer's signature: there is nobody to ask again once
// the timestamp turns out larger than others. Certificates, attributes and timestamps
// that were seen take 6 to 10 KB.
const deskReserve = 16 << 10

// sight tells of page 1 of p.
func (s *Steps) sight(ctx context.Context, p pipeline.Paper) (document.Sight, error) {
	reading, err := s.reading(ctx, p)
	if err != nil {
		return document.Sight{}, err
	}
	if err := s.pages(ctx, reading.Folder, p); err != nil {
		return document.Sight{}, err
	}
	return reading.Sight(ctx)
}

// requestOf says how a signer signs the record of p; how the signature looks, Looks adds.
func requestOf(_ pipeline.Paper, who pipeline.Signer, id sign.Identity, at time.Time) sign.Request {
	q := sign.Request{Identity: id, Time: at, Reason: "Số hóa hồ sơ"}
	if who == pipeline.ByOfficer {
		q.Reserve = deskReserve
	}
	return q
}

// folderWith gives p's work folder with the composed file in it: the one that is there,
// or that was stored for an officer, or built again where neither is what the catalog
// names.
func (s *Steps) folderWith(ctx context.Context, p pipeline.Paper) (document.Folder, error) {
	folder, err := document.Create(s.Scratch, folderOfPaper(p))
	if err != nil {
		return document.Folder{}, diskTrouble(err)
	}
	have, err := document.Describe(folder.Composed(), document.PDFMedia)
	if err == nil && have.Digest == p.Composed {
		return folder, nil
	}
	if s.signers(p)[0] == pipeline.ByOfficer {
		if err := fetch(ctx, s.Objects, p.Composed, folder.Composed()); !errors.Is(err, fs.ErrNotExist) {
			return folder, err
		}
	}
	_, err = s.composed(ctx, p)
	return folder, err
}

// again lets a paper wait for an officer who has to sign it once more, or whom it had
// not waited for.
func (s *Steps) again(ctx context.Context, p pipeline.Paper, why pipeline.Reason) (pipeline.Move, error) {
	if _, err := s.folderWith(ctx, p); err != nil {
		return pipeline.Move{}, err
	}
	return s.ask(ctx, pipeline.Move{Paper: p, Event: pipeline.Event{What: "officer asked"}}, why)
}

// ask turns a move of a paper that has just been composed into one to the officer, unless
// an officer's signature of the very same bytes is there already. The composed file is
// stored: it is signed here and now or never, and must not change with the program that
// made it.
func (s *Steps) ask(ctx context.Context, m pipeline.Move, why pipeline.Reason) (pipeline.Move, error) {
	p := m.Paper
	note, err := deskNote(ctx, s.Objects, p.Composed)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	if note != nil {
		return m, nil
	}
	folder, err := document.Create(s.Scratch, folderOfPaper(p))
	if err != nil {
		return m, diskTrouble(err)
	}
	composed, err := document.Describe(folder.Composed(), document.PDFMedia)
	if err != nil {
		return m, err
	}
	if err := s.put(ctx, folder.Composed(), composed); err != nil {
		return m, err
	}
	m.Paper.Composed, m.Paper.State = composed.Digest, pipeline.Signing
	m.Paper.Reason, m.Paper.Asked, m.Event.Reason = why, nil, why
	return m, nil
}

// deskNote finds the officer's signature value for a composed file, or fs.ErrNotExist.
func deskNote(ctx context.Context, objects Notes, composed pipeline.Digest) (*pipeline.DeskNote, error) {
	note, err := load[pipeline.DeskNote](ctx, objects, pipeline.DeskKey(composed), "reading an officer's signature")
	if err != nil {
		return nil, err
	}
	return &note, nil
}

// dropComposed deletes the composed file that was stored for an officer.
func dropComposed(ctx context.Context, objects Notes, p pipeline.Paper) error {
	if p.Composed.IsZero() || p.Composed == p.Original {
		return nil
	}
	if err := objects.Delete(ctx, pipeline.BlobKey(p.Composed)); err != nil {
		return fmt.Errorf("deleting an unsigned file: %w", err)
	}
	return nil
}
