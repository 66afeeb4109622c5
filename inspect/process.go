package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/dockerfile"
	"github.com/rcomp/rcomp/lint/position"

	"github.com/rcomp/rcomp/redis"
)

// process is what a container comes to run.
type process struct {
	kind       Kind
	program    string
	called     string // the word that the image's entrypoint is given for it
	arguments  []word // after the program
	setup      bool   // the image's own script reads the environment first
	entrypoint bool   // the image's entrypoint runs
	wrapped    bool   // a shell or another program stands before the server
	why        string // why more may be set than is seen
	at         position.Span
}

// process finds the program that the container's entrypoint and command lead
// to.
func (s *Service) process() process {
	traits := s.Image.Traits()
	if s.Unread {
		traits = redis.Traits{Servers: traits.Servers}
	}
	command, hasCommand := s.Command("command")
	entrypoint, hasEntrypoint := s.Command("entrypoint")
	words, at := s.wordsOf(command), command.Span
	if !hasCommand || len(words) == 0 {
		at = s.ImageAt()
	}
	own := hasEntrypoint && len(s.Config.Entrypoint) > 0
	cleared := s.Config.Entrypoint != nil && !own // the image's does not run
	switch {
	case own:
		words = append(s.wordsOf(entrypoint), words...)
		at = entrypoint.Span
	case len(words) == 0:
		words, at = s.imageCommand(traits, at)
	}
	p := process{}
	if !own && !cleared {
		var start []word
		start, at = s.imageEntrypoint(traits, at)
		words = append(start, words...)
	}
	p.at = at
	if s.Unread && !own && !cleared {
		p.why = nonEmpty(s.unread, "the image is built here, and its entrypoint is not read")
	}
	s.follow(&p, words, 0)
	return p
}

// imageCommand is what the image runs where the service says nothing.
func (s *Service) imageCommand(traits redis.Traits, at position.Span) ([]word, position.Span) {
	switch {
	case s.Built == nil:
	case s.Built.Command != nil:
		return builtWords(s.Built.Command), s.Built.Command.At
	case s.Built.Cleared:
		return nil, at
	}
	return placed(traits.Command, at), at
}

// imageEntrypoint is what the image puts in front of a command.
func (s *Service) imageEntrypoint(traits redis.Traits, at position.Span) ([]word, position.Span) {
	if s.Built != nil && s.Built.Entrypoint != nil {
		return builtWords(s.Built.Entrypoint), s.Built.Entrypoint.At
	}
	return placed(traits.Entrypoint, at), at
}

// builtWords are the words of a Dockerfile's command.
func builtWords(command *dockerfile.Command) []word {
	var words []word
	for _, w := range command.Words {
		words = append(words, word{text: w.Text, at: w.At, lines: w.Lines})
	}
	return words
}

// ImageAt is where the image is named that the service runs, or is built of.
func (s *Service) ImageAt() position.Span {
	if s.Built != nil {
		return s.Built.FromAt
	}
	if s.Has("image") {
		return s.At("image")
	}
	return s.At("build")
}

func (s *Service) wordsOf(command compose.Command) []word {
	from := command.Words
	if s.unset {
		from = command.Unset
	}
	var words []word
	for _, w := range from {
		words = append(words, word{text: w.Text, at: w.Span, lines: w.Lines})
	}
	return words
}

func placed(texts []string, at position.Span) []word {
	var words []word
	for _, text := range texts {
		words = append(words, word{text: text, at: at})
	}
	return words
}

// programDirectories are where a program without a slash is looked for.
var programDirectories = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// programPath is where a program is: one without a slash is looked for in the
// directories of PATH.
func (s *Service) programPath(program string) (name string, ofProject bool) {
	if strings.Contains(program, "/") {
		name = join(s.directory, program)
		return name, s.files.isOfProject(name)
	}
	for _, directory := range programDirectories {
		if name = path.Join(directory, program); s.files.isOfProject(name) {
			return name, true
		}
	}
	return path.Join("/usr/local/bin", program), false
}

// isReplaced reports whether something of the project stands where an image has
// a program, be it read or not.
func (s *Service) isReplaced(program string) bool {
	name, _ := s.programPath(program)
	_, mounted := s.files.mountAt(name)
	return mounted || s.files.image.replaces(s.files, name)
}

// isOfProject reports whether a program is a file of the project.
func (s *Service) isOfProject(program string) bool {
	_, ok := s.programPath(program)
	return ok
}

// maxWrappers bounds how many programs stand before the server.
const maxWrappers = 12

// follow goes through wrappers until it comes to a program of Redis.
func (s *Service) follow(p *process, words []word, depth int) {
	if len(words) == 0 || depth > maxWrappers {
		return
	}
	first := words[0].text
	name := path.Base(first)
	switch {
	case !unset.Known(first):
		p.why = fmt.Sprintf("the program is %s", unset.Plain(first))
	case isServer(name):
		p.kind, p.program, p.arguments = Server, name, words[1:]
		if slices.ContainsFunc(words, func(w word) bool { return w.text == "--sentinel" }) {
			p.kind = Sentinel
		}
	case isSentinel(name):
		p.kind, p.program, p.arguments = Sentinel, name, words[1:]
	case isClient(name):
		p.kind, p.program, p.arguments = Client, name, words[1:]
		if s.script == nil {
			s.calls = append(s.calls, probe(words, nil))
		}
	case isTool(name):
		p.kind, p.program = Client, name
	case waits(name) && behindDashes(words) != nil:
		p.wrapped = true
		s.follow(p, behindDashes(words), depth+1)
	case s.isOfProject(first):
		// A script of the project, whatever its name.
		s.followScript(p, words, depth)
	case isOwnEntrypoint(name) && !s.isReplaced(first) && len(s.Image.Traits().Servers) > 0:
		p.entrypoint = true
		through := s.throughEntrypoint(words)
		if len(through) == 0 {
			s.endsWithoutCommand(p, name)
			return
		}
		p.called = through[0].text
		s.follow(p, through, depth+1)
	case s.isSetup(words):
		s.followSetup(p, words)
	case name == "entrypoint.sh" && s.Image.Family.Bitnami():
		// Without run.sh in the command it does nothing but to run the command.
		s.follow(p, words[1:], depth+1)
	case isShell(name):
		s.followShell(p, words, depth)
	case skipsOptions[name] != nil:
		p.wrapped = p.wrapped || name != "exec"
		s.follow(p, unwrap(words, skipsOptions[name]), depth+1)
	default:
		s.followScript(p, words, depth)
	}
}

// isOwnEntrypoint recognises the entrypoint of the official images by its name.
func isOwnEntrypoint(name string) bool {
	return name == "docker-entrypoint.sh" || name == "bundle-docker-entrypoint.sh"
}

// throughEntrypoint does what the official images' entrypoint does with its
// first argument: an option or a conf file is for the server.
func (s *Service) throughEntrypoint(words []word) []word {
	rest := words[1:]
	traits := s.Image.Traits()
	if len(rest) == 0 {
		return nil
	}
	first := rest[0].text
	// A variable before the options that may be nothing brings a conf file: with
	// nothing in its place the options come first.
	maybeConf := !unset.Known(first) && unset.WhenUnset(first) == "" && len(rest) > 1 && strings.HasPrefix(rest[1].text, "-")
	if strings.HasPrefix(first, "-") || strings.HasSuffix(first, ".conf") || maybeConf {
		return append([]word{{text: traits.Servers[0], at: rest[0].at}}, rest...)
	}
	return rest
}

// isSetup recognises the scripts with which Bitnami's and Redis Stack's images
// make a configuration of their environment.
func (s *Service) isSetup(words []word) bool {
	script := s.Image.Traits().SetupScript
	if script == "" {
		return false
	}
	return slices.ContainsFunc(words, func(w word) bool {
		return isSetupScript(w.text, script) && !s.isReplaced(w.text)
	})
}

func isSetupScript(program, script string) bool {
	name := path.Base(program)
	return name == path.Base(script) || name == "run.sh"
}

// followSetup is a server that the image's own script starts: the words
// behind the script are the server's.
func (s *Service) followSetup(p *process, words []word) {
	traits := s.Image.Traits()
	p.setup, p.kind, p.program = true, Server, traits.Servers[0]
	if s.Image.Family.Sentinel() {
		p.kind, p.program = Sentinel, traits.Sentinels[0]
	}
	for i, w := range words {
		if isSetupScript(w.text, traits.SetupScript) {
			p.arguments = words[i+1:]
		}
	}
}

// skipsOptions are programs that end in running their arguments, with the
// number of words that each of their options takes beside itself.
var skipsOptions = map[string]map[string]int{
	"exec":         {"-a": 1},
	"env":          {"-u": 1, "-C": 1},
	"nice":         {"-n": 1},
	"ionice":       {"-c": 1, "-n": 1},
	"tini":         {"-e": 1, "-p": 1},
	"tini-static":  {"-e": 1, "-p": 1},
	"dumb-init":    {"-r": 1, "--rewrite": 1},
	"docker-init":  {"-e": 1, "-p": 1},
	"gosu":         {"": 1},
	"su-exec":      {"": 1},
	"setuidgid":    {"": 1},
	"s6-setuidgid": {"": 1},
	"setpriv":      {"--reuid": 1, "--regid": 1, "--groups": 1, "--inh-caps": 1, "--ambient-caps": 1, "--bounding-set": 1, "--securebits": 1, "--pdeathsig": 1},
	"runuser":      {"-u": 1, "-g": 1},
	"sudo":         {"-u": 1, "-g": 1},
	"chpst":        {"-u": 1, "-n": 1, "-o": 1},
	"stdbuf":       {"-i": 1, "-o": 1, "-e": 1},
	"nohup":        {},
	"setsid":       {},
	"numactl":      {"-i": 1, "-m": 1, "-N": 1, "-C": 1},
	"taskset":      {"": 1},
	"chrt":         {"": 1},
	"catatonit":    {},
	"timeout":      {"": 1, "-k": 1, "-s": 1},
}

// unwrap drops a wrapping program and its options. The option "" stands for a
// word that is no option and still the wrapper's own, such as gosu's user.
func unwrap(words []word, options map[string]int) []word {
	own := options[""]
	for i := 1; i < len(words); i++ {
		text := words[i].text
		switch {
		case text == "--":
			return words[i+1:]
		case strings.HasPrefix(text, "-"):
			i += options[text]
		case strings.Contains(text, "=") && path.Base(words[0].text) == "env":
		case own > 0:
			own--
		default:
			return words[i:]
		}
	}
	return nil
}
