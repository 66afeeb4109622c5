package redis

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSuggest(t *testing.T) {
	for name, want := range map[string]string{
		"maxmemory-polcy":  "maxmemory-policy",
		"maxmemory_policy": "maxmemory-policy",
		"max-memory":       "maxmemory",
		"maxmem":           "",
		"appendonyl":       "appendonly",
		"append-only":      "appendonly",
		"requirepas":       "requirepass",
		"slave-of":         "slaveof",
		"--save":           "save",
		"maxmemory:":       "maxmemory",
		"maxmemory=100mb":  "",
		"PORTS":            "port",
		"volatile-random":  "",
		"x":                "",
		"":                 "",
	} {
		assert.Equal(t, want, redis70.Suggest(name), name)
	}
	assert.Empty(t, noRelease.Suggest("maxmemory"))
}

func TestSuggestValues(t *testing.T) {
	for text, want := range map[string]string{
		"1.5gb": "1536mb", "256MiB": "256mb", "0.5g": "512mb", "256mib": "256mb", "1tb": "1024gb", "1.3gb": "", "75%": "", "lots": "", "-1": "",
	} {
		assert.Equal(t, want, suggestMemory(text), text)
	}
	for text, want := range map[string]string{"true": "yes", "On": "yes", "0": "no", "disabled": "no", "maybe": "", "": ""} {
		assert.Equal(t, want, suggestBool(text), text)
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "ab", 2}, {"ab", "", 2}, {"port", "port", 0}, {"prot", "port", 1}, {"save", "saves", 1},
		{"kitten", "sitting", 3}, {"ab", "ba", 1}, {"abc", "xyz", 3},
	} {
		assert.Equal(t, c.want, editDistance(c.a, c.b), "%s %s", c.a, c.b)
	}
}
