package inspect

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rcomp/rcomp/lint/compose/unset"
)

// sedProgram is a sed script of the commands that start scripts are made of.
// GNU's and busybox's agree on them.
type sedProgram []sedCommand

type sedCommand struct {
	address *regexp.Regexp // of the lines that it is for, nil: see line
	number  int            // of the one line that it is for, 0: all; -1 the last
	others  bool           // it is for all lines but those
	name    byte           // s, d, p, a, i or c
	pattern *regexp.Regexp
	with    string // as sed writes it; the text of a, i and c
	all     bool   // every match, not the first alone
}

// sed follows sed where its script can be: it changes files in place, or prints
// what becomes of them. ok is false where it cannot be followed.
func (s *shell) sed(arguments []string) (ok bool) {
	var scripts, names []string
	inPlace, extended, quiet := false, false, false
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
		case argument == "-n" || argument == "--quiet" || argument == "--silent":
			quiet = true
		case argument == "-u" || argument == "--unbuffered":
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
	s.spend(costOfPattern * len(strings.Join(scripts, "\n")))
	if !ok || slices.ContainsFunc(names, func(name string) bool { return !isKnown(name) }) || !isKnown(s.directory) {
		return false
	}
	if len(names) == 0 && s.input != nil && !inPlace {
		s.emit(s.edit(program, *s.input, quiet))
		return true
	}
	for _, name := range names {
		if s.files.read(s.path(name)).state != present {
			return false
		}
	}
	for _, name := range names {
		text := s.edit(program, s.files.read(s.path(name)).text, quiet)
		if inPlace {
			s.files.write(s.path(name), text)
		} else {
			s.emit(text)
		}
	}
	return len(names) > 0
}

// edit runs a program over a text.
func (s *shell) edit(program sedProgram, text string, quiet bool) string {
	var out strings.Builder
	last := strings.Count(strings.TrimSuffix(text, "\n"), "\n") + 1
	number := 0
	for line := range strings.Lines(text) {
		number++
		if s.spend(costOfMatch * len(line) * len(program)); s.spent {
			break
		}
		body, ended := strings.CutSuffix(line, "\n")
		before, body, kept, behind := program.line(body, number, number == last)
		out.WriteString(before)
		if kept && !quiet {
			out.WriteString(body)
			if ended || behind != "" {
				out.WriteString("\n")
			}
		}
		out.WriteString(behind)
	}
	s.spend(out.Len())
	return out.String()
}

// line runs a program over a line: before and behind it is printed what p, i
// and a print.
func (p sedProgram) line(line string, number int, last bool) (before, result string, kept bool, behind string) {
	for _, command := range p {
		selected := command.number == 0 || command.number == number || command.number < 0 && last
		if command.address != nil {
			selected = command.address.MatchString(line)
			if !isKnown(line) && !surelyDiffers(command.address, line) {
				line = unknownOutput // what is not known may match, or not
				continue
			}
		}
		if selected == command.others {
			continue
		}
		switch command.name {
		case 'd':
			return before, "", false, behind
		case 'c':
			return before, "", false, behind + command.with + "\n"
		case 'p':
			before += line + "\n"
		case 'i':
			before += command.with + "\n"
		case 'a':
			behind += command.with + "\n"
		default:
			line = command.substitute(line)
		}
	}
	return before, line, true, behind
}

// surelyDiffers reports whether a line of which something is not known cannot
// match: the pattern begins with other characters than the line.
func surelyDiffers(pattern *regexp.Regexp, line string) bool {
	literal, anchored := strings.CutPrefix(pattern.String(), "^")
	if at := strings.IndexAny(literal, `\.+*?()|[]{}^$`); at >= 0 {
		if strings.IndexByte("*?{|", literal[at]) >= 0 {
			return false
		}
		literal = literal[:at]
	}
	known := line[:strings.IndexRune(line, []rune(unknown(""))[0])]
	if strings.Contains(pattern.String(), "|") || !anchored {
		return false
	}
	common := min(len(known), len(literal))
	return known[:common] != literal[:common]
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

// parseSed reads a script. What has other commands, or hangs on what is not
// known, cannot be followed.
func parseSed(script string, extended bool) (program sedProgram, ok bool) {
	for {
		script = strings.TrimLeft(script, " \t\n;")
		if script == "" {
			return program, len(program) > 0
		}
		var command sedCommand
		if script, ok = command.parseAddress(script, extended); !ok || script == "" {
			return nil, false
		}
		command.name = script[0]
		switch rest := script[1:]; command.name {
		case 'd', 'p':
			script = rest
		case 's':
			if script, ok = command.parseSubstitution(rest, extended); !ok {
				return nil, false
			}
		case 'a', 'i', 'c':
			command.with, script, _ = strings.Cut(rest, "\n")
			command.with = strings.TrimLeft(command.with, " \t")
			if command.with == "" || strings.Contains(command.with, `\`) {
				return nil, false
			}
		default:
			return nil, false
		}
		if script = strings.TrimLeft(script, " \t"); script != "" && script[0] != ';' && script[0] != '\n' && strings.IndexByte("aic", command.name) < 0 {
			return nil, false
		}
		program = append(program, command)
	}
}

// parseAddress reads which lines a command is for: /re/, a number, $, and ! for
// the others.
func (c *sedCommand) parseAddress(script string, extended bool) (rest string, ok bool) {
	rest, ok = script, true
	switch {
	case script[0] == '/':
		var address string
		address, rest, ok = sedDelimited(script[1:], "/")
		if c.address, ok = sedPattern(address, extended, ok, false); !ok {
			return "", false
		}
	case script[0] == '$':
		c.number, rest = -1, script[1:]
	case script[0] >= '1' && script[0] <= '9':
		digits := len(script) - len(strings.TrimLeft(script, "0123456789"))
		c.number, _ = strconv.Atoi(script[:digits])
		rest = script[digits:]
	}
	rest = strings.TrimLeft(rest, " \t")
	if c.others = strings.HasPrefix(rest, "!"); c.others {
		rest = strings.TrimLeft(rest[1:], " \t")
	}
	return rest, true
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
	if !sound || text == "" || !unset.Known(text) || len(text) > maxPattern {
		return nil, false
	}
	if !extended {
		text = basicToExtended(text)
	}
	if fold {
		text = "(?i)" + text
	}
	compiled, err := regexp.Compile(text)
	if err != nil || isLarge(text) {
		return nil, false
	}
	compiled.Longest()
	return compiled, true
}

// mostInstructions bounds what a pattern with counts in it becomes: (a{30}){30}
// is nine hundred times a.
const mostInstructions = 300

func isLarge(text string) bool {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return true
	}
	program, err := syntax.Compile(parsed.Simplify())
	return err != nil || len(program.Inst) > mostInstructions
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
func (s *shell) envsubst(arguments []string) (ok bool) {
	if s.input == nil || len(arguments) > 1 || len(arguments) == 1 && (strings.HasPrefix(arguments[0], "-") || !unset.Known(arguments[0])) {
		return false
	}
	only := map[string]bool{}
	for _, argument := range arguments {
		for _, match := range substitutedVariable.FindAllStringSubmatch(argument, -1) {
			only[match[1]+match[2]] = true
		}
	}
	text := *s.input
	var out strings.Builder
	at := 0
	for _, match := range substitutedVariable.FindAllStringSubmatchIndex(text, -1) {
		name := strings.Trim(text[match[0]:match[1]], "${}")
		if len(arguments) > 0 && !only[name] {
			continue
		}
		value := s.inEnvironment(name)
		out.WriteString(text[at:match[0]])
		out.WriteString(value)
		at = match[1]
		if s.spend(len(value)); s.spent {
			break
		}
	}
	out.WriteString(text[at:])
	s.emit(out.String())
	return true
}

// inEnvironment is what a program gets of a variable: nothing of one that is
// the script's own.
func (s *shell) inEnvironment(name string) string {
	if text, given := s.given[name]; given {
		return text
	}
	value, sure := s.lookup(name)
	switch {
	case !sure:
		return unknown("${" + name + "}") // of the image, for all anyone knows
	case !value.set, !value.exported:
		if _, ofContainer := s.ofContainer(name); ofContainer && value.set {
			return value.text
		}
		return ""
	}
	return value.text
}
