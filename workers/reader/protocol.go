// Package reader reads papers in processes of their own. Tesseract, Leptonica and
// the PDF programs are native code that can crash, hang or eat memory, and no
// context can cancel them; so they run in a child of this same binary that has no
// network, little memory and little processor time for every page, and that is killed
// and replaced when it breaks one of these, or stands still.
//
// Serve is the child's side: it answers one request after another on a pipe. Pool
// is the parent's: it keeps one child for each core, hands out pages with desk work
// first, and turns a dead child into the outcome of one page.
package reader

import (
	"time"

	"hoso/pipeline"
)

// request is one line of JSON from parent to child.
type request struct {
	Op      op     `json:"op"`
	Path    string `json:"path"`              // the original, on a disk that both see
	Scratch string `json:"scratch"`           // a folder for what the child has to put down
	Page    int    `json:"page,omitempty"`    // of the original, 1-based
	Turn    int    `json:"turn,omitempty"`    // see pipeline.Leaf
	Carrier string `json:"carrier,omitempty"` // the file that receives the page's image stream, or those of its access copy

	Plain bool           `json:"plain,omitempty"` // not to look for codes
	Known *pipeline.Page `json:"known,omitempty"` // what was read of the page, for its access copy
	Side  Side           `json:"side,omitempty"`  // of the page's picture
}

// op is what a child can do.
type op string

const (
	opOpen  op = "open"  // say what the file is
	opRead  op = "read"  // put the image stream down and recognize its words
	opCarry op = "carry" // put the image stream down only
	opLight op = "light" // put the image streams of its page in an access copy down

	opPicture op = "picture" // put a picture of the page down, to look at
)

// reply is one line of JSON from child to parent. The first of a child only says that
// it is ready.
type reply struct {
	Ready   bool             `json:"ready,omitempty"`
	Summary Summary          `json:"summary,omitzero"`
	Page    pipeline.Page    `json:"page,omitzero"`
	Light   pipeline.Light   `json:"light,omitzero"`
	Refused *pipeline.Reason `json:"refused,omitempty"`
	Error   string           `json:"error,omitempty"`
	Lacking string           `json:"lacking,omitempty"` // the part of the surroundings that Error is about
}

// Summary says what a file is.
type Summary struct {
	Media  string `json:"media"`
	Pages  int    `json:"pages"`
	Files  []int  `json:"files,omitempty"` // the pages of each of several files that came together
	Signed bool   `json:"signed"`          // carries signatures of its own
}

// Settings are what every child of a pool is told at its start.
type Settings struct {
	Languages string        `json:"languages"` // of the recognizer, such as "vie"
	Second    string        `json:"second"`    // its larger model for doubtful words, "" for none
	Models    string        `json:"models"`    // folder of the recognizer's models, "" to look for it
	Page      time.Duration `json:"page"`      // processor time after which the recognizer gives a page up
	Memory    uint64        `json:"memory"`    // bytes a child may hold
}
