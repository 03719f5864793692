// Package invent makes up what stands on official Vietnamese papers: people, places,
// agencies, sentences and numbers, none of which is anybody's.
//
// A Voice speaks by a seed: the same seed says the same words in the same order.
// Its vocabulary is wide enough that some hundred pages hold every letter of the
// language with every tone; its numbers obey the grammars by which an office reads
// them, check digits included. It remembers each number it has said, so that a paper
// can tell which of them stand on it.
package invent
