// Package generate compiles an intent, a short TOML file, into the files that
// run Redis or Valkey with Docker Compose or in a swarm: one server, or a set
// of them. It is the door: package intent reads, deployment decides, render
// prints and ondisk writes.
package generate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
	"github.com/rcomp/rcomp/generate/render/view"
)

// Compile reads and decides, and returns all problems of both sorted by place.
// What was found around the intent is judged with it: a subnet that overlaps a
// taken one is a problem, and so is a file that does not do, today unless a
// moment is given.
func Compile(path string, src []byte, found ...intent.Surroundings) (deployment.Plan, []intent.Problem) {
	read, problems := intent.Read(path, src)
	for _, one := range found {
		read.Surroundings = one
	}
	if read.Now.IsZero() {
		read.Now = time.Now()
	}
	plan, more := deployment.Decide(read)
	problems = append(problems, more...)
	intent.SortProblems(problems)
	return plan, problems
}

// Paths are all that gen ever writes, the secrets left out.
func Paths() []string { return render.Paths() }

// Files prints a plan. The same plan gives the same bytes. The file that starts
// everything names others by what is in them, so it is printed last.
func Files(plan deployment.Plan) ([]ondisk.File, error) {
	seen := view.View{Plan: plan}
	list := render.FilesOf(seen.Dialect(), seen.Kinds())
	starting, others := render.Starting(list)
	made := map[string][]byte{}
	if err := printInto(made, others, seen); err != nil {
		return nil, err
	}
	seen.ConfDigest = strings.TrimPrefix(ondisk.Digest(made[render.ConfFile]), "sha256:")[:shortDigest]
	seen.Configs, seen.Mounts = render.Mounts(list, seen.Dialect(), seen.Kinds(), func(file render.File) string { return configName(plan.Name, file.Path, made[file.Path]) })
	if err := printInto(made, starting, seen); err != nil {
		return nil, err
	}
	var files []ondisk.File
	for _, file := range list {
		files = append(files, ondisk.File{Path: file.Path, Content: made[file.Path], Mode: 0o644})
	}
	return append(files, secretFiles(seen)...), nil
}

// printInto keeps the contents of files by their paths.
func printInto(made map[string][]byte, list []render.File, seen view.View) error {
	for _, file := range list {
		content, err := render.Print(file, seen)
		if err != nil {
			return fmt.Errorf("cannot make %s: %w", file.Path, err)
		}
		made[file.Path] = ondisk.Stamp(content)
	}
	return nil
}

// People is how people log in to the servers of a plan: the command of the
// client, and the secret with the password.
func People(plan deployment.Plan) (command, secret string) {
	seen := view.View{Plan: plan}
	return seen.PeopleCLI(), seen.PeopleSecret()
}

// secretFiles are the secrets that gen makes. Containers read them as root
// before they step down, so the modes are for the people of the host.
func secretFiles(p view.View) []ondisk.File {
	var files []ondisk.File
	if p.TLS != nil && len(p.TLS.Own) == 0 {
		files = append(files, ondisk.File{Path: credentials.Directory + credentials.AuthorityKeyFile, Mode: 0o600, Secret: true, Names: p.TLS.Names})
	}
	for _, secret := range p.Secrets {
		if p.Own(secret.Name) != "" {
			continue
		}
		file := ondisk.File{Path: credentials.Directory + secret.Name, Mode: 0o600, Secret: true}
		if p.TLS != nil {
			file.Names = p.TLS.Names
		}
		files = append(files, file)
	}
	return files
}

// shortDigest is how many digits of a SHA-256 tell one content from another
// where a person reads them.
const shortDigest = 8

// configName is the name of a file in a swarm, with the beginning of its
// content's SHA-256: the swarm replaces the containers whose files changed, and
// no others.
func configName(deployment, file string, content []byte) string {
	sum := sha256.Sum256(content)
	return fmt.Sprintf("%s_%s_%s", deployment, file, hex.EncodeToString(sum[:])[:shortDigest])
}
