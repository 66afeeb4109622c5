package secrets

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rcomp/rcomp/redis"
)

// isSecret reports whether the value under a name is a secret.
func (f *finder) isSecret(name string) bool {
	if f.variables[name] {
		return true
	}
	secret, known := f.named[name]
	if !known {
		secret = holdsHint(name) && isSecretName(name) || mayBeDirective(name) && redis.IsSecret(name)
		f.named[name] = secret
	}
	return secret
}

// mayBeDirective reports whether a name is as long as that of a directive which
// is a secret, with letters missing or too many.
func mayBeDirective(name string) bool { return len(name) >= len("masterauth")-2 && len(name) <= 30 }

// What the parts of a name say: it is of a secret, it is where one of these
// stands in front of "key", or it is of something about a secret.
var (
	secretParts = partSet(`password passwords passwd passwrd passphrase pass pwd pw secret token tokens apikey credential credentials
		requirepass masterauth primaryauth`)
	secretEndings = []string{"password", "passwd", "passphrase", "secret"}
	keyParts      = partSet("private api access secret encryption signing master")
	otherParts    = partSet(`file files path dir directory name user username users env ttl length policy type mode required enabled
		enable version allow empty expiry expires count header`)
	// plainNames look like names of secrets and are not.
	plainNames = partSet("secrets pwd oldpwd external_secrets")
)

func partSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// isSecretName reports whether a variable, a key or an option is called as
// secrets are: REDIS_PASSWORD, dbPassword, api-key; not REDIS_PASSWORD_FILE.
func isSecretName(name string) bool {
	if len(name) > 200 || plainNames[strings.ToLower(name)] {
		return false
	}
	parts := partsOf(name)
	if len(parts) == 0 || otherParts[parts[len(parts)-1]] || parts[0] == "allow" {
		return false
	}
	for i, part := range parts {
		switch {
		case secretParts[part], part == "key" && i > 0 && keyParts[parts[i-1]]:
			return true
		case slices.ContainsFunc(secretEndings, func(ending string) bool { return strings.HasSuffix(part, ending) }):
			return true
		}
	}
	last := parts[len(parts)-1]
	return last == "auth" || strings.HasSuffix(last, "pass") && last != "bypass" && last != "compass"
}

// partsOf splits a name at what is no letter or digit and where a small letter
// meets a capital.
func partsOf(name string) []string {
	var parts []string
	start := 0
	end := func(at int) {
		if at > start {
			parts = append(parts, strings.ToLower(name[start:at]))
		}
		start = at
	}
	before := ' '
	for i, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end(i)
			start = i + len(string(r))
		case unicode.IsUpper(r) && unicode.IsLower(before):
			end(i)
		}
		before = r
	}
	end(len(name))
	return parts
}
