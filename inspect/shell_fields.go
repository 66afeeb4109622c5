package inspect

import (
	"strings"

	"mvdan.cc/sh/v3/pattern"
)

// field is one word in the making.
type field struct {
	text    strings.Builder
	pattern strings.Builder // the same, quoted parts escaped
	magic   bool            // it has a character of a pattern that is not quoted
	begun   bool
	loose   bool // what is not known of it stands without quotes
}

// fieldBuilder puts the fields of a word together.
type fieldBuilder struct {
	shell *shell
	done  []string
	loose []bool
	field field
}

// quoted adds a text as it is. It makes a word even where it is empty.
func (b *fieldBuilder) quoted(text string) {
	b.field.begun = true
	b.field.text.WriteString(text)
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(`*?[]\`, text[i]) >= 0 {
			b.field.pattern.WriteByte('\\')
		}
		b.field.pattern.WriteByte(text[i])
	}
}

// plain adds a text without quotes that is not split.
func (b *fieldBuilder) plain(text string) {
	if text == "" {
		return
	}
	b.field.begun = true
	b.field.text.WriteString(text)
	b.field.pattern.WriteString(text)
	b.field.magic = b.field.magic || strings.ContainsAny(text, "*?[")
}

// split adds what an expansion without quotes came to.
func (b *fieldBuilder) split(text string) {
	const blanks = " \t\n"
	b.field.loose = b.field.loose || !isKnown(text)
	if separators := b.shell.variables.get("IFS"); separators.set && separators.text != blanks {
		if separators.text == "" {
			b.plain(text)
			return
		}
		if strings.ContainsAny(text, separators.text) || !isKnown(separators.text) {
			text = unknown("$IFS") // other separators than blanks are not followed
		}
		b.plain(text)
		return
	}
	for {
		at := strings.IndexAny(text, blanks)
		if at < 0 {
			b.plain(text)
			return
		}
		b.plain(text[:at])
		b.separate()
		text = strings.TrimLeft(text[at:], blanks)
	}
}

// separate ends a word.
func (b *fieldBuilder) separate() {
	if !b.field.begun {
		return
	}
	text := b.field.text.String()
	if b.shell.spend(len(text) + 1); len(b.done) > maxWords {
		b.shell.spent = true
	}
	if b.field.magic && !b.shell.hasOption("f") && pattern.HasMeta(b.field.pattern.String(), 0) {
		b.done = append(b.done, b.shell.paths(text, b.field.pattern.String())...)
	} else {
		b.done = append(b.done, text)
	}
	for len(b.loose) < len(b.done) {
		b.loose = append(b.loose, b.field.loose)
	}
	b.field = field{}
}

// add adds what an expansion came to.
func (b *fieldBuilder) add(text string, inQuotes, whole bool) {
	switch {
	case inQuotes:
		b.quoted(text)
	case whole:
		b.plain(text)
	default:
		b.split(text)
	}
}
