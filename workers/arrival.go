package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/workers/document"
)

// judgeArrival is the first half of the step from Received of a paper that came signed:
// what its signatures are worth is found out before anything else, and kept for ever.
func (s *Steps) judgeArrival(ctx context.Context, folder document.Folder, p pipeline.Paper) (pipeline.Move, error) {
	note, err := loadArrival(ctx, s.Objects, p.ID)
	if errors.Is(err, fs.ErrNotExist) {
		note, err = s.noteArrival(ctx, folder, p)
	}
	if err != nil {
		return pipeline.Move{}, err
	}
	p.Arrival = note.Arrival
	event := pipeline.Event{What: "signatures judged", Detail: detail(p.Arrival)}
	return pipeline.Move{Paper: p, Event: event}, nil
}

// noteArrival judges the signatures of p and puts down what was found. Where a try that
// was cut off has done so before, that counts.
func (s *Steps) noteArrival(ctx context.Context, folder document.Folder, p pipeline.Paper) (pipeline.ArrivalNote, error) {
	report, err := s.judge(ctx, folder, p)
	if err != nil {
		return pipeline.ArrivalNote{}, err
	}
	arrival := summed(report)
	arrival.Judged, arrival.Program = s.Now(), s.Program
	body, err := json.Marshal(report)
	if err != nil {
		return pipeline.ArrivalNote{}, fmt.Errorf("noting signatures: %w", err)
	}
	note := pipeline.ArrivalNote{
		Schema: pipeline.ManifestSchema, Paper: p.ID, Original: p.Original, Arrival: arrival, Report: body,
	}
	if body, err = json.Marshal(note); err != nil {
		return pipeline.ArrivalNote{}, fmt.Errorf("noting signatures: %w", err)
	}
	err = s.Objects.PutOnce(ctx, pipeline.ArrivalKey(p.ID), body)
	if errors.Is(err, fs.ErrExist) {
		return loadArrival(ctx, s.Objects, p.ID)
	}
	if err != nil {
		return pipeline.ArrivalNote{}, fmt.Errorf("noting signatures: %w", err)
	}
	return note, nil
}

// loadArrival finds what the signatures of a paper were worth; fs.ErrNotExist if nobody
// has judged them.
func loadArrival(ctx context.Context, objects Notes, id pipeline.PaperID) (pipeline.ArrivalNote, error) {
	return load[pipeline.ArrivalNote](ctx, objects, pipeline.ArrivalKey(id), "reading what signatures were worth")
}

// judging is how long the signatures of one file may be looked at, with and without
// asking anybody about revocation: 64 of them in a file of 2 GB take minutes to hash, and
// each may name a responder that never answers.
const judging = 3 * time.Minute

// judge verifies the signatures of the original in folder as they stand now. Who cannot
// be reached about revocation holds nobody up, and neither does a file that is made to
// be in the way: both are in the report. An error is one of reading, or the end of ctx.
func (s *Steps) judge(ctx context.Context, folder document.Folder, p pipeline.Paper) (sign.Report, error) {
	file, err := os.Open(folder.Original())
	if err != nil {
		return sign.Report{}, fmt.Errorf("judging signatures: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	info, err := file.Stat()
	if err != nil {
		return sign.Report{}, fmt.Errorf("judging signatures: %w", err)
	}
	trust := s.trustNow()
	report, err := s.judgeIn(ctx, file, info.Size(), trust)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil && trust.Status != nil {
		trust.Status = nil
		report, err = s.judgeIn(ctx, file, info.Size(), trust)
	}
	switch {
	case err == nil:
		return clipped(report), nil
	case ctx.Err() != nil:
		return sign.Report{}, fmt.Errorf("judging signatures: %w", context.Cause(ctx))
	case errors.Is(err, context.DeadlineExceeded):
		return unjudged(info.Size(), unjudgedInTime()), nil
	case errors.Is(err, errJudging):
		s.Log.LogAttrs(ctx, slog.LevelError, "judging signatures", slog.String("paper", string(p.ID)), slog.String("error", err.Error()))
		return unjudged(info.Size(), unjudgedAtAll()), nil
	}
	return sign.Report{}, err
}

// errJudging is returned where the verifier itself fell over a file.
var errJudging = errors.New("the verifier broke down")

// judgeIn verifies within the time that judging may take.
func (s *Steps) judgeIn(ctx context.Context, file *os.File, size int64, trust sign.Trust) (report sign.Report, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("judging signatures: %w: %v at %.2000s", errJudging, broken, debug.Stack())
		}
	}()
	ctx, done := context.WithTimeout(ctx, judging)
	defer done()
	report, err = sign.Verify(ctx, file, size, trust)
	if err != nil {
		return report, fmt.Errorf("judging signatures: %w", errors.Join(err, ctx.Err()))
	}
	return report, nil
}

// unjudged is the report on a file of which nothing can be said.
func unjudged(size int64, why pipeline.Reason) sign.Report {
	return sign.Report{Verdict: sign.Unreadable, Size: size, Signatures: []sign.Checked{}, Problems: []pipeline.Reason{why}}
}

// longestName is how many letters of a name in a certificate are kept: a stranger
// may have written megabytes there.
const longestName = 300

// longestChain is how many certificates of a chain are named.
const longestChain = 10

// clipped is a report of bounded size.
func clipped(r sign.Report) sign.Report {
	for i := range r.Signatures {
		c := &r.Signatures[i]
		c.Chain = c.Chain[:min(len(c.Chain), longestChain)]
		texts := []*string{
			&c.Field, &c.Signer, &c.Unit, &c.Issuer, &c.Serial, &c.Authority, &c.Prover,
			&c.Name, &c.Reason, &c.Location, &c.Revocation.Missing,
		}
		for j := range c.Chain {
			texts = append(texts, &c.Chain[j])
		}
		for _, text := range texts {
			*text = fmt.Sprintf("%.*s", longestName, *text)
		}
	}
	return r
}

// summed is a report in short. Of signatures at several levels the lowest counts.
func summed(r sign.Report) pipeline.Arrival {
	a := pipeline.Arrival{Verdict: string(r.Verdict), Level: r.Level()}
	if r.Unchecked() { // whoever changes a file may write any kind into it
		a.Verdict = string(sign.Unreadable)
	}
	for _, s := range r.Signatures {
		for _, p := range s.Problems {
			a.Unknown = a.Unknown || p.Code == "revocation-unknown"
		}
		if !s.Timestamp {
			a.Signatures++
		}
	}
	for _, p := range r.Problems {
		a.Cut = a.Cut || p.Code == cutShort
	}
	return a
}

// arrivalDoubtedStill asks the policy once more before the record is made, since a person
// may have told meanwhile whose the paper is. A paper with a published record was let
// through before.
func (s *Steps) arrivalDoubtedStill(ctx context.Context, p pipeline.Paper) (pipeline.Reason, error) {
	if len(p.Former) > 0 {
		return pipeline.Reason{}, nil
	}
	return s.arrivalDoubted(ctx, p)
}

// wrapped is the file that the record of a paper that came signed is to carry; none where
// the policy does not want that, or where the file is larger than can be carried.
func (s *Steps) wrapped(p pipeline.Paper) pipeline.Digest {
	class, _ := pipeline.FieldOf(p.Fields, pipeline.FieldClass)
	if !s.Policy.Wrap(p.Unit, class.Value) || p.Size > compose.MaxAttached {
		return pipeline.Digest{}
	}
	return p.Original
}

// arrivalDoubted says why a person must decide whether p is taken, by what was found of
// the signatures it came with; the zero Reason if nobody must. A paper that the policy
// does not take is refused.
func (s *Steps) arrivalDoubted(ctx context.Context, p pipeline.Paper) (pipeline.Reason, error) {
	if p.Arrival.IsZero() || p.Accepted {
		return pipeline.Reason{}, nil
	}
	class, _ := pipeline.FieldOf(p.Fields, pipeline.FieldClass)
	treatment := s.Policy.Treat(p.Unit, class.Value, p.Arrival.Verdict)
	if treatment == policy.Keep {
		return pipeline.Reason{}, nil
	}
	note, err := loadArrival(ctx, s.Objects, p.ID)
	if err != nil {
		return pipeline.Reason{}, err
	}
	if treatment == policy.Reject {
		return pipeline.Reason{}, pipeline.Refuse(signaturesRefused(note), nil)
	}
	return signaturesDoubtful(note), nil
}

// Arrival gives what was found of the signatures that a paper came with; fs.ErrNotExist
// if it came with none.
func (o *Office) Arrival(ctx context.Context, id pipeline.PaperID) (pipeline.ArrivalNote, error) {
	return loadArrival(ctx, o.Objects, id)
}
