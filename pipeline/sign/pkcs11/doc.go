// Package pkcs11 signs with keys that never leave their holder: a hardware security
// module beside the server, or the USB token of a person at a desk. It speaks PKCS#11
// (OASIS, version 2.40), the interface that the makers of both give out as a library.
//
// What a token forgets, this package remembers. Sessions, the login and the handles of
// keys all die when a token is pulled out or a module restarts. They are one value here, a
// link, that is thrown away whole: the library is then initialized anew, the token looked
// for and logged in to, and what was to be signed is tried once more. A token that is away
// is a *pipeline.Unavailable and papers wait for it.
//
// A library that hangs cannot be ended, only left behind: nobody waits longer than
// Config.Limit for it, and when as many calls hang as there are sessions no other is begun
// until one comes back.
//
// A token locks itself after a few wrong PINs, often three. A PIN that was refused is never
// tried again, nor is the last try before the lock, unless Config says so.
//
// github.com/miekg/pkcs11 (BSD-3) binds the library, and nothing stands between.
// github.com/ThalesGroup/crypto11, which pools sessions over it, was weighed: it puts dead
// sessions back into its pool and has no way to find keys again, does not tell how many
// tries a PIN has left, and gives only certificates that have a key, not their issuers.
package pkcs11
