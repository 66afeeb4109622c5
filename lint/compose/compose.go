package compose

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/consts"
	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/tree"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// maxNodes bounds what anchors and aliases may expand to.
const maxNodes = 200_000

// load hands the files to Compose's own loader. Variables without a value are
// tried as marks first; where a mark does not fit (an enumeration, say), as
// nothing, which is what Compose itself makes of them.
func (p *Project) load(paths []string) {
	closed := p.collect()
	if p.Failure = p.undecodable(); p.Failure != nil {
		return
	}
	files := make([]types.ConfigFile, len(paths))
	for i, path := range paths {
		files[i] = types.ConfigFile{Filename: path, Content: p.sources[p.tree.Show(path)]}
	}
	model, err := p.loads(files, closed)
	switch {
	case err != nil && closed:
		// Without a file that may not be read, a refusal says nothing.
		model, _ = p.compose(files, unset.Variable.Mark, closeFiles, skipConsistency)
	case err != nil:
		model = p.settle(files)
	}
	if model != nil {
		p.Model = model
		p.Services = p.services()
	}
}

// maxSetAside bounds how many things are set aside because they depend on
// variables without a value.
const maxSetAside = 12

// settle deals with a refusal: what depends on variables without a value is
// set aside, anything else is the project's failure.
func (p *Project) settle(files []types.ConfigFile) *types.Project {
	s := &search{project: p, models: p.models()}
	// A name that is not known here may well be declared where it is.
	s.dropUnknownReferences()
	refusal := s.refuses(s.models)
	for range maxSetAside {
		if refusal == nil {
			break
		}
		found := s.run(refusal)
		failure := p.refused(found)
		if failure.Kind != Refused || !p.unsettled(found) {
			p.Failure = failure
			return p.inspite(files)
		}
		p.Note(failure.Span, failure.Service, "not judged: it depends on variables without a value")
		s.setAside(found)
		refusal = s.refuses(s.models)
	}
	if model, err := p.compose(files, unset.Variable.Mark, skipConsistency); err == nil {
		return model
	}
	model, _ := p.loads(s.files(s.models), false)
	return model
}

func nothing(unset.Variable) string { return "" }

// loads tries both readings of variables without a value.
func (p *Project) loads(files []types.ConfigFile, closed bool) (*types.Project, error) {
	var options []func(*loader.Options)
	if closed {
		options = append(options, closeFiles)
	}
	marks := 0
	mark := func(v unset.Variable) string { marks++; return v.Mark() }
	model, err := p.compose(files, mark, options...)
	if err != nil && marks > 0 {
		if second, secondErr := p.compose(files, nothing, options...); secondErr == nil {
			// What fits together without the variables may be read with their marks.
			if marked, markedErr := p.compose(files, unset.Variable.Mark, append(options, skipConsistency)...); markedErr == nil {
				return marked, nil
			}
			return second, nil
		}
	}
	return model, err
}

// closeFiles keeps Compose's loader from reading any further file.
func closeFiles(options *loader.Options) {
	options.SkipInclude = true
	options.SkipExtends = true
}

func skipConsistency(options *loader.Options) { options.SkipConsistencyCheck = true }

// inspite loads what Compose refuses only because its parts do not fit
// together (a volume that is not declared, a service without an image): the
// rest of it is as clear as it would be otherwise.
func (p *Project) inspite(files []types.ConfigFile) *types.Project {
	if p.Failure.Kind == Fragment && p.hasBase() {
		return nil
	}
	model, err := p.compose(files, unset.Variable.Mark, skipConsistency)
	if err != nil {
		return nil
	}
	return model
}

// hasBase reports whether a fragment stands beside a file that Compose takes
// by default: then it is a part of that, and cannot be judged alone.
func (p *Project) hasBase() bool {
	base := firstOf(p.tree, p.Directory+string(filepath.Separator), cli.DefaultFileNames)
	return base != "" && p.tree.Show(base) != p.Files[0]
}

// compose runs Compose's loader over files. It turns a panic of the loader
// into an error: input never ends the program.
func (p *Project) compose(files []types.ConfigFile, missing func(unset.Variable) string, more ...func(*loader.Options)) (model *types.Project, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the loader of Compose gives up on it: %v", cause)
		}
	}()
	details := types.ConfigDetails{
		WorkingDir:  p.Directory,
		ConfigFiles: files,
		Environment: types.Mapping(p.scope.variables.values).Clone(),
	}
	return loader.LoadWithContext(context.Background(), details, func(options *loader.Options) {
		options.SetProjectName(p.scope.variables.values[consts.ComposeProjectName], true)
		options.SkipResolveEnvironment = true
		options.SkipResolveLabels = true
		options.MaxNodeVisits = maxNodes
		options.Profiles = []string{"*"}
		options.Interpolate = &interpolation.Options{
			Substitute: func(text string, mapping template.Mapping) (string, error) {
				return substitution{lookup: mapping, missing: missing}.apply(text)
			},
			LookupValue:     options.Interpolate.LookupValue,
			TypeCastMapping: p.castsFor(options.Interpolate.TypeCastMapping),
		}
		for _, set := range more {
			set(options)
		}
	})
}

// neutral says, for the places where Compose wants something other than any
// text, what a variable without a value is taken for. The value is never
// judged: a rule asks Service.Unresolved first.
var neutral = map[string][]string{
	"0": {
		"mem_limit", "mem_reservation", "memswap_limit", "mem_swappiness", "shm_size", "cpus",
		"deploy.resources.limits.memory", "deploy.resources.limits.cpus", "deploy.resources.limits.pids",
		"deploy.resources.reservations.memory", "deploy.resources.reservations.cpus",
	},
	"0s": {
		"stop_grace_period", "healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period",
		"healthcheck.start_interval", "deploy.restart_policy.delay", "deploy.restart_policy.window",
		"deploy.update_config.delay", "deploy.update_config.monitor",
	},
	anyPort: {"expose.[]", "ports.[].published"},
}

// anyPort stands for a port that is not known.
const anyPort = "65534"

// castsFor leaves the conversions out that nothing in the files can need: for
// every scalar Compose's loader goes through all that there are.
func (p *Project) castsFor(own map[tree.Path]interpolation.Cast) map[tree.Path]interpolation.Cast {
	if p.casts != nil {
		return p.casts
	}
	p.casts = casts(own)
	var text []byte
	for _, name := range slices.Sorted(maps.Keys(p.sources)) {
		text = append(append(text, p.sources[name]...), '\n')
	}
	// A key can be written so that its letters do not stand there.
	for _, escape := range []string{`\x`, `\u`, `\U`, "!!binary"} {
		if bytes.Contains(text, []byte(escape)) {
			return p.casts
		}
	}
	maps.DeleteFunc(p.casts, func(path tree.Path, _ interpolation.Cast) bool { return !mayHold(text, path) })
	return p.casts
}

// mayHold reports whether every key of a path occurs in a text.
func mayHold(text []byte, path tree.Path) bool {
	for _, part := range path.Parts() {
		if part != tree.PathMatchAll && part != tree.PathMatchList && !bytes.Contains(text, []byte(part)) {
			return false
		}
	}
	return true
}

// casts extends Compose's conversions so that marks survive them.
func casts(own map[tree.Path]interpolation.Cast) map[tree.Path]interpolation.Cast {
	all := map[tree.Path]interpolation.Cast{}
	for path, cast := range own {
		all[path] = func(value string) (any, error) {
			if unset.Known(value) {
				return cast(value)
			}
			if truth, err := cast("false"); err == nil {
				return truth, nil
			}
			return cast("0")
		}
	}
	for value, paths := range neutral {
		for _, path := range paths {
			all[tree.NewPath("services", tree.PathMatchAll, path)] = replaceMarks(value)
		}
	}
	all[tree.NewPath("services", tree.PathMatchAll, "ports", tree.PathMatchList)] = neutralPort
	all[tree.NewPath("services", tree.PathMatchAll, "container_name")] = neutralName
	return all
}

func replaceMarks(with string) interpolation.Cast {
	return func(value string) (any, error) {
		if unset.Known(value) {
			return value, nil
		}
		return with, nil
	}
}

// neutralName is made of letters, and differs where variables do: no two
// containers may have one name.
func neutralName(value string) (any, error) {
	return unset.Replace(value, func(v unset.Variable) string { return "unset-" + v.Name }), nil
}

var portProtocol = regexp.MustCompile(`/[a-z]+$`)

// neutralPort gives the short form of a port its shape back:
// [address:][published:]container[/protocol].
func neutralPort(value string) (any, error) {
	if unset.Known(value) {
		return value, nil
	}
	protocol := portProtocol.FindString(value)
	parts := strings.Split(strings.TrimSuffix(value, protocol), ":")
	for i, part := range parts {
		switch {
		case unset.Known(part):
		case len(parts) == 3 && i == 0:
			parts[i] = "127.0.0.1"
		default:
			parts[i] = anyPort
		}
	}
	return strings.Join(parts, ":") + protocol, nil
}
