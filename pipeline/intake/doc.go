// Package intake answers three questions about a file that a stranger sent: what is
// it, which pages does it have, and may their images go into the record as they
// are.
//
// The answer to the first never trusts a file's name. The answer to the last is yes
// wherever a PDF can show the very bytes that the scanner wrote; only what cannot
// stand in PDF/A is drawn anew, and said to be so. A file that cannot be used is
// refused with a sentence for the person who sent it, before anybody waits for it.
//
// Whatever a file claims, the work on it ends: sizes, counts, depths, unpacked
// bytes and the time of every separate program are bounded, and memory does not
// grow with the number of pages.
package intake
