package generate

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/ondisk"
	"github.com/rcomp/rcomp/generate/render"
)

// Paths are all that gen ever writes, the secrets left out.
func Paths() []string { return render.Paths() }

// Files prints a plan. The same plan gives the same bytes. The file that starts everything has the digests of others, so it is the last that is made.
func Files(plan Plan) ([]ondisk.File, error) {
	list := render.FilesOf(plan.dialect(), plan.kinds())
	made := map[string][]byte{}
	for _, late := range []bool{false, true} {
		for _, file := range list {
			if isDeployment(file.Path) != late {
				continue
			}
			content, err := render.Print(file, plan)
			if err != nil {
				return nil, fmt.Errorf("cannot make %s: %w", file.Path, err)
			}
			made[file.Path] = ondisk.Stamp(content)
		}
		plan.ConfDigest = ondisk.Digest(made[render.ConfFile])[len("sha256:"):][:8]
		plan.Configs, plan.Mounts = render.Mounts(list, func(file render.File) string { return configName(plan.Name, file.Path, made[file.Path]) })
	}
	var files []ondisk.File
	for _, file := range list {
		files = append(files, ondisk.File{Path: file.Path, Content: made[file.Path], Mode: 0o644})
	}
	return append(files, plan.secretFiles()...), nil
}

func isDeployment(path string) bool { return path == render.ComposeFile || path == render.StackFile }

// secretFiles are the secrets that gen makes. Containers read them as root before they step down, so the modes are for the people of the host.
func (p Plan) secretFiles() []ondisk.File {
	var files []ondisk.File
	if p.TLS != nil && len(p.TLS.Own) == 0 {
		files = append(files, ondisk.File{Path: credentials.Directory + credentials.AuthorityKeyFile, Mode: 0o600, Secret: true, Names: p.TLS.Names})
	}
	for _, secret := range p.Secrets {
		if p.own(secret.Name) != "" {
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

func (p Plan) dialect() render.Dialect {
	if p.Stack != nil {
		return render.Stack
	}
	return render.Compose
}

// kinds are the kinds of services that a plan has.
func (p Plan) kinds() []render.Kind {
	kinds := slices.Clone(kindsOf[p.Topology])
	if p.Proxy != nil {
		kinds = append(kinds, render.Proxy)
	}
	if p.Exporter != nil {
		kinds = append(kinds, render.Exporter)
	}
	return kinds
}

var kindsOf = map[string][]render.Kind{
	intent.Standalone: {render.Single},
	intent.Replicated: {render.Server},
	intent.Sentinel:   {render.Server, render.Sentinel},
	intent.Cluster:    {render.Node, render.Creator},
}
