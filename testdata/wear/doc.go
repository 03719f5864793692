// Package wear does to the pixels of a page what time, printers, scanners and
// telephones do: it blurs, specks, yellows, darkens and bends them.
//
// Every operation works in place on an opaque RGBA image, in units of pixels and
// grey values, and depends on nothing but its arguments: the same seed gives the
// same pixels. What a strength means on paper, in points and millimetres, is for
// the caller to say.
package wear
