package redis

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseClient(t *testing.T) {
	for _, c := range []struct {
		words string
		want  Client
	}{
		{"", Client{PasswordWord: -1, CommandWord: -1}},
		{"ping", Client{PasswordWord: -1, Command: []string{"ping"}}},
		{"-h redis -p 6380 -n 2 ping", Client{Host: "redis", Port: "6380", Database: "2", PasswordWord: -1, Command: []string{"ping"}, CommandWord: 6}},
		{"-a secret ping", Client{Password: "secret", PasswordGiven: true, PasswordWord: 1, Command: []string{"ping"}, CommandWord: 2}},
		{"--no-auth-warning --pass secret --user u ping", Client{User: "u", Password: "secret", PasswordGiven: true, PasswordWord: 2, Command: []string{"ping"}, CommandWord: 5}},
		{"-e --raw incr ping", Client{ExitOnError: true, PasswordWord: -1, Command: []string{"incr", "ping"}, CommandWord: 2}},
		{"-s /run/redis.sock --tls --cacert /ca.crt ping", Client{Socket: "/run/redis.sock", TLS: true, PasswordWord: -1, Command: []string{"ping"}, CommandWord: 5}},
		// What follows the command belongs to it, even if it looks like an option.
		{"ping -a secret | grep PONG", Client{PasswordWord: -1, Command: []string{"ping", "-a", "secret", "|", "grep", "PONG"}}},
		{"-c -x --eval f.lua k , v", Client{FollowRedirects: true, Mode: "--eval", PasswordWord: -1, Command: []string{"k", ",", "v"}, CommandWord: 4}},
		{"--latency", Client{Mode: "--latency", PasswordWord: -1, CommandWord: -1}},
		{"--askpass ping", Client{AskPassword: true, PasswordWord: -1, Command: []string{"ping"}, CommandWord: 1}},
		{"-h", Client{Inert: "-h", PasswordWord: -1, CommandWord: -1}},
		{"--version x", Client{Inert: "--version", PasswordWord: -1, CommandWord: -1}},
		{"--cluster create n1:7000 n2:7000 n3:7000 --cluster-replicas 0 --cluster-yes",
			Client{ClusterCommand: "create", ClusterArgs: []string{"n1:7000", "n2:7000", "n3:7000"}, ClusterYes: true, PasswordWord: -1, CommandWord: -1}},
		{"-a p --cluster create --cluster-replicas 1 n1:7000", Client{ClusterCommand: "create", ClusterArgs: []string{"n1:7000"}, Password: "p", PasswordGiven: true, PasswordWord: 1, CommandWord: -1}},
		{"--cluster rebalance n1:7000 --cluster-weight a=1 b=2 --cluster-simulate", Client{ClusterCommand: "rebalance", ClusterArgs: []string{"n1:7000"}, PasswordWord: -1, CommandWord: -1}},
		{"-u redis://default:p%40ss@host:6380/1 ping", Client{URL: "redis://default:p%40ss@host:6380/1", User: "default", Password: "p@ss", PasswordGiven: true, PasswordWord: 1, Host: "host", Port: "6380", Database: "1", Command: []string{"ping"}, CommandWord: 2}},
		// No user at all is the default one, an empty user name is not: tried
		// on Redis 7.0.15 and 8.6.3.
		{"-u redis://pw@host ping", Client{URL: "redis://pw@host", Password: "pw", PasswordGiven: true, PasswordWord: 1, Host: "host", Command: []string{"ping"}, CommandWord: 2}},
		{"-u rediss://[::1]:6390 ping", Client{URL: "rediss://[::1]:6390", TLS: true, Host: "::1", Port: "6390", PasswordWord: -1, Command: []string{"ping"}, CommandWord: 2}},
		{"-u valkey:///3 ping", Client{URL: "valkey:///3", Database: "3", PasswordWord: -1, Command: []string{"ping"}, CommandWord: 2}},
	} {
		t.Run(c.words, func(t *testing.T) {
			client, err := ParseClient(strings.Fields(c.words))
			require.NoError(t, err)
			assert.Equal(t, c.want, client)
		})
	}
}

func TestParseClientEmptyPassword(t *testing.T) {
	client, err := ParseClient([]string{"-a", "", "ping"})
	require.NoError(t, err)
	assert.True(t, client.PasswordGiven)
	assert.Empty(t, client.Password)
	assert.Equal(t, []string{"ping"}, client.Command)
}

func TestParseClientErrors(t *testing.T) {
	for words, want := range map[string]ClientError{
		"-z ping":      {0, `the client knows no option "-z"`},
		"ping":         {},
		"--tls -a":     {1, `the option "-a" needs a word after it`},
		"-u host ping": {1, `"host" is no address: it must begin with redis:// or rediss://`},
		"-p":           {0, `the option "-p" needs a word after it`},
		"--cluster":    {0, `the option "--cluster" needs a word after it`},
		"-h a --user":  {2, `the option "--user" needs a word after it`},
		"--nope --tls": {0, `the client knows no option "--nope"`},
		"--cert":       {0, `the option "--cert" needs a word after it`},
	} {
		_, err := ParseClient(strings.Fields(words))
		if want == (ClientError{}) {
			assert.NoError(t, err)
			continue
		}
		var clientError *ClientError
		require.ErrorAs(t, err, &clientError, words)
		assert.Equal(t, want, *clientError)
	}
}

func TestClientPortNumber(t *testing.T) {
	for port, want := range map[string]int{"": 6379, "7000": 7000, "0": 0} {
		number, ok := Client{Port: port}.PortNumber()
		assert.True(t, ok)
		assert.Equal(t, want, number)
	}
	for _, port := range []string{"65536", "-1", "x", "${PORT}"} {
		_, ok := Client{Port: port}.PortNumber()
		assert.False(t, ok, port)
	}
}

func FuzzParseClient(f *testing.F) {
	for _, seed := range []string{"-a\x00x\x00ping", "--cluster\x00create\x00a", "-u\x00redis://[:", "-u\x00redis://%zz:@/", "--cluster-weight", "-h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, joined string) {
		words := strings.Split(joined, "\x00")
		client, _ := ParseClient(words)
		require.Less(t, client.PasswordWord, len(words))
		require.Less(t, client.CommandWord, len(words))
	})
}
