// Package register holds the official lists (danh mục): which agencies there are and
// were, and which procedures with which papers. It reads them from the files that desks
// keep and writes them again, and it finds an agency by the name that a paper prints.
//
// A file is taken whole or not at all. Everything amiss in it is told at once, by sheet,
// line and column as the file has them and in the words of who keeps it; headings are
// known in Vietnamese and English, in any order and spelling.
//
// A name is found although it was read off a stamp or a scan: the place of a tone mark,
// capitals and the usual abbreviations never count, a wrong tone or letter counts
// against a candidate, and a wrong figure or another word for the kind of a place rules
// it out. Several that are about as near are all given: which of two communes of one
// name is meant is for a person, or for the agency above that is printed with it.
package register
