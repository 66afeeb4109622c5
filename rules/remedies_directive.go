package rules

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/edit"
	"github.com/rcomp/rcomp/redis"
)

// guessed is said of what takes the place of a word that nobody knows.
const guessed = "what was meant is guessed: it is the nearest that is known"

// renameDirective plans the directive that was meant.
func renameDirective(s *inspect.Service, problem inspect.Problem) *edit.Plan {
	plan := edit.New(s.Project, "write %s in the place of %s", problem.Suggestion, problem.Name).Unsafe(guessed)
	if problem.Suggestion == "" {
		return plan.Refuse("nothing is near to %s", problem.Name)
	}
	return startsThen(plan, s).ReplaceAt(problem.At, problem.Name, problem.Suggestion)
}

// startsThen says that a server which did not start is another one.
func startsThen(plan *edit.Plan, s *inspect.Service) *edit.Plan {
	return plan.Means(s.Name+":", "services."+s.Name+".command", "services."+s.Name+".environment").Reveals()
}

// correctValue plans a value that a server takes, where what is written can
// mean but one.
func correctValue(s *inspect.Service, problem inspect.Problem) *edit.Plan {
	if problem.WantsSentinel() && !s.Project.IsAlone() {
		return beSentinel(s)
	}
	written := strings.Trim(s.Written(problem.At), `"'`)
	if size, ok := sizeMeant(written); ok {
		return startsThen(edit.New(s.Project, "write %s as %s", written, size), s).ReplaceAt(problem.At, written, size)
	}
	plan := edit.New(s.Project, "write %s in the place of %s", problem.Suggestion, written).Unsafe(guessed)
	if problem.Suggestion == "" || problem.Kind != redis.InvalidValue || written == "" || strings.ContainsAny(written+problem.Suggestion, " $") {
		return plan.Refuse("what was meant is not certain")
	}
	return startsThen(plan, s).ReplaceAt(problem.At, written, problem.Suggestion)
}

// otherSize is a size as people write it, with a fraction or a unit that the
// servers do not know.
var otherSize = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?)([kmg])(i?b?)$`)

// sizeMeant is a size as the servers read it, where they refuse how it is
// written.
func sizeMeant(text string) (size string, ok bool) {
	match := otherSize.FindStringSubmatch(text)
	if _, err := redis.ParseMemory(text); match == nil || err == nil {
		return "", false
	}
	number, err := strconv.ParseFloat(match[1], 64)
	unit := float64(1000)
	if match[3] != "" {
		unit = 1024
	}
	bytes := number * math.Pow(unit, 1+float64(strings.Index("kmg", strings.ToLower(match[2]))))
	if err != nil || bytes != math.Trunc(bytes) || bytes > 1<<52 {
		return "", false
	}
	return redis.FormatMemory(int64(bytes)), true
}

// keyMeant is the key that a refusal says was meant.
var keyMeant = regexp.MustCompile(`; did you mean "([\w.-]+)"\?$`)

// correctKey plans the key that was meant in a compose file.
func correctKey(p *lint.Pass, refusal compose.Refusal) *edit.Plan {
	text := p.Text(refusal.Span.File)
	match := keyMeant.FindStringSubmatch(refusal.Message)
	if match == nil || text == nil || refusal.Span.Start.Line != refusal.Span.End.Line {
		return edit.New(p.Project, "correct it").Refuse("what was meant is not certain")
	}
	written := strings.Trim(string(text.Source[text.Offset(refusal.Span.Start):text.Offset(refusal.Span.End)]), `"'`)
	plan := edit.New(p.Project, "write %s in the place of %s", match[1], written).Unsafe(guessed).Reveals().Means(match[1], written)
	if refusal.Service != "" {
		plan.Means("services."+refusal.Service, refusal.Service+":")
	}
	return plan.ReplaceAt(refusal.Span, written, match[1])
}
