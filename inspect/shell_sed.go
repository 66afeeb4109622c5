package inspect

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// sedProgram is a sed script of the commands that start scripts are made of: s
// and d, for all lines or for those that match. GNU's and busybox's agree on
// them.
type sedProgram []sedCommand

type sedCommand struct {
	address *regexp.Regexp // of the lines that it is for, nil: all
	deletes bool
	pattern *regexp.Regexp
	with    string // as sed writes it
	all     bool   // every match, not the first alone
}

// sed follows sed where its script can be: it changes files in place, or prints
// what becomes of them. ok is false where it cannot be followed.
func (s *shell) sed(arguments []string, here *string) (ok bool) {
	var scripts, names []string
	inPlace, extended := false, false
	for i := 0; i < len(arguments); i++ {
		switch argument := arguments[i]; {
		case argument == "-e" || argument == "--expression":
			if i++; i == len(arguments) {
				return false
			}
			scripts = append(scripts, arguments[i])
		case argument == "-i" || argument == "--in-place" || strings.HasPrefix(argument, "-i."):
			inPlace = true
		case argument == "-E" || argument == "-r" || argument == "--regexp-extended":
			extended = true
		case argument == "-ie" || argument == "-i ''":
			return false
		case strings.HasPrefix(argument, "-") && argument != "-":
			return false
		default:
			names = append(names, argument)
		}
	}
	if len(scripts) == 0 && len(names) > 0 {
		scripts, names = names[:1], names[1:]
	}
	program, ok := parseSed(strings.Join(scripts, "\n"), extended)
	if !ok || s.branch > 0 && inPlace {
		return false
	}
	if len(names) == 0 && here != nil && !inPlace {
		s.emit(s.edit(program, *here))
		return true
	}
	for _, name := range names {
		if s.files.read(s.path(name)).state != present {
			return false
		}
	}
	for _, name := range names {
		text := s.edit(program, s.files.read(s.path(name)).text)
		if inPlace {
			s.files.write(s.path(name), text)
		} else {
			s.emit(text)
		}
	}
	return len(names) > 0
}

// edit runs a program over a text.
func (s *shell) edit(program sedProgram, text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if s.spend(len(line) * len(program)); s.spent {
			break
		}
		body, ended := strings.CutSuffix(line, "\n")
		if body, kept := program.line(body); kept {
			out.WriteString(body)
			if ended {
				out.WriteString("\n")
			}
		}
	}
	s.spend(out.Len())
	return out.String()
}

func (p sedProgram) line(line string) (result string, kept bool) {
	for _, command := range p {
		if command.address != nil && !command.address.MatchString(line) {
			continue
		}
		if command.deletes {
			return "", false
		}
		line = command.substitute(line)
	}
	return line, true
}

func (c sedCommand) substitute(line string) string {
	matches := c.pattern.FindAllStringSubmatchIndex(line, -1)
	if !c.all && len(matches) > 1 {
		matches = matches[:1]
	}
	var out strings.Builder
	at := 0
	for _, match := range matches {
		out.WriteString(line[at:match[0]])
		c.replace(&out, line, match)
		at = match[1]
	}
	out.WriteString(line[at:])
	return out.String()
}

// replace writes what stands for a match: & is all of it, \1 a group.
func (c sedCommand) replace(out *strings.Builder, line string, match []int) {
	for i := 0; i < len(c.with); i++ {
		switch character := c.with[i]; {
		case character == '&':
			out.WriteString(line[match[0]:match[1]])
		case character == '\\' && i+1 < len(c.with):
			i++
			switch next := c.with[i]; {
			case next >= '0' && next <= '9':
				if group := 2 * int(next-'0'); group+1 < len(match) && match[group] >= 0 {
					out.WriteString(line[match[group]:match[group+1]])
				}
			case next == 'n':
				out.WriteByte('\n')
			default:
				out.WriteByte(next)
			}
		default:
			out.WriteByte(character)
		}
	}
}

// parseSed reads a script. What is not s or d, or hangs on what is not known,
// cannot be followed.
func parseSed(script string, extended bool) (program sedProgram, ok bool) {
	for {
		script = strings.TrimLeft(script, " \t\n;")
		if script == "" {
			return program, len(program) > 0
		}
		var command sedCommand
		if script[0] == '/' {
			address, rest, ok := sedDelimited(script[1:], "/")
			if command.address, ok = sedPattern(address, extended, ok, false); !ok {
				return nil, false
			}
			script = strings.TrimLeft(rest, " \t")
		}
		switch {
		case strings.HasPrefix(script, "d"):
			command.deletes, script = true, script[1:]
		case strings.HasPrefix(script, "s") && len(script) > 1:
			rest, ok := command.parseSubstitution(script[1:], extended)
			if !ok {
				return nil, false
			}
			script = rest
		default:
			return nil, false
		}
		if script = strings.TrimLeft(script, " \t"); script != "" && script[0] != ';' && script[0] != '\n' {
			return nil, false
		}
		program = append(program, command)
	}
}

func (c *sedCommand) parseSubstitution(script string, extended bool) (rest string, ok bool) {
	_, size := utf8.DecodeRuneInString(script)
	delimiter := script[:size]
	pattern, rest, ok := sedDelimited(script[size:], delimiter)
	if !ok {
		return "", false
	}
	if c.with, rest, ok = sedDelimited(rest, delimiter); !ok {
		return "", false
	}
	fold := false
	for rest != "" && strings.IndexByte("gIi", rest[0]) >= 0 {
		c.all, fold = c.all || rest[0] == 'g', fold || rest[0] != 'g'
		rest = rest[1:]
	}
	c.pattern, ok = sedPattern(pattern, extended, true, fold)
	return rest, ok
}

// sedDelimited cuts a text at a delimiter that no backslash stands before. A
// delimiter behind one loses it.
func sedDelimited(text, delimiter string) (before, rest string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], delimiter):
			return out.String(), text[i+len(delimiter):], true
		case text[i] == '\\' && strings.HasPrefix(text[i+1:], delimiter):
			out.WriteString(delimiter)
			i += len(delimiter)
		case text[i] == '\\' && i+1 < len(text):
			out.WriteString(text[i : i+2])
			i++
		default:
			out.WriteByte(text[i])
		}
	}
	return "", "", false
}

// sedPattern compiles a regular expression of POSIX, basic or extended.
func sedPattern(text string, extended, sound, fold bool) (*regexp.Regexp, bool) {
	if !sound || text == "" || !unset.Known(text) || len(text) > 1000 {
		return nil, false
	}
	if !extended {
		text = basicToExtended(text)
	}
	if fold {
		text = "(?i)" + text
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, false
	}
	compiled.Longest()
	return compiled, true
}

// basicToExtended swaps what is special alone and what is special behind a
// backslash. In a basic expression ^ and $ are so at its ends alone.
func basicToExtended(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch character := text[i]; {
		case character == '[':
			end := bracketEnd(text[i:])
			out.WriteString(strings.ReplaceAll(text[i:i+end], `\`, `\\`))
			i += end - 1
		case character == '\\' && i+1 < len(text):
			i++
			if strings.IndexByte("(){}|+?", text[i]) < 0 {
				out.WriteByte('\\')
			}
			out.WriteByte(text[i])
		case strings.IndexByte("(){}|+?", character) >= 0,
			character == '$' && i+1 < len(text) && !strings.HasPrefix(text[i+1:], `\)`) && !strings.HasPrefix(text[i+1:], `\|`),
			character == '^' && i > 0 && !strings.HasSuffix(text[:i], `\(`) && !strings.HasSuffix(text[:i], `\|`),
			character == '*' && (i == 0 || text[:i] == "^"):
			out.WriteByte('\\')
			out.WriteByte(character)
		default:
			out.WriteByte(character)
		}
	}
	return out.String()
}

// bracketEnd is where a bracket expression ends: behind the first ] that is
// not its first character.
func bracketEnd(text string) int {
	first := 1
	if strings.HasPrefix(text[first:], "^") {
		first++
	}
	for i := first + 1; i < len(text); i++ {
		if text[i] == ']' && !strings.HasSuffix(text[:i], ":") {
			return i + 1
		}
	}
	return len(text)
}

// substitutedVariable is what envsubst replaces.
var substitutedVariable = regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// envsubst prints a text with variables put in: all, or those that its argument
// names.
func (s *shell) envsubst(arguments []string, here *string) (ok bool) {
	if here == nil || len(arguments) > 1 || len(arguments) == 1 && (strings.HasPrefix(arguments[0], "-") || !unset.Known(arguments[0])) {
		return false
	}
	only := map[string]bool{}
	for _, argument := range arguments {
		for _, match := range substitutedVariable.FindAllStringSubmatch(argument, -1) {
			only[match[1]+match[2]] = true
		}
	}
	var out strings.Builder
	at := 0
	for _, match := range substitutedVariable.FindAllStringSubmatchIndex(*here, -1) {
		name := strings.Trim((*here)[match[0]:match[1]], "${}")
		if len(arguments) > 0 && !only[name] {
			continue
		}
		value, given := s.variables[name]
		if !given {
			value, given = s.known(name)
		}
		if !given {
			value = unknown("${" + name + "}") // of the image, for all anyone knows
		}
		out.WriteString((*here)[at:match[0]])
		out.WriteString(value)
		at = match[1]
		if s.spend(len(value)); s.spent {
			break
		}
	}
	out.WriteString((*here)[at:])
	s.emit(out.String())
	return true
}
