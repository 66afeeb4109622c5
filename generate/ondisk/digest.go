package ondisk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

// digestLine is the line of a generated file that holds the digest of all
// others, in a comment of YAML, redis.conf, git or Markdown.
var digestLine = regexp.MustCompile(`(?m)^((?:#|<!--) rcomp-digest: ?)((?:sha256:[0-9a-f]{64})?)((?: -->)?)\n`)

// headerLines is how far from the top the digest is looked for.
const headerLines = 5

// Stamp enters the digest of a generated text. Two blanks are never left where
// the template had the hole.
func Stamp(content []byte) []byte {
	at := digestLine.FindSubmatchIndex(content)
	if at == nil {
		return content
	}
	stamped := append([]byte{}, content[:at[3]]...)
	stamped = append(stamped, Digest(content)...)
	return append(stamped, content[at[5]:]...)
}

// Digest is the SHA-256 of a text without its digest line.
func Digest(content []byte) string {
	at := digestLine.FindIndex(content)
	if at == nil {
		at = []int{0, 0}
	}
	hash := sha256.New()
	hash.Write(content[:at[0]])
	hash.Write(content[at[1]:])
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}

// authorship is what a file on disk says of its origin.
type authorship int

const (
	foreign authorship = iota // no digest: not written by gen
	edited                    // changed since gen wrote it
	intact                    // as gen wrote it
)

// author reads the digest of a file. Line ends may have become CRLF on the way
// through git.
func author(content []byte) authorship {
	content = Normal(content)
	at := digestLine.FindSubmatchIndex(content)
	if at == nil || bytes.Count(content[:at[0]], []byte("\n")) >= headerLines {
		return foreign
	}
	if string(content[at[4]:at[5]]) != Digest(content) {
		return edited
	}
	return intact
}

// sourceLine is the line of a generated file that names the intent, at the top
// or below the line that makes a script one.
var sourceLine = regexp.MustCompile("(?m)^(?:#|<!--) Made by `rcomp gen` from (.+?)\\. To change it, change that file")

// Source is the intent that a generated file names, "" where it names none.
func Source(content []byte) string {
	content = Normal(content)
	at := sourceLine.FindSubmatchIndex(content)
	if at == nil || bytes.Count(content[:at[0]], []byte("\n")) >= headerLines {
		return ""
	}
	return string(content[at[2]:at[3]])
}

// Normal is a text with line ends as gen writes them.
func Normal(content []byte) []byte {
	return bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
}

// Intact tells that gen wrote a file, and nobody edited it since.
func Intact(content []byte) bool { return author(content) == intact }

// Ours tells that gen wrote a file, edited since or not.
func Ours(content []byte) bool { return author(content) != foreign }
