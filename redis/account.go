package redis

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
)

// Account is what the rules of a user come to, read in order as a server reads
// them. Commands are asked for one by one: May.
type Account struct {
	On     bool
	NoPass bool // any password is right
	// Passwords holds the SHA-256 of each, in hexadecimal digits.
	Passwords []string
	// EveryKey and EveryChannel say that no pattern bounds them. Channels are
	// the patterns otherwise.
	EveryKey, EveryChannel bool
	Channels               []string
	rules                  []string // about commands, the ones that count
	selectors              bool     // further permissions, which are not read
}

// ReadAccount reads the rules of a user, those behind its name. A user begins
// off, without a password and with nothing allowed.
func ReadAccount(rules []string) Account {
	a := Account{}
	for _, rule := range rules {
		a.read(rule)
	}
	return a
}

func (a *Account) read(rule string) {
	switch word := strings.ToLower(rule); {
	case word == "on", word == "off":
		a.On = word == "on"
	case word == "nopass":
		a.NoPass, a.Passwords = true, nil
	case word == "resetpass":
		a.NoPass, a.Passwords = false, nil
	case word == "reset":
		*a = Account{}
	case word == "allkeys", word == "~*":
		a.EveryKey = true
	case word == "resetkeys":
		a.EveryKey = false
	case word == "allchannels", word == "&*":
		a.EveryChannel = true
	case word == "resetchannels":
		a.EveryChannel, a.Channels = false, nil
	case word == "allcommands", word == "+@all", word == "nocommands", word == "-@all":
		a.rules = []string{strings.NewReplacer("allcommands", "+@all", "nocommands", "-@all").Replace(word)}
	case strings.HasPrefix(rule, ">"):
		a.addPassword(hashOf(rule[1:]))
	case strings.HasPrefix(rule, "#"):
		a.addPassword(rule[1:])
	case strings.HasPrefix(rule, "<"):
		a.dropPassword(hashOf(rule[1:]))
	case strings.HasPrefix(rule, "!"):
		a.dropPassword(rule[1:])
	case strings.HasPrefix(rule, "&"):
		a.Channels = append(a.Channels, rule[1:])
	case strings.HasPrefix(rule, "+"), strings.HasPrefix(rule, "-"):
		a.rules = append(a.rules, word)
	case strings.HasPrefix(rule, "("):
		a.selectors = true
	}
}

func (a *Account) addPassword(hash string) {
	a.NoPass, a.Passwords = false, append(a.Passwords, hash)
}

func (a *Account) dropPassword(hash string) {
	a.Passwords = slices.DeleteFunc(a.Passwords, func(one string) bool { return one == hash })
}

func hashOf(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

// Takes reports whether a user may log in with a password.
func (a Account) Takes(password string) bool {
	return a.On && (a.NoPass || slices.Contains(a.Passwords, hashOf(password)))
}

// Answer is an answer that may not be known.
type Answer int

// The answers.
const (
	NotKnown Answer = iota
	Yes
	No
)

// May reports whether a user may call a command, "ping" or "config|get". It is
// not known for a command whose categories are not in the table, where a rule
// about a category decides, and for what selectors may add.
func (a Account) May(command string) Answer {
	container, _, isSub := strings.Cut(command, "|")
	answer := No
	for _, rule := range a.rules {
		to := No
		if rule[0] == '+' {
			to = Yes
		}
		category, isCategory := strings.CutPrefix(rule[1:], "@")
		categories, listed := commandCategories()[command]
		switch {
		case category == "all" && isCategory, rule[1:] == command, isSub && rule[1:] == container:
			answer = to
		case isCategory && slices.Contains(categories, category):
			answer = to
		case isCategory && !listed && answer != to:
			answer = NotKnown
		}
	}
	if answer == No && a.selectors {
		return NotKnown
	}
	return answer
}

// Hears reports whether a user may use a channel.
func (a Account) Hears(channel string) bool {
	return a.EveryChannel || slices.ContainsFunc(a.Channels, func(pattern string) bool {
		matches, err := path.Match(pattern, channel)
		return err == nil && matches
	})
}

// Needs are the commands without which those who log in to a server do not do
// their work. Tried with users that lack one of them, on Redis 7.0.15 and
// Valkey 8.1.1.
var (
	// ReplicaNeeds are a replica's. It does without ping; without replconf its
	// master takes it for silent, and cuts the link.
	ReplicaNeeds = []string{"psync", "replconf"}
	// SentinelNeeds are a sentinel's on the servers that it watches.
	SentinelNeeds = []string{"ping", "info", "publish", "subscribe", "multi", "exec", "slaveof", "config|rewrite", "client|kill"}
	// ExporterNeeds are an exporter's: without them it says that the server is down.
	ExporterNeeds = []string{"info"}
)

// SentinelChannel is the channel by which sentinels find each other.
const SentinelChannel = "__sentinel__:hello"
