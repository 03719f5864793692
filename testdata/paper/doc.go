// Package paper draws papers of an invented Vietnamese agency as a desk scanner
// would deliver them, together with the truth of what stands on them.
//
// Real papers of citizens cannot lie in a repository, and a scan whose text nobody
// knows for certain cannot measure a recognizer. So every paper is set from an
// invented text, drawn in plain Go at any resolution and in any state of wear, and
// its words and fields are known exactly. The same seed gives the same bytes.
//
// A Paper is made by New, becomes pixels by Scan, and a file by the encoders
// (JPEG, TIFF, PNG, PDF). Names, places and numbers are made up; no agency has the
// code H98.
package paper
