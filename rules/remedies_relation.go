package rules

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/edit"
)

// confirmCreation plans that nobody is asked whether to create a cluster.
func confirmCreation(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "create the cluster without asking")
	command, ok := s.Command("command")
	entry, _ := s.Entry("command")
	switch words := command.Texts(); {
	case !ok:
		return plan.Refuse("the command is not the service's own")
	case len(words) > 0 && strings.HasSuffix(path.Base(words[0]), "-cli") && !slices.Contains(words, "-c"):
		return plan.AddWords(s.Service, []string{"--cluster-yes"}, "command")
	case command.IsList:
		for i, word := range words {
			if strings.Contains(word, "--cluster create") {
				item, _ := s.Entry("command", i)
				return plan.Means("services."+s.Name+".command").ReplaceText(item.Value.Origin, "--cluster create", "--cluster-yes --cluster create")
			}
		}
		return plan.Refuse("it is not seen where the client is called")
	}
	return plan.Means("services."+s.Name+".command").ReplaceText(entry.Value.Origin, "--cluster create", "--cluster-yes --cluster create")
}

// askForReplicas plans a number of replicas that are there.
func askForReplicas(s *inspect.Service, there int) *edit.Plan {
	return setDirectives(edit.New(s.Project, "ask for %d in the place of more", there).Unsafe("writes are taken with fewer copies than were asked for"), s,
		directive{"min-replicas-to-write", strconv.Itoa(there)})
}

// correctPort plans the port at which a server listens.
func correctPort(s *inspect.Service, use inspect.Use) *edit.Plan {
	plain, encrypted := listens(s)
	port := plain
	if use.TLS {
		port = encrypted
	}
	plan := edit.New(s.Project, "ask port %s", port).Unsafe("the client is started anew with another address")
	wrong := use.Port != "" && use.Port != plain && use.Port != encrypted && port != "" && port != "0"
	place := use.At
	written := strings.Trim(s.Written(place), `"'`)
	plan.Means("services."+use.By.Name+".environment", "services."+use.By.Name+".command")
	switch {
	case !wrong:
		return plan.Refuse("it is not the port alone")
	case use.URL != "" && strings.Count(written, ":"+use.Port) == 1:
		return plan.ReplaceAt(place, ":"+use.Port, ":"+port)
	case use.URL == "" && written == use.Port:
		return plan.ReplaceAt(place, use.Port, port)
	}
	return plan.Refuse("the port is not written plainly")
}

// rewriteFile plans an append-only file that is rewritten as by default.
func rewriteFile(s *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "rewrite the append-only file when it has doubled").Unsafe("a rewrite takes memory and disk for as long as it runs")
	return setDirectives(plan, s, directive{"auto-aof-rewrite-percentage", "100"})
}

// saveBeside plans a snapshot that is written beside the clients.
func saveBeside(s *inspect.Service, call inspect.Probe) *edit.Plan {
	plan := edit.New(s.Project, "let BGSAVE write the file").Unsafe("the command ends before the file is written").
		Means("services."+s.Name+".command", "services."+s.Name+".entrypoint")
	for i, word := range call.Words {
		switch word {
		case "save":
			return plan.ReplaceAt(call.WordAt(i), word, "bgsave")
		case "SAVE":
			return plan.ReplaceAt(call.WordAt(i), word, "BGSAVE")
		}
	}
	return plan.Refuse("the command is not written plainly")
}

// takeImageOf plans a replica of the release that its master has.
func takeImageOf(s, master *inspect.Service) *edit.Plan {
	plan := edit.New(s.Project, "take the image of the master, %s", master.Image.Text).Unsafe("the replica is made anew with another release").
		Means("services."+s.Name+".image", s.Name+":")
	if s.Built != nil || master.Built != nil || s.Image.Family != master.Image.Family {
		return plan.Refuse("they are of different kinds")
	}
	return plan.ReplaceAt(s.ImageAt(), s.Image.Text, master.Image.Text)
}
