// Package hostile makes the files that strangers send, by mistake or on purpose:
// broken, lying about themselves, or swelling to gigabytes when touched.
//
// None of them is dangerous to keep, all of them are small, and each says what a
// reader that is not to be hurt has to do with it.
package hostile
