// Package pipeline is the vocabulary of hoso: the nouns that every part of the
// product speaks in, and nothing that reads a disk, a clock or a network.
//
// A paper (giấy tờ) of a dossier (hồ sơ) comes in as an original, is taken apart
// into pages, and leaves as a record: a signed PDF/A beside a manifest that says
// everything known of it. The folders below this one are the stages that turn one
// of these values into the next, in the order of the flow:
//
//	intake → prepare → recognize → extract → compose → sign
//
// Stages take values and give values. None of them imports another, and none
// knows where bytes are stored or who asked.
package pipeline
