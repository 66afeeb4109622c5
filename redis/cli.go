package redis

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Client is what redis-cli, valkey-cli or keydb-cli makes of its words. Empty
// texts were not given.
//
// What it says about health, tried on 6.2.16, 7.0.15, 8.6.3 and Valkey 9.1.2: a
// command that the server answers with an error, such as PING with NOAUTH,
// LOADING, BUSY or MASTERDOWN, still exits 0; only ExitOnError makes that 1. No
// connection exits 1. Since 7.0 a wrong password exits 0 as well.
type Client struct {
	Host, Port, Socket string
	Database           string
	User               string
	Password           string
	PasswordGiven      bool   // by -a, --pass or a URL
	PasswordWord       int    // index of the word that holds the password, -1 none
	AskPassword        bool   // --askpass: reads it from the terminal
	URL                string // of -u
	TLS                bool   // --tls, or rediss:// in the URL
	ExitOnError        bool   // -e, since 7.0
	FollowRedirects    bool   // -c: follows a cluster's redirections
	ClusterCommand     string // of --cluster: create, check, fix …
	ClusterArgs        []string
	ClusterYes         bool     // --cluster-yes; without it, and without a terminal, --cluster create exits 0 and does nothing
	Mode               string   // an option that replaces the command: --latency, --stat, --pipe, --rdb …
	Command            []string // the command and its arguments; none and no Mode is the interactive mode, which reads the standard input
	CommandWord        int      // index of the command, -1 none
	Inert              string   // --help, --version: answers and exits
}

// ClientError is a word that the client refuses. Word is its index in the words
// given to ParseClient.
type ClientError struct {
	Word    int
	Message string
}

func (e *ClientError) Error() string { return e.Message }

// clientValues are the options that take the next word and hold nothing that concerns us.
var clientValues = newWordSet(`-X -t -r -i -d -D --pattern --quoted-pattern --count --pipe-timeout --cursor --top --show-pushes
	--keystats-samples --memkeys-samples --sni --cacertdir --cacert --cert --key --tls-ciphers --tls-ciphersuites
	--cluster-replicas --cluster-master-id --cluster-from --cluster-to --cluster-from-user --cluster-from-pass
	--cluster-slots --cluster-timeout --cluster-pipeline --cluster-threshold --cluster-primary-id --test_hint --test_hint_file`)

// clientFlags are the options that stand alone and change nothing that concerns us.
var clientFlags = newWordSet(`-x -4 -6 -2 -3 --no-auth-warning --raw --no-raw --quoted-input --csv --json --quoted-json --mono --verbose
	--insecure --ldb --ldb-sync-mode --cluster-only-masters --cluster-only-replicas --cluster-only-primaries --cluster-from-askpass
	--cluster-simulate --cluster-replace --cluster-copy --cluster-slave --cluster-replica --cluster-use-empty-masters
	--cluster-use-empty-primaries --cluster-search-multiple-owners --cluster-fix-with-unreachable-masters
	--cluster-fix-with-unreachable-primaries`)

// clientModes are the options that make the client do something else than run a
// command; those in clientModeValues take a word.
var (
	clientModes      = newWordSet(`--latency --latency-dist --latency-history --slave --replica --stat --scan --pipe --bigkeys --memkeys --hotkeys --keystats`)
	clientModeValues = newWordSet(`--lru-test --intrinsic-latency --rdb --functions-rdb --eval`)
)

func newWordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// ParseClient reads the words after a client's name. The first word that is no
// option begins the command. An option that needs another word is refused as
// the last one, except -h, which then asks for help. Later options win.
func ParseClient(words []string) (Client, error) {
	p := clientParser{words: words, client: Client{PasswordWord: -1, CommandWord: -1}}
	for p.at < len(words) && p.client.Inert == "" {
		if !strings.HasPrefix(words[p.at], "-") && !p.clusterArguments() {
			p.client.Command, p.client.CommandWord = words[p.at:], p.at
			break
		}
		if err := p.option(); err != nil {
			return p.client, err
		}
	}
	return p.client, nil
}

type clientParser struct {
	words  []string
	at     int
	client Client
}

// clusterArguments says whether words that are no option belong to --cluster.
// Such words may stand after its other options, too.
func (p *clientParser) clusterArguments() bool {
	return p.client.ClusterCommand != ""
}

// option reads the option at p.at, or in cluster mode the arguments there, and
// moves past it.
func (p *clientParser) option() error {
	word := p.words[p.at]
	c := &p.client
	if !strings.HasPrefix(word, "-") {
		c.ClusterArgs = append(c.ClusterArgs, word)
		p.at++
		return nil
	}
	if target := p.textOption(word); target != nil {
		value, err := p.value()
		*target = value
		return err
	}
	if done, err := p.specialOption(word); done {
		return err
	}
	switch {
	case p.flagOption(word), clientFlags[word]:
		p.at++
		return nil
	case clientModes[word]:
		c.Mode = word
		p.at++
		return nil
	case clientModeValues[word]:
		c.Mode = word
		_, err := p.value()
		return err
	case clientValues[word]:
		_, err := p.value()
		return err
	}
	return &ClientError{p.at, fmt.Sprintf("the client knows no option %q", word)}
}

// textOption returns the field that the option's word goes to, nil for other options.
func (p *clientParser) textOption(word string) *string {
	switch word {
	case "-h":
		if p.at < len(p.words)-1 {
			return &p.client.Host
		}
	case "-p":
		return &p.client.Port
	case "-s":
		return &p.client.Socket
	case "-n":
		return &p.client.Database
	case "--user":
		return &p.client.User
	}
	return nil
}

// flagOption sets the field of an option that stands alone.
func (p *clientParser) flagOption(word string) bool {
	c := &p.client
	fields := map[string]*bool{"--tls": &c.TLS, "-e": &c.ExitOnError, "-c": &c.FollowRedirects, "--askpass": &c.AskPassword, "--cluster-yes": &c.ClusterYes}
	field, ok := fields[word]
	if ok {
		*field = true
	}
	return ok
}

// specialOption reads the options that do more than set one field.
func (p *clientParser) specialOption(word string) (done bool, err error) {
	c := &p.client
	switch word {
	case "-h", "--help", "-v", "--version":
		c.Inert = word
		p.at++
	case "-a", "--pass":
		c.Password, err = p.value()
		if err == nil {
			c.PasswordGiven, c.PasswordWord = true, p.at-1
		}
	case "-u":
		c.URL, err = p.value()
		if err == nil {
			err = p.readURL(p.at - 1)
		}
	case "--cluster":
		c.ClusterCommand, err = p.value()
	case "--cluster-weight":
		// Takes as many NODE=WEIGHT words as follow.
		for p.at++; p.at < len(p.words) && !strings.HasPrefix(p.words[p.at], "--") && strings.Contains(p.words[p.at], "="); {
			p.at++
		}
	default:
		return false, nil
	}
	return true, err
}

// value returns the word after the option at p.at, and moves past both.
func (p *clientParser) value() (string, error) {
	if p.at+1 == len(p.words) {
		return "", &ClientError{p.at, fmt.Sprintf("the option %q needs a word after it", p.words[p.at])}
	}
	p.at += 2
	return p.words[p.at-1], nil
}

// readURL takes redis://[USER:]PASSWORD@HOST:PORT/DB apart as the client does:
// the user ends at the first colon before the first @, and an empty user name
// is not the default user.
func (p *clientParser) readURL(word int) error {
	c := &p.client
	schema, rest, ok := strings.Cut(c.URL, "://")
	tls, known := urlSchemas[strings.ToLower(schema)]
	if !ok || !known {
		return &ClientError{word, fmt.Sprintf("%q is no address: it must begin with redis:// or rediss://", c.URL)}
	}
	c.TLS = c.TLS || tls
	if info, address, found := strings.Cut(rest, "@"); found {
		if user, password, both := strings.Cut(info, ":"); both {
			c.User, info = percentDecode(user), password
		}
		c.Password, c.PasswordGiven, c.PasswordWord = percentDecode(info), true, word
		rest = address
	}
	address, database, _ := strings.Cut(rest, "/")
	if database != "" {
		c.Database = database
	}
	if address != "" {
		c.Host, c.Port = splitAddress(address, c.Port)
	}
	return nil
}

// splitAddress splits HOST, HOST:PORT and [IPV6]:PORT; without a port the one
// given stays.
func splitAddress(address, port string) (string, string) {
	if inner, bracketed := strings.CutPrefix(address, "["); bracketed {
		host, after, _ := strings.Cut(inner, "]")
		if number, ok := strings.CutPrefix(after, ":"); ok {
			port = number
		}
		return host, port
	}
	host, number, ok := strings.Cut(address, ":")
	if ok {
		port = number
	}
	return host, port
}

// urlSchemas says for each schema whether it asks for TLS. The second pair is
// valkey-cli's alone.
var urlSchemas = map[string]bool{"redis": false, "rediss": true, "valkey": false, "valkeys": true}

func percentDecode(text string) string {
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}

// PortNumber returns the port that the client connects to, 6379 by default; ok
// is false for a port that the client refuses or that is no number.
func (c Client) PortNumber() (port int, ok bool) {
	if c.Port == "" {
		return 6379, true
	}
	number, err := strconv.Atoi(c.Port)
	return number, err == nil && number >= 0 && number <= 65535
}
