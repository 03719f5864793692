package pipeline

import (
	"encoding/hex"
	"fmt"
	"time"
)

// Reuse (khai thác, sử dụng lại) says that a dossier uses a paper which is kept already:
// a reference, never a copy. It is what a citizen need not hand in again (Decree
// 118/2025; indicator D of Decision 766/QĐ-TTg counts it).
type Reuse struct {
	ID        string        `json:"id"`
	Dossier   DossierNumber `json:"dossier"` // the one that uses the paper
	Paper     PaperID       `json:"paper"`
	Component string        `json:"component,omitempty"` // the paper's name in the procedure, see ComponentSpec
	Procedure string        `json:"procedure,omitempty"`
	Unit      string        `json:"unit"`               // the agency that works on the dossier
	Source    ReuseSource   `json:"source"`             // DuocTaiSuDung and DuocLayTuKhoDMQG
	Replaces  string        `json:"replaces,omitempty"` // MaKetQuaThayThe: the paper's digitization code
	Actor     string        `json:"actor"`
	Time      time.Time     `json:"time"`
	Ended     time.Time     `json:"ended,omitzero"` // withdrawn: it was a mistake
	EndedBy   string        `json:"ended_by,omitempty"`
}

// ReuseSource says where a paper that is used again is kept.
type ReuseSource string

// OwnRepository is the repository of the agencies themselves (kho dữ liệu điện tử của
// tổ chức, cá nhân), which is this one.
const OwnRepository ReuseSource = "own"

// Standing reports whether the reuse counts.
func (r Reuse) Standing() bool { return r.Ended.IsZero() }

// ReuseID names the nth reuse, from 0, of a paper in a dossier. The same asking gives
// the same name, so that asking twice is asking once.
func ReuseID(n DossierNumber, paper PaperID, nth int) string {
	sum := Sum(fmt.Appendf(nil, "%s %s %d", n.Key(), paper, nth))
	return hex.EncodeToString(sum[:16])
}

// ReuseCount is indicator D over some time: how much was used again in how many
// dossiers.
type ReuseCount struct {
	Papers   int64 `json:"papers"`
	Dossiers int64 `json:"dossiers"`
}

// ReuseKey is where a reuse is kept.
func ReuseKey(id string) string { return ReuseFolder + firstTwo(id) + "/" + id + suffix }
