package inspect

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/redis"
)

// Document is what `rcomp inspect --format json` prints. Its shape is a
// contract: keys are only ever added.
type Document struct {
	Services []ServiceDocument `json:"services"`
}

// ServiceDocument is one service of a Document.
type ServiceDocument struct {
	Name       string                       `json:"name"`
	Kind       Kind                         `json:"kind"`
	Engine     string                       `json:"engine"`
	Version    string                       `json:"version"`
	Directives map[string]DirectiveDocument `json:"directives"`
	Unknown    []UnknownDocument            `json:"unknown"`
	// Assumed is the tag that moves, where the version is only what it stood for
	// when the catalogue was made: defaults are those of that version.
	Assumed string `json:"assumed,omitempty"`
	// Ends says why the container surely ends as soon as it is started.
	Ends []EndDocument `json:"ends,omitempty"`
}

// EndDocument is one reason for which a container ends at once.
type EndDocument struct {
	Reason  EndReason `json:"reason"`
	Message string    `json:"message"`
	File    string    `json:"file"`
	Line    int       `json:"line"`
	Column  int       `json:"column"`
}

// DirectiveDocument is a directive whose value is known. Value is what CONFIG
// GET prints; a secret is not shown.
type DirectiveDocument struct {
	Value  string         `json:"value"`
	Secret bool           `json:"secret,omitempty"`
	Origin OriginDocument `json:"origin"`
}

// OriginDocument is where a value comes from; defaults and what an image
// brings have no place.
type OriginDocument struct {
	Kind   OriginKind `json:"kind"`
	File   string     `json:"file,omitempty"`
	Line   int        `json:"line,omitempty"`
	Column int        `json:"column,omitempty"`
}

// UnknownDocument is a directive whose value is not known. Without a
// directive, any may be set beside those that are seen.
type UnknownDocument struct {
	Directive string         `json:"directive,omitempty"`
	Reason    string         `json:"reason"`
	Origin    OriginDocument `json:"origin"`
}

// Describe turns services into a document. No secret of their projects is in
// it.
func Describe(services []*Service) Document {
	document := Document{Services: []ServiceDocument{}}
	var projects []*compose.Project
	for _, service := range services {
		if !slices.Contains(projects, service.Project) {
			projects = append(projects, service.Project)
		}
	}
	secrets := Secrets(projects)
	for _, service := range services {
		described := service.describe()
		described.hide(secrets)
		document.Services = append(document.Services, described)
	}
	return document
}

// hide takes secrets out of what a file of the project says.
func (d *ServiceDocument) hide(secrets *display.Secrets) {
	directives := map[string]DirectiveDocument{}
	for name, directive := range d.Directives {
		if kind := directive.Origin.Kind; kind != FromDefault && kind != FromImage {
			name, directive.Value = secrets.Hide(name), secrets.Hide(directive.Value)
		}
		directives[name] = directive
	}
	d.Directives = directives
	for i := range d.Ends {
		d.Ends[i].Message = secrets.Hide(d.Ends[i].Message)
	}
	for i := range d.Unknown {
		d.Unknown[i].Directive = secrets.Hide(d.Unknown[i].Directive)
		d.Unknown[i].Reason = secrets.Hide(d.Unknown[i].Reason)
	}
}

func (s *Service) describe() ServiceDocument {
	document := ServiceDocument{
		Name: s.Name, Kind: s.Kind, Engine: string(s.engine()), Version: s.Version(),
		Directives: map[string]DirectiveDocument{}, Unknown: []UnknownDocument{},
	}
	if s.ReleaseKnown && s.Image.ReleaseAssumed {
		document.Assumed = unset.Plain(s.Image.Text)
	}
	if s.Opaque != "" {
		document.Unknown = append(document.Unknown, UnknownDocument{
			Reason: unset.Plain(s.Opaque), Origin: origin(Origin{Kind: FromConf, Span: s.OpaqueAt}),
		})
	}
	for _, end := range s.Ends() {
		document.Ends = append(document.Ends, EndDocument{
			end.Reason, unset.Plain(end.Message), end.At.File, end.At.Start.Line, end.At.Start.Column,
		})
	}
	for _, setting := range s.All() {
		if !setting.Known {
			document.Unknown = append(document.Unknown, UnknownDocument{
				Directive: setting.Name, Reason: s.reason(setting), Origin: origin(setting.Origin),
			})
			continue
		}
		described := DirectiveDocument{Value: setting.Value, Origin: origin(setting.Origin)}
		if s.Secret(setting.Name) && setting.Value != "" {
			described.Value, described.Secret = display.Hidden, true
		}
		document.Directives[setting.Name] = described
	}
	return document
}

// reason says why a setting is not known, without a secret that is part of it.
func (s *Service) reason(setting Setting) string {
	if !s.Secret(setting.Name) {
		return unset.Plain(setting.Why)
	}
	if variables := unset.VariablesIn(setting.Value); len(variables) > 0 {
		return fmt.Sprintf("its value depends on %s", variables[0])
	}
	return "its value is not known"
}

func (s *Service) engine() redis.Engine {
	if s.Image.Engine != "" {
		return s.Image.Engine
	}
	if s.Program != "" {
		return engineOf(s.Program)
	}
	return ""
}

// Version is the engine's version as far as the image tells: "7.2.4", "7.2";
// "" where it does not.
func (s *Service) Version() string {
	switch {
	case s.Unread:
		return ""
	case s.Image.Family == redis.RedisModule, s.Image.Family == redis.RedisModules:
		return "" // the tag numbers the module
	case s.Image.Version != "" && s.Image.Floating != redis.FloatingMajor:
		return s.Image.Version
	case s.ReleaseKnown:
		return fmt.Sprintf("%d.%d", s.Release.Major, s.Release.Minor)
	}
	return ""
}

// Secret reports whether a directive's value is one: a password, or the name
// that a command was given so that nobody finds it.
func (s *Service) Secret(name string) bool {
	if redis.IsSecret(name) || name == "rename-command" {
		return true
	}
	directive, ok := s.Release.Directive(name)
	return ok && directive.Sensitive
}

// All returns every directive of a server, sorted by name: those that are
// set, and, where nothing unseen can set them, the defaults of the rest.
func (s *Service) All() []Setting {
	all := map[string]Setting{}
	for name, setting := range s.settings {
		if name != "include" && name != "sentinel" && name != "user" {
			all[name] = setting
		}
	}
	maps.Copy(all, s.lineByLine())
	if s.Kind != Client && s.ReleaseKnown && s.Opaque == "" {
		for _, directive := range s.Release.Directives() {
			if _, set := all[directive.Name]; set || directive.Hidden || directive.Ignored || !directive.HasDefault {
				continue
			}
			all[directive.Name] = s.defaultOf(directive.Name)
		}
	}
	// The engine itself has no default for dir: it is where it is started.
	if _, set := all["dir"]; !set && s.Kind != Client && s.directory != "" && s.Opaque == "" {
		all["dir"] = Setting{Name: "dir", Value: s.directory, Known: true, Origin: Origin{Kind: FromImage}}
	}
	var settings []Setting
	for _, name := range slices.Sorted(maps.Keys(all)) {
		settings = append(settings, all[name])
	}
	return settings
}

// defaultOf is a default with what the container changes in it.
func (s *Service) defaultOf(name string) Setting {
	setting := s.Get(name)
	if name == "port" && s.Kind == Sentinel {
		setting.Value = "26379"
	}
	return setting
}

func origin(o Origin) OriginDocument {
	document := OriginDocument{Kind: o.Kind}
	if !o.Span.IsZero() {
		document.File, document.Line, document.Column = o.Span.File, o.Span.Start.Line, o.Span.Start.Column
	}
	return document
}
