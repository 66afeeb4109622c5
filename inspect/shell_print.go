package inspect

import (
	"strings"

	"mvdan.cc/sh/v3/expand"
)

// echo prints its words. What a backslash is, each shell has its own mind about.
func (s *shell) echo(words []string) string {
	newline, escapes := "\n", s.dialect == dash
	for len(words) > 0 && isEchoOption(words[0], s.dialect) {
		if strings.Contains(words[0], "n") {
			newline = ""
		}
		if strings.Contains(words[0], "e") {
			escapes = true
		}
		if strings.Contains(words[0], "E") {
			escapes = false
		}
		words = words[1:]
	}
	text := strings.Join(words, " ")
	if !strings.Contains(text, `\`) {
		if s.dialect == anyShell && len(words) > 0 && strings.HasPrefix(words[0], "-") {
			return unknownOutput + newline
		}
		return text + newline
	}
	switch {
	case s.dialect == anyShell:
		return unknownOutput + newline
	case !escapes:
		return text + newline
	}
	text, ok := unescapeEcho(text)
	if !ok {
		return unknownOutput + newline
	}
	return text + newline
}

func isEchoOption(word string, d dialect) bool {
	if d == dash {
		return word == "-n"
	}
	return len(word) > 1 && word[0] == '-' && strings.Trim(word[1:], "neE") == ""
}

// unescapeEcho reads the escapes that every echo has. ok is false for others.
func unescapeEcho(text string) (plain string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out.WriteByte(text[i])
			continue
		}
		if i++; i == len(text) {
			out.WriteByte('\\')
			break
		}
		switch text[i] {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 'r':
			out.WriteByte('\r')
		case '\\':
			out.WriteByte('\\')
		case 'a', 'b', 'c', 'e', 'E', 'f', 'v', 'x', 'u', 'U', '0', '1', '2', '3', '4', '5', '6', '7':
			return "", false // some shells know them
		default:
			out.WriteString(text[i-1 : i+1])
		}
	}
	return out.String(), true
}

// printf prints a format with its words, or with -v puts it in a variable.
func (s *shell) printf(words []string) {
	name := ""
	if len(words) > 2 && words[0] == "-v" && s.dialect == bash {
		name, words = words[1], words[2:]
	}
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	text := ""
	if len(words) > 0 {
		text = s.formatted(words[0], words[1:])
	}
	if name != "" {
		s.set(name, text)
		return
	}
	s.emit(text)
}

// formatted is what printf prints. Only %s takes what is not known.
func (s *shell) formatted(format string, values []string) string {
	if !isKnown(format) || !printsAlike(format, values) {
		return unknownOutput
	}
	var text strings.Builder
	for {
		part, used, err := expand.Format(nil, format, values)
		if err != nil || strings.Contains(part, "\x00") {
			return unknownOutput
		}
		if s.spend(len(part) + 1); s.spent {
			return unknownOutput
		}
		text.WriteString(part)
		if values = values[used:]; used == 0 || len(values) == 0 {
			return text.String()
		}
	}
}

// printsAlike reports whether all shells print a format alike, with values of
// which some may not be known.
func printsAlike(format string, values []string) bool {
	for first := true; first || len(values) > 0; first = false {
		before := len(values)
		for i := 0; i < len(format); i++ {
			switch {
			case format[i] == '\\' && i+1 < len(format):
				if i++; strings.IndexByte(`ntr\"'`, format[i]) < 0 {
					return false
				}
			case format[i] == '%' && strings.HasPrefix(format[i+1:], "%"):
				i++
			case format[i] == '%':
				end := i + 1
				for end < len(format) && strings.IndexByte("0123456789-", format[end]) >= 0 {
					end++
				}
				value := ""
				if len(values) > 0 {
					value, values = values[0], values[1:]
				}
				if end == len(format) || !isFormatted(format[i+1:end], format[end], value) {
					return false
				}
				i = end
			}
		}
		if len(values) == before {
			break
		}
	}
	return true
}

// isFormatted reports whether a value is printed alike by all shells. One that
// is not known can only be put in as it is.
func isFormatted(flags string, verb byte, value string) bool {
	switch verb {
	case 's':
		return flags == "" || isKnown(value) && isASCII(value)
	case 'd', 'i':
		return value == "" || wholeNumber.MatchString(value)
	}
	return false
}
