package editor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/editor/protocol"
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/redis"
)

// hover says what a word means: a rule, a key, a service or a directive.
func (s *Server) hover(q *question) (any, error) {
	for _, look := range []func(*Server, *question) *protocol.Hover{(*Server).hoverRule, (*Server).hoverKey, (*Server).hoverService, (*Server).hoverDirective} {
		if said := look(s, q); said != nil {
			return said, nil
		}
	}
	return nil, nil
}

// hoverRule says what a rule is about, where a comment or the settings name one.
func (s *Server) hoverRule(q *question) *protocol.Hover {
	if !inIgnore(q.before) && q.document.kind != settingsFile {
		return nil
	}
	word, at := q.wordAt(isWord)
	index := slices.IndexFunc(s.tool.Rules, func(rule *lint.Rule) bool { return rule.ID == word })
	if index < 0 {
		return nil
	}
	return &protocol.Hover{Contents: aboutRule(s.tool.Rules[index]), Range: &at}
}

func aboutRule(rule *lint.Rule) protocol.MarkupContent {
	return markdown(
		fmt.Sprintf("**%s** · %s · %s", rule.ID, rule.Severity, rule.Group), rule.Summary+".", rule.Why,
		fmt.Sprintf("[more](%s%s)", rulePage, rule.ID),
	)
}

// hoverService says what a service will run.
func (s *Server) hoverService(q *question) *protocol.Hover {
	shown := q.shownAs(q.document)
	for _, project := range q.look.Projects {
		for _, service := range inspect.Services(project) {
			for _, at := range []struct{ from, of string }{{"name", ""}, {"image", "image"}} {
				span := service.Span()
				if at.of != "" {
					span = service.At(at.of)
				}
				if project.IsAlone() || span.File != shown || q.place.Compare(span.Start) < 0 || q.place.Compare(span.End) > 0 {
					continue
				}
				where := q.document.rangeOf(span)
				return &protocol.Hover{Contents: aboutService(q.documentOfService(service)), Range: &where}
			}
		}
	}
	return nil
}

// documentOfService is what inspect says of a service. No secret is in it.
func (a *analysis) documentOfService(service *inspect.Service) inspect.ServiceDocument {
	project := service.Project
	described, known := a.described[project]
	if !known {
		described = inspect.Describe(inspect.Services(project))
		a.described[project] = described
	}
	for _, one := range described.Services {
		if one.Name == service.Name {
			return one
		}
	}
	return inspect.ServiceDocument{}
}

// mostDirectives bounds what is listed of one service.
const mostDirectives = 40

func aboutService(service inspect.ServiceDocument) protocol.MarkupContent {
	var set, unknown, ends []string
	names := make([]string, 0, len(service.Directives))
	for name, directive := range service.Directives {
		if directive.Origin.Kind != inspect.FromDefault {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names[:min(len(names), mostDirectives)] {
		directive := service.Directives[name]
		set = append(set, fmt.Sprintf("%s — %s", code(name+" "+valueOf(directive)), origin(directive.Origin)))
	}
	if more := len(names) - mostDirectives; more > 0 {
		set = append(set, fmt.Sprintf("and %d more", more))
	}
	for _, end := range service.Ends {
		ends = append(ends, "**it ends as soon as it is started:** "+escaped(end.Message))
	}
	for _, one := range service.Unknown[:min(len(service.Unknown), mostDirectives)] {
		reason := escaped(one.Reason)
		if one.Directive != "" {
			reason = code(one.Directive) + ": " + reason
		}
		unknown = append(unknown, "not known: "+reason)
	}
	version := strings.TrimSpace(service.Engine + " " + service.Version)
	if version == "" {
		version = "engine not known"
	}
	return markdown(fmt.Sprintf("**%s** · %s · %s", escaped(service.Name), service.Kind, escaped(version)), list(ends), list(set), list(unknown))
}

func valueOf(directive inspect.DirectiveDocument) string {
	if directive.Value == "" {
		return `""`
	}
	return directive.Value
}

func origin(of inspect.OriginDocument) string {
	if of.File == "" {
		return string(of.Kind)
	}
	return fmt.Sprintf("%s, %s:%d", of.Kind, escaped(of.File), of.Line)
}

// hoverDirective says what a directive is, and what servers make of it.
func (s *Server) hoverDirective(q *question) *protocol.Hover {
	name, at := q.directive()
	if name == "" {
		return nil
	}
	servers := q.servers()
	release := releaseOf(servers)
	if sentinel, ok := strings.CutPrefix(name, "sentinel "); ok {
		directive, known := release.SentinelDirective(sentinel)
		if !known {
			return nil
		}
		return &protocol.Hover{Contents: aboutSentinel(directive), Range: &at}
	}
	directive, known := release.Directive(name)
	if !known {
		return nil
	}
	return &protocol.Hover{Contents: markdown(headOf(directive), list(q.values(directive.Name, servers)), factsOf(directive, name), sinceOf(name)), Range: &at}
}

// releaseOf is the release that the servers of a file have; the newest of Redis
// where they differ or there are none.
func releaseOf(servers []*inspect.Service) redis.Release {
	if len(servers) == 0 {
		return redis.DefaultRelease(redis.Redis)
	}
	return servers[0].Release
}

// values says what each server of the file makes of a directive.
func (q *question) values(name string, servers []*inspect.Service) []string {
	var lines []string
	for _, server := range servers[:min(len(servers), mostNamed+1)] {
		described := q.documentOfService(server)
		spelt := server.Release.Name(name)
		value, known := described.Directives[spelt]
		service := code(server.Name) + ": "
		switch {
		case known:
			lines = append(lines, service+code(valueOf(value))+" — "+origin(value.Origin))
		default:
			for _, one := range described.Unknown {
				if one.Directive == spelt {
					lines = append(lines, service+"not known, "+escaped(one.Reason))
				}
			}
		}
	}
	if more := len(servers) - mostNamed - 1; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

func escaped(text string) string {
	const marks = "\\`*_{}[]<>()#+-!|~"
	var b strings.Builder
	for _, r := range said(nil, text) {
		if strings.ContainsRune(marks, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
