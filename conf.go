package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/disk"
	"github.com/rcomp/rcomp/nearest"
)

// isConf tells the configuration of a server from a compose file, by its name
// as servers and their images take them.
func isConf(path string) bool {
	return slices.Contains([]string{".conf", ".acl"}, strings.ToLower(filepath.Ext(path)))
}

// confFile is a conf file that is judged by itself.
type confFile struct {
	named, path string // as the user names it, absolute
	tree        *disk.Tree
}

// addReaders adds the projects that read conf files. One that no project reads
// is judged by itself, and so are the lines of an ACL file, of which a project
// only asks who is let in.
func (j *judgement) addReaders(find *compose.Finder, confs []string) {
	addTo := j.readers
	if addTo == nil {
		addTo = j.searchReaders()
	}
	for _, conf := range confs {
		found, err := addTo(find, conf)
		if err != nil {
			j.trouble(err)
			continue
		}
		if tree, path, _, err := j.roots.Locate(conf); err == nil && (!found || inspect.IsACL(path)) {
			j.confs = append(j.confs, confFile{conf, path, tree})
		}
	}
}

// searchReaders is a way to add the projects that read a conf to those that are
// found, and tell whether there are any.
func (j *judgement) searchReaders() func(*compose.Finder, string) (bool, error) {
	return inspect.NewConfReaders(j.roots, tell(j.settings)).AddTo
}

// judgeConfs judges conf files by themselves.
func (j *judgement) judgeConfs() []judged {
	var all []judged
	for _, conf := range j.confs {
		found, err := j.settings.For(conf.tree, filepath.Dir(conf.path))
		if err != nil {
			return []judged{{failed: err}}
		}
		if found.Excludes(fromSettings(found, conf.tree, conf.path)) {
			j.excluded++
			continue
		}
		project, err := compose.Alone(conf.tree, conf.path)
		if err == nil && !inspect.Alone(project, j.engine) {
			if j.ignoreUnknown {
				j.unseen = append(j.unseen, compose.Unseen{Span: project.Lookup(), Message: "it is not judged: " + errNotOurs.Error()})
				continue
			}
			err = errNotOurs
		}
		if err != nil {
			all = append(all, judged{unreadable: fmt.Errorf("cannot judge %q: %w", conf.named, err)})
			continue
		}
		all = append(all, j.judge(project))
	}
	return all
}

var errNotOurs = fmt.Errorf("no compose file has a server that reads it, and it is not the configuration of one")

// rulesFor leaves the rules that say something of a project: of a conf file by
// itself, only what it says counts.
func (j *judgement) rulesFor(project *compose.Project) []*lint.Rule {
	if !project.IsAlone() {
		return j.rules
	}
	return slices.DeleteFunc(slices.Clone(j.rules), func(rule *lint.Rule) bool { return !rule.Alone })
}

// engineOf reads --engine: ENGINE, or ENGINE:VERSION.
func engineOf(c *cli.Context, paths []string) (inspect.Holding, error) {
	text := c.String("engine")
	if text == "" {
		return inspect.Holding{}, nil
	}
	engine, version, _ := strings.Cut(text, ":")
	if engines := inspect.Engines(); !slices.Contains(engines, engine) {
		return inspect.Holding{}, usagef(c, "--engine cannot be %q: it takes %s, with a version as in redis:7.2%s", text, strings.Join(engines, ", "), nearest.Hint(engine, engines))
	}
	if version != "" || strings.HasSuffix(text, ":") {
		if err := inspect.CheckVersion(engine, version); err != nil {
			return inspect.Holding{}, usagef(c, "--engine: %v", err)
		}
	}
	if !slices.ContainsFunc(paths, isConf) {
		return inspect.Holding{}, usagef(c, "--engine is for conf files: compose files name their images")
	}
	return inspect.Holding{Engine: engine, Version: version}, nil
}
