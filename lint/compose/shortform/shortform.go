// Package shortform reads the texts that Compose takes for more than texts, as
// Compose reads them: the short forms of ports ([ParsePort]), volumes
// ([ParseVolume]), devices ([ParseDevice]) and extra hosts ([ParseHost]), sizes
// ([Bytes]), durations ([Duration]), and what a text is where Compose wants a
// truth or a number ([Bool], [Int], [Float], [Umask]); a limit of ulimits is an
// [Int]. A text is accepted if and only if Compose accepts it.
//
// Texts may hold marks of variables without a value (package unset). What
// depends on one is accepted and is said to be unknown: by the field of a port
// or volume that tells so, and by [ErrUnknown] where the whole is one value.
//
// Errors say what is wrong and never repeat the text, which may hold what a
// variable put in.
package shortform

import (
	"errors"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// ErrUnknown says that a value depends on a variable without a value: nobody
// knows here what it is, nor that it is wrong.
var ErrUnknown = errors.New("it depends on a variable without a value")

// known reads a value that is all or nothing: a text with marks is unknown.
func known[T any](text string, parse func(string) (T, error)) (value T, err error) {
	if !unset.Known(text) {
		return value, ErrUnknown
	}
	return parse(text)
}
