package view

import (
	"path"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
)

// What files say of secrets, and where they are.

// Own is where the user's own file for a secret is, "" where gen makes it.
func (v View) Own(secret string) string {
	if v.TLS == nil {
		return ""
	}
	return v.TLS.Own[secret]
}

// SecretPath is where a secret is on the host, from the output directory or absolute.
func (v View) SecretPath(name string) string {
	if own := v.Own(name); own != "" {
		return own
	}
	return credentials.Directory + name
}

// SecretFile is the same as Compose and stack files have it.
func (v View) SecretFile(name string) string {
	file := v.SecretPath(name)
	if !path.IsAbs(file) && !strings.HasPrefix(file, "../") {
		file = "./" + file
	}
	return file
}

// TLSFiles are the secrets of TLS that members have.
func (v View) TLSFiles() []string {
	if v.TLS == nil {
		return nil
	}
	return v.TLS.Files()
}

// ClientFiles are those that a client of the deployment needs.
func (v View) ClientFiles() []string {
	if v.TLS == nil {
		return nil
	}
	return v.TLS.ClientFiles()
}
