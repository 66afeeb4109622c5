// Package templates holds one template per generated file, named after the
// file, and the programs that deployments start, which are what they are.
package templates

import "embed"

// Suffix is what a template's name has more than the name of the file that it makes.
const Suffix = ".tmpl"

// Files are the templates and programs. In compose and stack are the dialects,
// with a part for each kind of service, and in shared what both say; in readme
// are the sections of READMEs; set has what only a set has.
//
//go:embed *.tmpl compose/*.tmpl stack/*.tmpl set/*.tmpl shared/*.tmpl readme/*.tmpl programs/*.sh programs/shared/*.sh secrets/.gitignore.tmpl backup/.gitignore.tmpl
var Files embed.FS
