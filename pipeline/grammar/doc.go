// Package grammar knows how the identifiers of Vietnamese public service desks are
// written: numbers of dossiers and documents, codes of procedures and results, numbers
// of persons and taxpayers, dates. It is part of the vocabulary: values, no I/O, and
// every other package may import it.
//
// Each kind is one row of a table: what it looks like, which of its places hold digits
// and which letters, and what must be true of it. A place, here a slot, is what makes
// repairs safe. A recognizer takes 0 for O and 1 for l; only where the grammar can have
// nothing but a digit is a letter taken for one, and the outcome must then pass the same
// checks as a number read clean: the day is in the calendar, the check digit is right,
// the province exists. Every such letter is reported.
//
// What was published and may change is data, not code: Rules holds the tables, each with
// its source, and a caller may replace them.
//
// Text may come in any form of Unicode. It is looked at in NFC, with all dashes made
// hyphens and all spaces plain; places given back are bytes of the text as it came.
package grammar
