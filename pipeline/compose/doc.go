// Package compose turns page images and the words read on them into one PDF/A-2u
// record, and re-reads the bytes of a finished record before anybody trusts them. A
// record that wraps a file which was signed before it came is a PDF/A-3u: its pages show
// that file, and the file itself stands in it byte for byte.
//
// The image a scanner made is the evidence, so its stream is carried byte for byte
// and only hashed on its way; the words lie over it as invisible text (render mode
// 3) in a font without ink, so that a record can be searched and copied from
// while it looks exactly like the paper.
//
// The product's PDF library, pdfcpu, is not the writer here, for measured reasons:
// it holds every image of the document in memory, while one pass over the pages
// needs the same few hundred kilobytes for one page and for ten thousand; a full
// write of it stamps its own Producer and the current time into the Info
// dictionary, which then contradicts the XMP metadata and makes every run give
// other bytes; its import sets /Interpolate on small images, which PDF/A forbids;
// and it knows no XMP, output intent or PDF/A identification. So the few objects
// that a record needs are written by hand, in the order in which they become known,
// and pdfcpu stands on the other side: Second has it read and validate every record
// before it is published.
//
// The same words, images and [Meta] always give the same bytes.
package compose
