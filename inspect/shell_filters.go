package inspect

import (
	"regexp"
	"strings"
)

// awkRule is a rule of the awk programs that fill templates in: they put texts
// in the place of others, and print.
type awkRule struct {
	address *regexp.Regexp // of the lines that it is for, nil: all
	others  bool           // it is for the lines that do not match
	steps   []awkStep
}

type awkStep struct {
	name    string // sub, gsub, print or next
	pattern *regexp.Regexp
	with    string
}

// awk follows awk over what is known, line by line. ok is false where it cannot
// be followed.
func (s *shell) awk(words []string) (ok bool) {
	variables := map[string]string{}
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		assignment := strings.TrimPrefix(words[0], "-v")
		if assignment == words[0] {
			return false
		}
		if words = words[1:]; assignment == "" {
			if len(words) == 0 {
				return false
			}
			assignment, words = words[0], words[1:]
		}
		name, value, found := strings.Cut(assignment, "=")
		if !found {
			return false
		}
		variables[name] = value
	}
	if len(words) == 0 || !isKnown(words[0]) {
		return false
	}
	p := awkParser{text: words[0], variables: variables, environment: s.inEnvironment}
	s.spend(costOfPattern * len(words[0]))
	rules, ok := p.rules()
	text, given := s.inputOf(words[1:])
	if !ok || !given {
		return false
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if s.spend(costOfMatch * len(line) * (1 + len(rules))); s.spent {
			break
		}
		awkLine(&out, rules, strings.TrimSuffix(line, "\n"))
	}
	s.emit(out.String())
	return true
}

func awkLine(out *strings.Builder, rules []awkRule, line string) {
	for _, rule := range rules {
		if rule.address != nil && rule.address.MatchString(line) == rule.others {
			continue
		}
		for _, step := range rule.steps {
			switch step.name {
			case "print":
				out.WriteString(line + "\n")
			case "next":
				return
			case "sub":
				if at := step.pattern.FindStringIndex(line); at != nil {
					line = line[:at[0]] + step.with + line[at[1]:]
				}
			case "gsub":
				line = step.pattern.ReplaceAllLiteralString(line, step.with)
			}
		}
	}
}

// awkParser reads an awk program of such rules.
type awkParser struct {
	text        string
	variables   map[string]string
	environment func(string) string
}

func (p *awkParser) skip() { p.text = strings.TrimLeft(p.text, " \t\n;") }

func (p *awkParser) cut(prefix string) bool {
	rest, found := strings.CutPrefix(p.text, prefix)
	if found {
		p.text = strings.TrimLeft(rest, " \t")
	}
	return found
}

func (p *awkParser) rules() (rules []awkRule, ok bool) {
	for {
		if p.skip(); p.text == "" {
			return rules, len(rules) > 0
		}
		var rule awkRule
		bare := p.cut("1")
		if !bare {
			rule.others = p.cut("!")
			if strings.HasPrefix(p.text, "/") {
				if rule.address, ok = p.regexp(); !ok {
					return nil, false
				}
				p.text = strings.TrimLeft(p.text, " \t")
			} else if rule.others {
				return nil, false
			}
		}
		switch {
		case p.cut("{"):
			if rule.steps, ok = p.steps(); !ok {
				return nil, false
			}
		case !bare && rule.address == nil, p.text != "" && p.text[0] != '\n' && p.text[0] != ';':
			return nil, false
		default:
			rule.steps = []awkStep{{name: "print"}}
		}
		rules = append(rules, rule)
	}
}

func (p *awkParser) steps() (steps []awkStep, ok bool) {
	for {
		p.skip()
		step := awkStep{}
		switch {
		case p.cut("}"):
			return steps, true
		case p.cut("print $0"), p.cut("print"):
			step.name = "print"
		case p.cut("next"):
			step.name = "next"
		case p.cut("gsub("):
			step.name = "gsub"
		case p.cut("sub("):
			step.name = "sub"
		default:
			return nil, false
		}
		if strings.HasSuffix(step.name, "sub") {
			if step.pattern, ok = p.pattern(); !ok || !p.cut(",") {
				return nil, false
			}
			if step.with, ok = p.value(); !ok || p.cut(",") && !p.cut("$0") || !p.cut(")") {
				return nil, false
			}
		}
		if p.text == "" || strings.IndexByte("};\n", p.text[0]) < 0 {
			return nil, false
		}
		steps = append(steps, step)
	}
}

// pattern reads /re/ or "re".
func (p *awkParser) pattern() (*regexp.Regexp, bool) {
	if strings.HasPrefix(p.text, "/") {
		return p.regexp()
	}
	text, ok := p.quoted()
	if !ok || strings.Contains(text, `\`) {
		return nil, false
	}
	return sedPattern(text, true, true, false)
}

func (p *awkParser) regexp() (*regexp.Regexp, bool) {
	text, rest, ok := sedDelimited(p.text[1:], "/")
	p.text = strings.TrimLeft(rest, " \t")
	return sedPattern(text, true, ok, false)
}

// quoted reads "text" without escapes.
func (p *awkParser) quoted() (text string, ok bool) {
	if !strings.HasPrefix(p.text, `"`) {
		return "", false
	}
	text, rest, ok := strings.Cut(p.text[1:], `"`)
	p.text = strings.TrimLeft(rest, " \t")
	return text, ok && !strings.Contains(text, `\`)
}

// value reads what is put in: texts, variables and the environment's, one
// behind the other.
func (p *awkParser) value() (value string, ok bool) {
	for {
		name := p.text[:len(p.text)-len(strings.TrimLeft(p.text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))]
		part := ""
		switch given, known := p.variables[name]; {
		case strings.HasPrefix(p.text, `"`):
			if part, ok = p.quoted(); !ok {
				return "", false
			}
		case name == "ENVIRON" && p.cut("ENVIRON["):
			variable, quoted := p.quoted()
			if !quoted || !p.cut("]") {
				return "", false
			}
			part = p.environment(variable)
		case known:
			p.text, part = strings.TrimLeft(p.text[len(name):], " \t"), given
		default:
			return value, ok
		}
		if strings.ContainsAny(part, `&\`) {
			return "", false // & is what was matched
		}
		value, ok = value+part, true
	}
}

// grep follows grep over what is known: its status, and the lines that it
// prints. ok is false where it cannot be followed.
func (s *shell) grep(program string, words []string) (ok bool) {
	options, names := operands(words, "efmABC")
	extended, fixed, quiet, fold, others := program == "egrep", program == "fgrep", false, false, false
	for _, option := range options {
		for _, letter := range option[1:] {
			switch letter {
			case 'E':
				extended = true
			case 'F':
				fixed = true
			case 'q':
				quiet = true
			case 'i':
				fold = true
			case 'v':
				others = true
			case 's', 'h':
			default:
				return false
			}
		}
	}
	if len(names) == 0 || !isKnown(names[0]) {
		return false
	}
	text, given := s.inputOf(names[1:])
	of := names[0]
	if fixed {
		of, extended = regexp.QuoteMeta(of), true
	}
	s.spend(costOfPattern * len(of))
	pattern, sound := sedPattern(of, extended, true, fold)
	if !given || !sound {
		return false
	}
	return s.grepLines(text, pattern, others, quiet)
}

func (s *shell) grepLines(text string, pattern *regexp.Regexp, others, quiet bool) bool {
	var out strings.Builder
	matched, undecided := false, false
	for line := range strings.Lines(text) {
		if s.spend(costOfMatch * len(line)); s.spent {
			return false
		}
		line = strings.TrimSuffix(line, "\n")
		if !isKnown(line) {
			undecided = true
			continue
		}
		if pattern.MatchString(line) != others {
			matched = true
			out.WriteString(line + "\n")
		}
	}
	if undecided && (!quiet || !matched) {
		return false
	}
	if !quiet {
		s.emit(out.String())
	}
	s.status = 1
	if matched {
		s.status = 0
	}
	return true
}
