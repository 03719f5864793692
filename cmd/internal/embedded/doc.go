// Package embedded is what makes one command enough: the servers that hoso needs,
// run as its own children in the data directory, for the office that has one
// machine and nobody to look after it.
//
// A machine that loses power loses nothing that was acknowledged: the Redis child
// syncs its log on every command, and the S3 child, a gateway that by itself never
// syncs anything, is wrapped so that bytes, names and folders are on the disk
// before the answer leaves. A process that is killed leaves nothing behind: children
// die with their parent, locks with their holders.
//
// At scale none of this runs; hoso then talks to servers that others keep.
package embedded
