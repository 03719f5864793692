// Package pdf decides for every page of a PDF whether it is a scan, whose image
// stream goes into the record byte for byte, or was born digital, so that its words
// are known better than any recognizer could read them, or neither, and must be
// drawn.
//
// Parsing is left to qpdf, a separate program that knows thirty years of broken
// files: it cuts a run of pages out of the original, decrypts and repairs, and hands
// over the objects as JSON and each stream as a file. So a hostile file meets our
// code only as plain values, and memory does not grow with the number of pages.
// Drawing and words come from poppler, another separate program. Scripts, launch
// actions and references to other files are never looked at.
package pdf
