// Package templates holds one template per generated file, named after the file, and the programs that deployments start, which are what they are.
package templates

import "embed"

// Suffix is what a template's name has more than the name of the file that it makes.
const Suffix = ".tmpl"

// Files are the templates and programs. In compose and stack are the dialects, with a part for each kind of service; standalone, set, cluster, swarm and
// swarm-cluster have the READMEs of those, and what else only they have; *.md at the top and what is in shared are parts of others.
//
//go:embed *.tmpl compose/*.tmpl stack/*.tmpl standalone/*.tmpl set/*.tmpl cluster/*.tmpl swarm/*.tmpl swarm-cluster/*.tmpl shared/*.tmpl programs/*.sh programs/shared/*.sh secrets/.gitignore.tmpl backup/.gitignore.tmpl
var Files embed.FS
