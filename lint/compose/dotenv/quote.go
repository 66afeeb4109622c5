package dotenv

import (
	"strconv"
	"strings"
)

// unquote reads the quoted value that a text begins with: what is in the
// quotes, with the backslash gone before each quote of their kind, and the
// length of all of it. Other backslashes stay.
func unquote(text string) (value string, length int, closed bool) {
	quote := text[:1]
	var result strings.Builder
	for i := 1; ; {
		stop := strings.IndexAny(text[i:], quote+`\`)
		if stop < 0 {
			return "", 0, false
		}
		result.WriteString(text[i : i+stop])
		i += stop
		if text[i:i+1] == quote {
			return result.String(), i + 1, true
		}
		if i+1 == len(text) {
			return "", 0, false
		}
		if text[i+1:i+2] != quote {
			result.WriteByte('\\')
		}
		result.WriteByte(text[i+1])
		i += 2
	}
}

// escapes are the characters that stand behind a backslash for another one.
var escapes = map[byte]string{
	'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
	'\\': `\`,
	'$':  "$$", // a dollar that begins no reference
}

// unescape resolves the escapes of a value in double quotes.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var result strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		result.WriteString(before)
		if !found {
			return result.String()
		}
		if strings.HasPrefix(after, "0") {
			digits := leadingDigits(after[1:], 3)
			result.WriteString(octal(digits))
			text = after[1+len(digits):]
			continue
		}
		if after != "" && escapes[after[0]] != "" {
			result.WriteString(escapes[after[0]])
			text = after[1:]
			continue
		}
		result.WriteString(`\`)
		text = after
	}
}

// octal is what stands for a backslash, a 0 and some digits: the character
// with that number. Where they give none, Compose drops the 0.
func octal(digits string) string {
	if code, err := strconv.ParseUint(digits, 8, 8); err == nil && len(digits) == 3 {
		return string(rune(code))
	}
	return `\` + digits
}

// leadingDigits returns the digits that a text begins with, so many at most.
func leadingDigits(text string, most int) string {
	end := 0
	for end < min(len(text), most) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	return text[:end]
}
