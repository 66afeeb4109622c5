package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReadAccount(t *testing.T) {
	for _, c := range []struct {
		rules   string
		command string
		want    Answer
	}{
		{"", "ping", No},
		{"+ping", "ping", Yes},
		{"+PING", "ping", Yes},
		{"+ping +@all -ping", "ping", No},
		{"-ping +@all", "ping", Yes},
		{"allcommands -@dangerous", "info", No},
		{"allcommands -@dangerous +info", "info", Yes},
		{"allcommands -@dangerous", "ping", Yes},
		{"+@all nocommands", "ping", No},
		{"+@all reset", "ping", No},
		{"+config|get", "config|get", Yes},
		{"+config|get", "config|set", No},
		{"+config", "config|set", Yes},
		{"+config -config|set", "config|set", No},
		{"+config -config|set", "config|get", Yes},
		{"+@admin -config", "config|rewrite", No},
		{"+@connection", "client|setname", Yes},
		{"+@connection", "client", No},
		{"+@all -@write", "psync", Yes},
		{"+@all -@search", "psync", Yes},
		{"+@read", "hgetall", NotKnown},
		{"+@all +@read", "hgetall", Yes},
		{"+get (+ping ~x)", "ping", NotKnown},
		{"+ping (+get ~x)", "ping", Yes},
	} {
		assert.Equal(t, c.want, ReadAccount(strings.Fields(c.rules)).May(c.command), "%s: %s", c.rules, c.command)
	}
}

func TestAccountTakes(t *testing.T) {
	hash := hashOf("test")
	for rules, want := range map[string]bool{
		"on >test": true, ">test": false, "on nopass": true, "on nopass resetpass": false, "on >other": false, "on #" + hash: true,
		"on >test <test": false, "on >test !" + hash: false, "on nopass >test": true, "on nopass >other": false, "on >test reset on": false, "ON NOPASS": true,
	} {
		assert.Equal(t, want, ReadAccount(strings.Fields(rules)).Takes("test"), rules)
	}
}

func TestAccountHears(t *testing.T) {
	for rules, want := range map[string]bool{
		"": false, "allchannels": true, "&*": true, "&__sentinel__:hello": true, "&__sentinel__:*": true, "&other": false, "&* resetchannels": false, "&* reset": false,
	} {
		assert.Equal(t, want, ReadAccount(strings.Fields(rules)).Hears(SentinelChannel), rules)
	}
}
