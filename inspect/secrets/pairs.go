package secrets

import (
	"regexp"
	"strings"
)

// scanPairs finds names with values as many notations have them: NAME=value,
// name: value, "name": "value", ?name=value&, --name=value.
func (f *finder) scanPairs(text string) []hit {
	var hits []hit
	for at := 0; at < len(text); at++ {
		if text[at] != '=' && text[at] != ':' {
			continue
		}
		name := nameBefore(text, at)
		if name == "" || !f.isSecret(name) {
			continue
		}
		if value := valueBehind(text, at); value != "" {
			hits = append(hits, hit{name: name, text: value}, hit{name: name, text: trimQuotes(value)})
			at += len(value)
		}
	}
	return hits
}

// longestName bounds what is taken for a name, in bytes.
const longestName = 200

// nameBefore returns the name in front of a sign, "" where there is none: that
// of a variable in ${NAME:-…} is not given a value here.
func nameBefore(text string, at int) string {
	end := at
	for end > 0 && strings.IndexByte(" \t\"'\\", text[end-1]) >= 0 && at-end < longestName {
		end--
	}
	start := end
	for start > 0 && end-start < longestName && isNameByte(text[start-1]) {
		start--
	}
	if strings.HasSuffix(text[:start], "${") {
		return ""
	}
	return strings.TrimLeft(text[start:end], "-.0123456789")
}

func isNameByte(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '.' || b == '-'
}

// valueBehind returns the value behind a sign: what is in quotes, to the end of
// the line where nothing closes them, or a word. redis://… is no value, and
// neither is a path behind a volume.
func valueBehind(text string, at int) string {
	rest, _, _ := strings.Cut(text[at+1:min(len(text), at+1+longestValue)], "\n")
	trimmed := strings.TrimLeft(rest, " \t")
	if text[at] == ':' && strings.HasPrefix(rest, "/") || trimmed == "" || trimmed[0] == '{' || trimmed[0] == '[' {
		return ""
	}
	quoted := strings.TrimPrefix(trimmed, `\`)
	if quoted != "" && (quoted[0] == '"' || quoted[0] == '\'') {
		if end := quotedEnd(quoted); end > 0 {
			return quoted[:end]
		}
		return quoted
	}
	return trimmed[:wordLength(trimmed)]
}

// longestValue bounds what is taken for a value, in bytes.
const longestValue = 4 << 10

// wordLength is the length of a value without quotes: references of variables
// belong to it whole.
func wordLength(text string) int {
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return len(text)
			}
			i += end
		case strings.IndexByte(" \t\r,;&\"'})]", text[i]) >= 0:
			return i
		}
	}
	return len(text)
}

// scanDefaults finds what stands in the place of a variable that is a secret
// where it is unset, or where it is set.
func (f *finder) scanDefaults(text string) []hit {
	var hits []hit
	for {
		_, after, found := strings.Cut(text, "${")
		if !found {
			return hits
		}
		text = after
		name := after[:nameLength(after)]
		word := strings.TrimPrefix(after[len(name):], ":")
		if word == "" || strings.IndexByte("-+=", word[0]) < 0 || !f.isSecret(name) {
			continue
		}
		word = word[1:min(len(word), longestValue)]
		if strings.HasPrefix(strings.TrimLeft(word, "\"' "), "-") {
			continue // an option, which is there when the variable is
		}
		if end := strings.IndexByte(word, '}'); end > 0 {
			hits = append(hits, hit{name: name, text: word[:end]})
		}
	}
}

var ofServers = regexp.MustCompile(`(?i)(redis|valkey)[a-z+]*$`)

// scanAddresses finds the passwords in addresses: scheme://user:password@host,
// and scheme://password@host of a server.
func (f *finder) scanAddresses(text string) []hit {
	var hits []hit
	for {
		scheme, after, found := strings.Cut(text, "://")
		if !found {
			return hits
		}
		text = after
		user := after
		if next := strings.Index(after, "://"); next >= 0 {
			user = after[:next]
		}
		if end := strings.IndexAny(user, " \t\r\n"); end >= 0 {
			user = user[:end]
		}
		end := strings.LastIndexByte(user, '@')
		if end < 0 {
			if ofServers.MatchString(scheme[max(0, len(scheme)-20):]) {
				hits = append(hits, inPlaceOfPort(user)...)
			}
			continue
		}
		_, password, both := strings.Cut(user[:end], ":")
		if !both && ofServers.MatchString(scheme[max(0, len(scheme)-20):]) {
			password = user[:end]
		}
		// The password ends at the first @ for one program, at the last for another.
		first, _, _ := strings.Cut(password, "@")
		for _, secret := range []string{password, first} {
			if secret != "" {
				hits = append(hits, hit{name: "://", text: secret})
			}
		}
	}
}

// inPlaceOfPort finds what stands behind the host of an address and is no port:
// a password whose host was forgotten.
func inPlaceOfPort(address string) []hit {
	if end := strings.IndexAny(address, `/?#,"'\`+"`"); end >= 0 {
		address = address[:end]
	}
	_, port, _ := strings.Cut(address, ":")
	if strings.HasPrefix(address, "[") || strings.Trim(port, "0123456789") == "" {
		return nil
	}
	return []hit{{name: "://", text: port, doubtful: true}}
}
