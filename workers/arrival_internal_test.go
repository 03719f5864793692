package workers

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/revocation"
	"hoso/pipeline/sign/signtest"
	"hoso/workers/document"
)

// source tells of revocation as a test wants.
type source func(ctx context.Context) (revocation.Answer, error)

func (s source) Status(ctx context.Context, _, _ *x509.Certificate) (revocation.Answer, error) {
	return s(ctx)
}

// signedIn puts a signed file into a folder as the original.
func signedIn(t *testing.T, a *signtest.Authority) document.Folder {
	t.Helper()
	folder, err := document.Create(t.TempDir(), "one")
	if err != nil {
		t.Fatal(err)
	}
	var plain, signed bytes.Buffer
	m, err := compose.NewWriter(&plain, compose.Meta{ID: "one", Created: time.Unix(0, 0)})
	if err == nil {
		pixel := []byte("x\x9cc\x00\x00\x00\x01\x00\x01") // a zlib stream of one zero
		i := pipeline.Image{Filter: pipeline.Flate, Width: 1, Height: 1, Bits: 8, Color: pipeline.Gray, Digest: pipeline.Sum(pixel), Size: int64(len(pixel))}
		err = m.AddPage(pipeline.Page{Number: 1, Image: i, WidthPt: 595, HeightPt: 842}, bytes.NewReader(pixel))
	}
	if err == nil {
		err = m.Close()
	}
	if err == nil {
		q := sign.Request{Identity: a.Identity(t, signtest.Key(t), nil), Timestamper: a.Stamper(), Time: a.Clock()}
		_, err = sign.Sign(t.Context(), bytes.NewReader(plain.Bytes()), int64(plain.Len()), &signed, q)
	}
	if err == nil {
		err = os.WriteFile(folder.Original(), signed.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestAResponderThatNeverAnswers holds a paper up for as long as judging may take, and not
// longer: the verdict is found without it.
func TestAResponderThatNeverAnswers(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, time.Now())
	folder := signedIn(t, a)
	synctest.Test(t, func(t *testing.T) {
		hang := source(func(ctx context.Context) (revocation.Answer, error) {
			<-ctx.Done()
			return revocation.Answer{}, ctx.Err()
		})
		s := &Steps{Trust: sign.Trust{Roots: a.Roots(), Status: hang}, Now: a.Clock, Log: slog.New(slog.DiscardHandler)}
		began := time.Now()
		report, err := s.judge(t.Context(), folder, pipeline.Paper{})
		if got := summed(report); err != nil || got.Verdict != "valid" || !got.Unknown || got.Signatures != 1 {
			t.Errorf("judged %+v, %v", got, err)
		}
		if took := time.Since(began); took != judging {
			t.Errorf("it took %s, want %s", took, judging)
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		if _, err := s.judge(ctx, folder, pipeline.Paper{}); !errors.Is(err, context.Canceled) {
			t.Errorf("being stopped gives %v", err)
		}
	})
}

// TestTheVerifierMayBreakDown without taking the paper with it.
func TestTheVerifierMayBreakDown(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, time.Now())
	folder := signedIn(t, a)
	breaks := source(func(context.Context) (revocation.Answer, error) { panic("a file made for this") })
	var log strings.Builder
	s := &Steps{Trust: sign.Trust{Roots: a.Roots(), Status: breaks}, Now: a.Clock, Log: slog.New(slog.NewTextHandler(&log, nil))}
	report, err := s.judge(t.Context(), folder, pipeline.Paper{ID: "01M84E0F4CFGDGW2VC87EH0001"})
	if got := summed(report); err != nil || got.Verdict != "unreadable" || report.Problems[0].Code != "judging-failed" {
		t.Errorf("judged %+v, %v", report, err)
	}
	if !strings.Contains(log.String(), "01M84E0F4CFGDGW2VC87EH0001") {
		t.Errorf("logged %q", log.String())
	}
}

// TestReportsAreBounded: a certificate, and who signs, may say what they want.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Ủ", 1<<20)
	c := sign.Checked{
		Signer: long, Unit: long, Issuer: long, Serial: long, Field: long, Authority: long,
		Prover: long, Name: long, Reason: long, Location: long, Chain: slices.Repeat([]string{long}, 20),
		Revocation: sign.Inquiry{Missing: long},
	}
	body, err := json.Marshal(clipped(sign.Report{Signatures: []sign.Checked{c}}))
	if err != nil || len(body) > 100_000 {
		t.Errorf("%d bytes are kept: %v", len(body), err)
	}
	if !bytes.Contains(body, []byte(`"signer":"`+long[:longestName*len("Ủ")]+`"`)) {
		t.Errorf("nothing is left of a name: %.300s", body)
	}
}

// TestTheLowestLevelCounts, and a timestamp of the whole file is no signature.
func TestTheLowestLevelCounts(t *testing.T) {
	t.Parallel()
	for want, levels := range map[string][]string{"B-T": {"B-LTA", "B-T"}, "B-B": {"B-T", "B-B"}, "": {"B-LTA", ""}, "B-LTA": {"B-LTA"}} {
		r := sign.Report{Verdict: sign.Valid}
		for _, l := range levels {
			r.Signatures = append(r.Signatures, sign.Checked{Level: l})
		}
		r.Signatures = append(r.Signatures, sign.Checked{Timestamp: true})
		if got := summed(r); got.Level != want || got.Signatures != len(levels) {
			t.Errorf("of %v: %+v", levels, got)
		}
	}
}
