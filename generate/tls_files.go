package generate

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The values of authority.
const (
	authorityDevelopment = "development"
	authorityOwn         = "own"
)

// The keys for files of the user's own are named after the directives that they are for.
const (
	certFileKey   = "cert-file"
	keyFileKey    = "key-file"
	caCertFileKey = "ca-cert-file"
)

// ownFiles are those keys in the order of the documentation, with the secrets that they are and an example.
var ownFiles = []struct{ key, secret, example string }{
	{certFileKey, certificateFile, "certs/redis.pem"},
	{keyFileKey, keyFile, "certs/redis-key.pem"},
	{caCertFileKey, authorityFile, "certs/ca.pem"},
}

// A path must not leave its place in YAML, in a shell word or in an option of docker run.
var (
	pathShape = shape{regexp.MustCompile(`^[A-Za-z0-9_./@+-]+$`), 255}
	wayShape  = regexp.MustCompile(`^[A-Za-z0-9_./@+-]+$`)
)

func (i *Intent) readTLSPath(key, s string) *complaint {
	example := ""
	for _, own := range ownFiles {
		if own.key == key {
			example = own.example
		}
	}
	switch {
	case !pathShape.fits(s) || strings.HasPrefix(s, "-"):
		return complain(fmt.Sprintf("write %s = %q, from the intent's directory", key, example),
			"must be a path of letters, digits and _ . / @ + -, not %s", quotedShort(s))
	case strings.HasSuffix(s, "/"):
		return complain(fmt.Sprintf("write %s = %q", key, example), "%q is a directory", s)
	}
	if i.TLSPaths == nil {
		i.TLSPaths = map[string]string{}
	}
	i.TLSPaths[key] = s
	return nil
}

func unknownTLSKey(name string) *complaint {
	short := strings.TrimPrefix(name, "tls-")
	if slices.Contains([]string{certFileKey, keyFileKey, caCertFileKey}, short) {
		return complain("write "+short, "[tls] has no key %q", name)
	}
	if short == "key-file-pass" {
		return complain("write a key-file that is not encrypted, readable by its owner alone", "servers are given no pass phrase for their key")
	}
	return complain("the keys are authority, names, clients, cert-file, key-file and ca-cert-file", "[tls] has no key %q", name)
}

// unpairedFiles refuses files without authority = "own", and the other way around.
func (i *Intent) unpairedFiles() []Problem {
	var problems []Problem
	for _, own := range ownFiles {
		e, given := i.places["tls."+own.key]
		switch {
		case given && i.TLSAuthority == authorityDevelopment:
			problems = append(problems, i.problem("tls."+own.key, e.at, complain(`write authority = "own", or leave `+own.key+" out",
				"gen makes the files of authority %q itself", authorityDevelopment)))
		case !given && i.TLSAuthority == authorityOwn:
			problems = append(problems, i.problem("tls."+own.key, i.at("tls.authority"), complain(fmt.Sprintf("write %s = %q", own.key, own.example),
				"authority %q needs a %s", authorityOwn, own.key)))
		}
	}
	return problems
}

// chooseOwnFiles has the deployment use the user's own files, and refuses those that servers or their clients would refuse.
func (d *decider) chooseOwnFiles() {
	i, t := d.intent, d.plan.TLS
	if i.TLSAuthority != authorityOwn || len(i.TLSPaths) < len(ownFiles) {
		return
	}
	t.Own, t.Renewed = map[string]string{}, d.plan.TLSFiles
	readable := true
	for _, own := range ownFiles {
		file, found := i.Files[i.TLSPaths[own.key]]
		if !found {
			file.Err = fs.ErrNotExist
		}
		t.Own[own.secret] = file.Path
		c := unreadable(i.TLSPaths[own.key], file.Err)
		if c == nil && !wayShape.MatchString(file.Path) {
			c = complain("write an absolute path, or leave --output out", "the way from the output directory, %s, has other characters than letters, digits and _ . / @ + -", quotedShort(file.Path))
		}
		if c != nil {
			d.refuse(c, "tls."+own.key)
			readable = false
		}
	}
	if readable {
		d.judgeOwnFiles()
	}
}

func unreadable(name string, err error) *complaint {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return complain("write its path from the intent's directory", "there is no file %q", name)
	}
	return complain("name a file that whoever runs gen may read", "cannot read %q: %s", name, err)
}

// own is where the user's own file for a secret is, "" where gen makes it.
func (p Plan) own(secret string) string {
	if p.TLS == nil {
		return ""
	}
	return p.TLS.Own[secret]
}

// SecretPath is where a secret is on the host, from the output directory or absolute.
func (p Plan) SecretPath(name string) string {
	if own := p.own(name); own != "" {
		return own
	}
	return secretsDirectory + name
}

// SecretFile is the same as Compose and stack files have it.
func (p Plan) SecretFile(name string) string {
	file := p.SecretPath(name)
	if !path.IsAbs(file) && !strings.HasPrefix(file, "../") {
		file = "./" + file
	}
	return file
}

// SecretMount is the same in a script that stands in the output directory: docker run mounts absolute paths alone.
func (p Plan) SecretMount(name string) string {
	file := p.SecretPath(name)
	if !path.IsAbs(file) {
		file = "$PWD/" + file
	}
	return file
}
