// Package separator prints the sheets that part the papers of a stack, tells them again
// among the pages of a scan, and cuts the stack at them.
//
// A sheet is put before the first page of each paper, and the stack goes through the
// scanner in one go. The sheet says the same thing (pipeline.Separator) three times over:
// to people in large letters, to good scanners in a QR code of 80 mm with a third of it to
// spare, and to cheap ones in a barcode across the page, which a few clean rows of pixels
// suffice for. The striped bars at its edges show in the side of a stack.
//
// Where no code of a sheet can be read, its printed text counts as one if its check is right;
// and a page that looks like a sheet and is read in neither way is known for that, so that
// nobody files it as a page of a paper (words.go).
//
// Sheets of other makers are told by the texts of their codes, PATCHT being the usual one
// in the industry; they say nothing of a dossier.
//
// The letters are those of Liberation Sans (SIL Open Font License 1.1), written into the
// PDF as outlines of a Type 3 font: there are some dozens of glyphs in use, and no hinting
// is needed at the sizes of a sheet. The codes are drawn by github.com/boombuler/barcode
// (MIT), which is no more than tables.
package separator
