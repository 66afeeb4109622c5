package topology

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/rcomp/rcomp/lint/display"
)

// Print writes a document for people: each service with what it has to do with
// others.
func Print(out io.Writer, document Document) error {
	relations := map[string][]RelationDocument{}
	for _, r := range document.Relations {
		relations[r.From] = append(relations[r.From], r)
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, service := range document.Services {
		fmt.Fprintf(w, "%s: %s\n", display.Clean(service.Name), kindOf(service))
		for _, r := range relations[service.Name] {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s:%d:%d\n", display.Clean(phrase(r)), display.Clean(target(r)), display.Clean(details(r)), display.Clean(r.File), r.Line, r.Column)
		}
	}
	return w.Flush()
}

func kindOf(service ServiceDocument) string {
	if service.Kind == "" {
		return "application"
	}
	return string(service.Kind)
}

// phrases are what a use is called.
var phrases = map[Purpose]string{
	ForClients: "uses", ForJobs: "keeps jobs in", ForCache: "caches in", ForMetrics: "measures", ForPeople: "shows", ForBackup: "copies",
	ByCommand: "commands",
}

func phrase(r RelationDocument) string {
	if r.Relation == Uses {
		return phrases[r.Purpose]
	}
	return r.Relation
}

// target is where a relation leads, with the address where that says more.
func target(r RelationDocument) string {
	switch {
	case r.To == "" && r.Address == "":
		return "?"
	case r.To == "":
		return r.Address + " (not of this project for certain)"
	case r.Address == "" || r.Address == r.To:
		return r.To
	}
	return fmt.Sprintf("%s (%s)", r.To, r.Address)
}

// details is all else that is known of a relation.
func details(r RelationDocument) string {
	var said []string
	add := func(there bool, format string, values ...any) {
		if there {
			said = append(said, fmt.Sprintf(format, values...))
		}
	}
	add(r.Name != "", "as %q", r.Name)
	add(r.Quorum > 0, "quorum %d", r.Quorum)
	add(r.Replicas != nil, "%d replicas each", value(r.Replicas))
	add(r.Queue != "", "%s", r.Queue)
	add(r.Variable != "", "by %s", r.Variable)
	add(r.Volume != "", "by its volume %s", r.Volume)
	add(r.Database != "", "database %s", r.Database)
	add(r.TLS, "encrypted")
	add(r.User != "", "user %s", r.User)
	add(r.Login != "", "password %s", r.Login)
	return strings.Join(said, ", ")
}

func value(number *int) int {
	if number == nil {
		return 0
	}
	return *number
}
