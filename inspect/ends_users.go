package inspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// endsForUsers: user lines that the server refuses, or that stand beside a file
// of users (tried on Redis 7.0.15, 8.0.2 and Valkey 9.1.2: each ends with
// status 1).
func endsForUsers(s *Service) (ends []End) {
	file, hasFile := s.Certain("aclfile")
	seen := map[string]bool{}
	for _, e := range s.entries {
		if e.Name != "user" || len(e.Args) == 0 || !unset.Known(e.Args[0]) {
			continue
		}
		name := e.Args[0]
		switch arg, message := s.checkUser(e.Args); {
		case hasFile && file.Value != "":
			ends = append(ends, End{EndUsers, "a user beside an aclfile: the server takes users from the one or the other, and stops", e.name})
		case message != "":
			ends = append(ends, End{EndUsers, fmt.Sprintf("user: %s: the server stops at it", message), argAt(e, arg)})
		case seen[name]:
			ends = append(ends, End{EndUsers, fmt.Sprintf("user %q stands twice: the server stops at the second", name), e.name})
		}
		seen[name] = true
	}
	if hasFile && len(ends) == 0 {
		return s.endsForUserFile(file)
	}
	return ends
}

func argAt(e entry, arg int) position.Span {
	if arg < len(e.args) {
		return e.args[arg]
	}
	return e.name
}

// checkUser says what is wrong with a user, as far as its words are known.
func (s *Service) checkUser(words []string) (arg int, message string) {
	if slices.ContainsFunc(words, func(word string) bool { return !unset.Known(word) }) {
		return 0, ""
	}
	return redis.CheckUser(words, s.mayHaveModules())
}

func (s *Service) mayHaveModules() bool {
	_, loads := s.Given("loadmodule")
	return loads || !s.ReleaseKnown || !s.Image.Plain() || s.Release.Engine == redis.Redis && s.Release.AtLeast(8, 0)
}

// endsForUserFile: a file of users takes users and empty lines, and nothing
// else.
func (s *Service) endsForUserFile(setting Setting) []End {
	name, known := s.pathOf(setting)
	if !known {
		return nil
	}
	found := s.files.read(name)
	if found.state != present || !unset.Known(found.text) || found.inline != nil || len(found.scripts) > 0 {
		return nil
	}
	if number, message := s.refusedUser(found); message != "" {
		return []End{{EndUsers, fmt.Sprintf("line of an ACL file: %s: the server stops at it", message), s.userLine(found, number, setting)}}
	}
	return nil
}

// refusedLine is the first line of a file of users that a server refuses.
type refusedLine struct {
	number  int
	message string
}

type refusedLineKey struct {
	file    string
	modules bool
}

// refusedUser looks for the first line that the server refuses, once for all
// services that read the same file.
func (s *Service) refusedUser(found content) (number int, message string) {
	look := func() refusedLine {
		seen := map[string]bool{}
		number := 0
		for line := range strings.SplitSeq(found.text, "\n") {
			number++
			if words := strings.Fields(line); len(words) > 0 {
				if message := s.checkUserLine(words, seen); message != "" {
					return refusedLine{number, message}
				}
			}
		}
		return refusedLine{}
	}
	refused := refusedLine{}
	if found.shown == "" || found.above > 0 {
		refused = look()
	} else {
		refused = compose.Once(s.Project, refusedLineKey{found.shown, s.mayHaveModules()}, look)
	}
	return refused.number, refused.message
}

// userLine is where a line of a file of users stands: at the directive that
// names the file, where a script has written it.
func (s *Service) userLine(found content, number int, setting Setting) position.Span {
	text := s.Project.Text(found.shown)
	if text == nil {
		return setting.Origin.Span
	}
	return text.LineSpan(found.above + number)
}

// checkUserLine says what is wrong with a line of a file of users.
func (s *Service) checkUserLine(words []string, seen map[string]bool) string {
	if words[0] != "user" || len(words) < 2 {
		return `it begins with "user" and a name, and with nothing else`
	}
	name := words[1]
	if seen[name] {
		return fmt.Sprintf("user %q stands twice", name)
	}
	seen[name] = true
	_, message := s.checkUser(words[1:])
	return message
}
