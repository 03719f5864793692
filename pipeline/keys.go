package pipeline

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The folders of the bucket. Keys hold identifiers and digests only, never a name or
// a number of a person or a dossier, since keys turn up in logs and listings.
const (
	BlobFolder       = "objects/"     // every blob under its digest
	NoteFolder       = "notes/"       // one Note per received paper, written once
	CheckpointFolder = "checkpoints/" // page results of papers being read
	SignatureFolder  = "signatures/"  // one Signature per composed file, written once
	ManifestFolder   = "manifests/"   // the manifests of each paper, each written once
	ListFolder       = "lists/"       // a copy of each official list
	LightFolder      = "light/"       // one LightNote per record that has an access copy
	ReuseFolder      = "reuses/"      // one Reuse per paper used again in another dossier
	DeskFolder       = "desk/"        // one DeskNote per composed file that an officer signed
	ArrivalFolder    = "arrivals/"    // one ArrivalNote per paper that came signed, written once
)

// ErrKey is returned for an object key that is not of the form expected.
var ErrKey = errors.New("not an object key of this kind")

const suffix = ".json"

// BlobKey is where the bytes with digest d are stored. The two digits in front
// spread the objects over 256 folders.
func BlobKey(d Digest) string {
	s := d.String()
	return BlobFolder + firstTwo(s) + "/" + s
}

// ParseBlobKey is the reverse of BlobKey.
func ParseBlobKey(key string) (Digest, error) {
	s := key[strings.LastIndexByte(key, '/')+1:]
	d, err := ParseDigest(s)
	if err != nil || key != BlobKey(d) {
		return Digest{}, keyError(key)
	}
	return d, nil
}

// NoteKey is where the note of a received paper is stored. The last letters of an
// ID are random while the first are the time, so they spread the folders evenly.
func NoteKey(id PaperID) string {
	return NoteFolder + lastTwo(string(id)) + "/" + string(id) + suffix
}

// ParseNoteKey is the reverse of NoteKey.
func ParseNoteKey(key string) (PaperID, error) {
	s := strings.TrimSuffix(key[strings.LastIndexByte(key, '/')+1:], suffix)
	id, err := ParsePaperID(s)
	if err != nil || key != NoteKey(id) {
		return "", keyError(key)
	}
	return id, nil
}

// CheckpointKey is where the result of one page of an original is kept while its papers
// are read; settings is the digest of everything beside the original and the turn that
// the result depends on, so that a change of settings starts afresh.
func CheckpointKey(original, settings Digest, leaf Leaf) string {
	turned := ""
	if quarters, forced := leaf.Forced(); forced {
		turned = fmt.Sprintf("-turn%d", quarters)
	}
	return fmt.Sprintf("%s%.16s/%06d%s%s", CheckpointPrefix(original), settings.String(), leaf.Page, turned, suffix)
}

// CheckpointPrefix is the folder of all checkpoints of an original.
func CheckpointPrefix(original Digest) string {
	return CheckpointFolder + original.String() + "/"
}

// SignatureKey is where the signature made over a composed file is stored, before
// the state of its paper moves: found again there, nothing is signed twice.
func SignatureKey(composed Digest) string {
	return SignatureFolder + composed.String() + suffix
}

// ParseSignatureKey is the reverse of SignatureKey.
func ParseSignatureKey(key string) (Digest, error) {
	s := strings.TrimSuffix(strings.TrimPrefix(key, SignatureFolder), suffix)
	d, err := ParseDigest(s)
	if err != nil || key != SignatureKey(d) {
		return Digest{}, keyError(key)
	}
	return d, nil
}

// DeskKey is where the signature value is kept that an officer's key made for a composed
// file.
func DeskKey(composed Digest) string { return DeskFolder + composed.String() + suffix }

// LightKey is where the access copy of a record is named. It goes by the record's own
// digest: neither catalog nor manifest has to know of it, and it is found again, or
// made anew, after both were lost.
func LightKey(record Digest) string { return LightFolder + record.String() + suffix }

// ListKey is where the copy of an official list is kept.
func ListKey(l List) string { return ListFolder + string(l) + suffix }

// ArrivalKey is where it is kept what the signatures of a received paper were worth. It
// goes by the paper: the same bytes may be worth something else when they come again.
func ArrivalKey(id PaperID) string {
	return ArrivalFolder + lastTwo(string(id)) + "/" + string(id) + suffix
}

// ManifestKey is where a manifest of a paper is stored; version counts manifests from 1.
// The newest one holds.
func ManifestKey(id PaperID, version int) string {
	return fmt.Sprintf("%sv%04d%s", ManifestPrefix(id), version, suffix)
}

// ManifestPrefix is the folder of all manifests of a paper.
func ManifestPrefix(id PaperID) string {
	return ManifestFolder + lastTwo(string(id)) + "/" + string(id) + "/"
}

// ParseManifestKey is the reverse of ManifestKey.
func ParseManifestKey(key string) (PaperID, int, error) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return "", 0, keyError(key)
	}
	id, err := ParsePaperID(parts[2])
	if err != nil {
		return "", 0, keyError(key)
	}
	version, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(parts[3], "v"), suffix))
	if err != nil || version < 1 || key != ManifestKey(id, version) {
		return "", 0, keyError(key)
	}
	return id, version, nil
}

func keyError(key string) error {
	return fmt.Errorf("reading key %.100q: %w", key, ErrKey)
}

func firstTwo(s string) string { return s[:min(2, len(s))] }

func lastTwo(s string) string { return s[max(0, len(s)-2):] }
