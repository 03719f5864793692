// Package gate decides who stands before the service and what they may do.
//
// A person proves who they are once, with a secret that is kept only as an argon2id
// hash, and then carries a random token of which only the SHA-256 is kept. What a
// role may do is written in one function, May; everything that answers strangers
// asks it, and nothing else decides.
//
// Three things keep the gate honest under attack. An unknown account costs the same
// time as a known one. Guessing slows down by account and address in bounded memory.
// A session is pinned to the hash it was opened with, so that a changed secret or a
// disabled account ends every session at once.
package gate
