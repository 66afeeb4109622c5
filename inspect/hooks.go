package inspect

import (
	"fmt"
	"path"
	"strings"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// What post_start runs in a container may change the server that it finds
// there: CONFIG SET names what. The rest of a hook is not followed. A script
// that starts the server in the background may do so as well.

// followHooks makes unknown what hooks and scripts set, and keeps the hooks that
// may do more.
func (c *configuration) followHooks() {
	for _, call := range c.calls {
		if host := call.Host; host == "" || host == "localhost" || host == "127.0.0.1" || host == "::1" {
			c.setBy(call.Command, call.At, "a command beside the server sets it")
		}
	}
	for i, at := range c.Config.PostStart {
		command, _ := c.Command("post_start", i, "command")
		set := c.setBy(strings.Fields(strings.Join(command.Texts(), " ")), at, "a command of post_start sets it")
		if words := command.Texts(); !set && len(words) > 0 && !harmless[path.Base(words[0])] && !isTool(words[0]) || len(words) == 0 {
			c.hooks = append(c.hooks, at)
		}
	}
}

// setBy reads CONFIG SET among the words of a command: pairs of names and values.
func (c *configuration) setBy(words []string, at position.Span, why string) (set bool) {
	for i := range words {
		if !strings.HasSuffix(strings.ToLower(words[i]), "config") || i+1 == len(words) || !strings.EqualFold(words[i+1], "set") {
			continue
		}
		for pair := i + 2; pair+1 < len(words); pair += 2 {
			if directive, known := c.Release.Directive(strings.Trim(words[pair], `"'`)); known {
				c.change(directive.Name, at, why)
				set = true
			}
		}
	}
	return set
}

// change makes a directive unknown that a command sets.
func (c *configuration) change(name string, at position.Span, why string) {
	setting := c.Get(name)
	setting.Name, setting.Set, setting.Known = name, true, false
	setting.Why = why
	setting.Origin = Origin{Kind: FromContainer, Span: at}
	setting.Parts = append(setting.Parts[:len(setting.Parts):len(setting.Parts)], setting.Origin)
	c.settings[name] = setting
}

// noteHooks says which hooks are not followed.
func (s *Service) noteHooks() {
	for _, at := range s.hooks {
		s.Project.Note(at, s.Name, unset.Plain(fmt.Sprintf("%q runs a command once it is started (post_start): what it changes is not seen", s.Name)))
	}
}
