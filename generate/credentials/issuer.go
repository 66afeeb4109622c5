package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Issuer makes the secrets of one deployment that are not there yet. Those of
// TLS are made of each other.
type Issuer struct {
	read func(path string) ([]byte, error) // of what is there already
	now  time.Time
	made map[string][]byte
}

// NewIssuer prepares to make secrets at a moment, beside those that are read.
func NewIssuer(read func(path string) ([]byte, error), now time.Time) *Issuer {
	return &Issuer{read: read, now: now, made: map[string][]byte{}}
}

// Make returns the content of a secret by its path. The names are those that a
// certificate is for.
func (i *Issuer) Make(path string, names []string) ([]byte, error) {
	if content, ok := i.made[path]; ok {
		return content, nil
	}
	var err error
	switch path {
	default:
		return newPassword()
	case Directory + AuthorityFile, Directory + AuthorityKeyFile:
		err = i.makeAuthority(names[0])
	case Directory + KeyFile:
		_, i.made[path], err = newKey()
	case Directory + CertificateFile:
		i.made[path], err = i.makeCertificate(names)
	}
	return i.made[path], err
}

// makeAuthority makes certificate and key of the authority. Where one of the
// two is there, the other was lost.
func (i *Issuer) makeAuthority(name string) error {
	for _, other := range []string{AuthorityFile, AuthorityKeyFile} {
		if _, err := i.read(Directory + other); !errors.Is(err, fs.ErrNotExist) {
			return otherHalf(other)
		}
	}
	_, certificate, key, err := newSigner(name, i.now)
	i.made[Directory+AuthorityFile], i.made[Directory+AuthorityKeyFile] = certificate, key
	return err
}

// makeCertificate signs for the key that is there or was just made.
func (i *Issuer) makeCertificate(names []string) ([]byte, error) {
	contents := map[string][]byte{}
	for _, name := range []string{AuthorityFile, AuthorityKeyFile, KeyFile} {
		content, err := i.content(Directory+name, names)
		if err != nil {
			return nil, err
		}
		contents[name] = content
	}
	authority, err := readSigner(contents[AuthorityFile], contents[AuthorityKeyFile])
	if err != nil {
		return nil, fmt.Errorf("secrets/%s: %w", AuthorityFile, err)
	}
	key, err := parseKey(contents[KeyFile])
	if err != nil {
		return nil, fmt.Errorf("secrets/%s %w", KeyFile, err)
	}
	return authority.sign(names, key.Public(), i.now)
}

// content is a secret that was made in this run, or before.
func (i *Issuer) content(path string, names []string) ([]byte, error) {
	if content, ok := i.made[path]; ok {
		return content, nil
	}
	content, err := i.read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return i.Make(path, names)
	}
	return content, err
}
