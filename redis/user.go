package redis

import (
	"fmt"
	"slices"
	"strings"
)

// userWords are the rules of a user that stand for themselves, in any case. The
// last ones came with Valkey 9.1.
var userWords = []string{
	"on", "off", "nopass", "resetpass", "reset", "allkeys", "resetkeys", "allchannels", "resetchannels", "allcommands", "nocommands",
	"sanitize-payload", "skip-sanitize-payload", "clearselectors", "alldbs", "resetdbs",
}

// categories are those of the commands, the same in Redis 7.0.15 and 8.0.2,
// Valkey 8.1.1 and 9.1.2. Modules bring more.
var categories = []string{
	"admin", "all", "bitmap", "blocking", "connection", "dangerous", "fast", "geo", "hash", "hyperloglog", "keyspace", "list", "pubsub", "read",
	"scripting", "set", "slow", "sortedset", "stream", "string", "transaction", "write",
}

const hexOfSHA256 = 64

// CheckUser says what a server refuses of a user, by the words behind "user":
// its name and its rules. arg is the index of the word at fault. Of commands
// only the form is looked at, and of selectors nothing: what it does not refuse
// may still be wrong. modules says that modules may bring categories. Tried
// with ACL SETUSER and as lines on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2.
func CheckUser(words []string, modules bool) (arg int, message string) {
	if strings.ContainsAny(words[0], " \t") {
		return 0, "the name of a user holds no blanks, and each rule is a word of its own" // a password may be among them
	}
	everyKey := false
	for i, rule := range words[1:] {
		if strings.HasPrefix(rule, "(") {
			return 0, "" // selectors go over several words
		}
		if message := checkRule(rule, modules); message != "" {
			return i + 1, message
		}
		switch word := strings.ToLower(rule); {
		case word == "allkeys" || word == "~*":
			everyKey = true
		case word == "resetkeys" || word == "reset":
			everyKey = false
		case everyKey && strings.HasPrefix(rule, "~"):
			return i + 1, fmt.Sprintf("%q adds a pattern to every key", rule)
		}
	}
	return 0, ""
}

// checkRule says what is wrong with the form of one rule, "" nothing that is certain.
func checkRule(rule string, modules bool) string {
	switch rest := strings.TrimLeft(rule, "+-"); {
	case rule == "": // does nothing
		return ""
	case strings.ContainsRune("><!", rune(rule[0])), strings.ContainsRune("~&%", rune(rule[0])):
		return ""
	case rule[0] == '#' && (len(rule) != 1+hexOfSHA256 || strings.Trim(rule[1:], "0123456789abcdef") != ""):
		return "a word that begins with # is the SHA-256 of a password, 64 characters of 0 to 9 and a to f"
	case rule[0] == '#':
		return ""
	case rule[0] != '+' && rule[0] != '-':
		if known := slices.Contains(userWords, strings.ToLower(rule)) || strings.HasPrefix(strings.ToLower(rule), "db="); known {
			return ""
		}
		return "a word is no rule of a user" // and not shown: a password without its > is one
	case rest == "" || rest == "@" || strings.ContainsAny(rest, " \t"):
		return "a word that begins with + or - names no command"
	case rest[0] == '@' && !modules && !slices.Contains(categories, strings.ToLower(rest[1:])):
		return fmt.Sprintf("%q names no category of commands", rule)
	}
	return ""
}
