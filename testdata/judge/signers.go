package judge

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
)

// Job is a file that pyHanko or DSS is to sign. Keys and certificates are PEM files.
type Job struct {
	In       string   `json:"in"`
	Out      string   `json:"out"`
	Key      string   `json:"key"`
	Certs    []string `json:"certs"` // the signer's first
	Trust    string   `json:"trust"` // the root
	TSA      string   `json:"tsa,omitempty"`
	Level    string   `json:"level"`             // B, T, LT or LTA
	Adobe    bool     `json:"adobe,omitempty"`   // adbe.pkcs7.detached, with a signing-time
	Certify  int      `json:"certify,omitempty"` // /P of DocMDP
	Field    string   `json:"field"`
	Existing bool     `json:"existing,omitempty"` // the field is in the file already
	Box      []int    `json:"box,omitempty"`      // where the signature shows
	Lock     string   `json:"lock,omitempty"`     // All, Include or Exclude
	Locked   []string `json:"locked,omitempty"`
	PSS      bool     `json:"pss,omitempty"`
	Hash     string   `json:"hash,omitempty"`
}

// HankoSign has pyHanko sign files, one after the other, and gives what it says of each:
// "" where it signed.
func HankoSign(t testing.TB, jobs ...Job) []string {
	t.Helper()
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, j := range jobs {
		if err := encoder.Encode(j); err != nil {
			t.Fatalf("writing pyHanko's job: %v", err)
		}
	}
	cmd := exec.CommandContext(t.Context(), python(t), filepath.Join(sources(t), "pyhanko_sign.py"))
	cmd.Stdin = &in
	decoder := json.NewDecoder(bytes.NewReader(output(t, cmd)))
	said := make([]string, 0, len(jobs))
	for range jobs {
		var answer struct {
			Error string `json:"error"`
		}
		if err := decoder.Decode(&answer); err != nil {
			t.Fatalf("reading pyHanko's answer: %v", err)
		}
		said = append(said, answer.Error)
	}
	return said
}

// DSSSign has DSS sign a file, with the revocation lists in files. Of the job it takes
// all that has to do with the key, the level and the hash (such as SHA256).
func DSSSign(t testing.TB, j Job, lists []string) {
	t.Helper()
	ask(t, question{
		Judge: "dss-sign", File: j.In, Out: j.Out, Key: j.Key, Certs: j.Certs, Trust: []string{j.Trust},
		Lists: lists, TSA: j.TSA, Level: j.Level, Hash: j.Hash,
	}, &struct{}{})
}
