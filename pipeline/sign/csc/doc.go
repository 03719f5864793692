// Package csc signs with a key that a trust service holds for its owner, over the API of
// the Cloud Signature Consortium, version 2.0.0.2 ("the specification" below): JSON over
// HTTPS. A hash goes out and a signature value comes back; neither the paper nor the key
// travels.
//
// Each use of the key is authorized by itself (11.6): for as many signatures as are to be
// made, bound to their hashes, with the PIN. What authorizes them, the signature
// activation data (SAD), is used at once and kept nowhere. A service that is away or busy
// is *pipeline.Unavailable. A PIN or one-time password that was refused is never tried
// again, since services lock a key after a few.
package csc
