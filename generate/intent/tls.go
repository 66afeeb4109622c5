package intent

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const tlsTable = "tls"

// The values of authority.
const (
	AuthorityDevelopment = "development"
	AuthorityOwn         = "own"
)

// The keys for files of the user's own are named after the directives that they are for.
const (
	CertFile   = "cert-file"
	KeyFile    = "key-file"
	CACertFile = "ca-cert-file"
)

// fileKeys are those keys in the order of the documentation.
var fileKeys = []string{CertFile, KeyFile, CACertFile}

// tlsKeys are the keys of [tls].
var tlsKeys = []Key[Intent]{
	{
		Name: "authority", Required: true, Example: `"development"`, More: `, or "own" for files of your own`,
		Value: "`\"development\"`: an authority of this deployment alone; `\"own\"`: files of your own",
		Type:  word(func(i *Intent) *string { return &i.TLSAuthority }, AuthorityDevelopment, AuthorityOwn),
	},
	{
		Name: "names", Example: `["redis.example.com"]`, Without: "those of the members and the proxy, `localhost`, and the published address",
		Value: "further names and addresses of the certificate",
		Type:  texts("", func(i *Intent, list []string) *Fault { i.TLSNames = list; return certificateNames(list) }),
	},
	{
		Name: "clients", Example: `"certificate"`, Default: "password",
		Value: "`\"certificate\"`: clients need one of the same authority, and a password",
		Type:  word(func(i *Intent) *string { return &i.TLSClients }, "password", "certificate"),
	},
	{
		Name: "port", Example: "6380", Default: 6379,
		Value: "of one server: where it speaks TLS",
		Type:  whole(1, 65535, "write port = 6380", func(i *Intent) *int64 { return &i.TLSPort }),
	},
	{
		Name: "plain-text", Example: "true", Default: false,
		Value: "of one server: `true` leaves port 6379 open without TLS, beside `port`, until clients have moved",
		Type:  truth("plain-text", func(i *Intent) *bool { return &i.TLSPlainText }),
	},
	fileKey(CertFile, `"certs/redis.pem"`, "with `\"own\"`: the certificate in PEM, behind it those between it and the root"),
	fileKey(KeyFile, `"certs/redis-key.pem"`, "with `\"own\"`: its private key in PEM, not encrypted"),
	fileKey(CACertFile, `"certs/ca.pem"`, "with `\"own\"`: the certificate of the root that signed it, in PEM"),
}

// fileKey is a key that names a file of the user's own, which only some authorities need.
func fileKey(name, example, value string) Key[Intent] {
	return Key[Intent]{
		Name: name, Example: example, Without: "required", Value: value,
		Type: text(pathShape.String(), func(i *Intent, s string) *Fault { return i.readTLSPath(name, example, s) }),
	}
}

// readTLS takes the table [tls].
func (i *Intent) readTLS(header place, entries []entry) []Problem {
	i.TLS = true
	var problems []Problem
	for _, e := range entries {
		i.places["tls."+e.name] = e
		if c := i.readTLSKey(e); c != nil {
			problems = append(problems, i.problem("tls."+e.name, e.at, c))
		}
	}
	if _, given := i.places["tls.authority"]; !given {
		problems = append(problems, i.problem(tlsTable, header, Faultf(tlsKeys[0].missing(),
			"[tls] does not say who signs the certificate")))
	}
	return append(problems, i.unpairedFiles()...)
}

func (i *Intent) readTLSKey(e entry) *Fault {
	if k, ok := find(tlsKeys, e.name); ok {
		return k.Type.read(i, e.value)
	}
	return unknownTLSKey(e.name)
}

func certificateNames(list []string) *Fault {
	for _, name := range list {
		if !networkShape.fits(name) && !strings.Contains(name, ":") || unprintable(name) != nil || strings.ContainsAny(name, " \"'$`\\") {
			return Faultf(`write host names and addresses, as in "redis.example.com"`, "%q is neither a host name nor an address", name)
		}
	}
	return nil
}

var pathShape = shape{regexp.MustCompile(`^[A-Za-z0-9_./@+-]+$`), 255}

// StaysInPlace tells that a path does not leave its place in YAML, in a shell
// word or in an option of docker run.
func StaysInPlace(path string) bool { return pathShape.MatchString(path) }

func (i *Intent) readTLSPath(key, example, s string) *Fault {
	switch {
	case !pathShape.fits(s) || strings.HasPrefix(s, "-"):
		return Faultf(fmt.Sprintf("write %s = %s, from the intent's directory", key, example),
			"must be a path of letters, digits and _ . / @ + -, not %s", QuotedShort(s))
	case strings.HasSuffix(s, "/"):
		return Faultf(fmt.Sprintf("write %s = %s", key, example), "%q is a directory", s)
	}
	if i.TLSPaths == nil {
		i.TLSPaths = map[string]string{}
	}
	i.TLSPaths[key] = s
	return nil
}

func unknownTLSKey(name string) *Fault {
	short := strings.TrimPrefix(name, "tls-")
	if slices.Contains(fileKeys, short) {
		return Faultf("write "+short, "[tls] has no key %q", name)
	}
	if short == "key-file-pass" {
		return Faultf("write a key-file that is not encrypted, readable by its owner alone", "servers are given no pass phrase for their key")
	}
	return Faultf("the keys are authority, names, clients, port, plain-text, cert-file, key-file and ca-cert-file", "[tls] has no key %q", name)
}

// unpairedFiles refuses files without authority = "own", and the other way around.
func (i *Intent) unpairedFiles() []Problem {
	var problems []Problem
	for _, name := range fileKeys {
		file, _ := find(tlsKeys, name)
		e, given := i.places["tls."+name]
		switch {
		case given && i.TLSAuthority == AuthorityDevelopment:
			problems = append(problems, i.problem("tls."+name, e.at, Faultf(`write authority = "own", or leave `+name+" out",
				"gen makes the files of authority %q itself", AuthorityDevelopment)))
		case !given && i.TLSAuthority == AuthorityOwn:
			problems = append(problems, i.problem("tls."+name, i.at("tls.authority"), Faultf(file.missing(),
				"authority %q needs a %s", AuthorityOwn, name)))
		}
	}
	return problems
}
