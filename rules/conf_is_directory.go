package rules

import (
	"path/filepath"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
)

var confIsDirectory = &lint.Rule{
	ID:       "conf-is-directory",
	Group:    "configuration",
	Severity: lint.Error,
	Summary:  "The conf file is a directory, and the server starts with every default",
	Why: `
When the source of a bind mount does not exist, Docker makes an empty directory
of it. The server opens a directory like an empty file: it starts without a
word, without the password and with every other default. Keep the file in the
repository, or mount it with create_host_path: false, so that the start fails
instead.
`,
	Refs: []string{"https://docs.docker.com/reference/compose-file/services/#volumes"},
	Guide: lint.Guide{
		Fault:    "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /conf\n    volumes: [./:/conf]\n",
		NearMiss: "services:\n  cache:\n    image: redis:7.4.6\n    command: redis-server /conf/redis.conf\n    volumes: [./:/conf]\n",
		Mend:     "Name the file in the directory. Where Docker made a directory since the file was not there, remove it and write the file.",
		Ignore:   "Never: the server has every default and says nothing.",
		Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Certain, Soon: lint.AtOnce}},
	},
	Help: &lint.Help{
		Where:  "a file in the place of the directory, before the container is started anew:",
		Lines:  []string{"rmdir <path>", "touch <path>"},
		Choose: "<path>",
	},
	Check: func(p *lint.Pass) {
		for _, s := range inspect.Services(p.Project) {
			for _, conf := range s.Confs {
				if conf.Mount == nil || conf.Mount.Target != conf.Path {
					continue
				}
				switch {
				case conf.State == inspect.ConfDirectory:
					p.Report(conf.Mount.Span, s.Service, "%s is a directory: the server reads nothing from it and starts with every default", conf.Shown)
				case conf.State == inspect.ConfNotHere && conf.Mount.CreatesDirectory && belongsHere(p, conf.Mount.Source):
					p.Report(conf.Mount.Span, s.Service, "%s does not exist: Docker makes a directory of it, and the server starts with every default", conf.Shown)
				}
			}
		}
	},
}

// belongsHere reports whether a file that is missing would be the project's
// own: another directory's, such as ../files, may be made when it is deployed.
func belongsHere(p *lint.Pass, source string) bool {
	if strings.HasPrefix(source, p.Directory+string(filepath.Separator)) {
		return true
	}
	info, err := p.Tree().Stat(filepath.Dir(source))
	return err == nil && info.IsDir()
}
