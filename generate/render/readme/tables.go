package readme

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/generate/deployment"
)

// SurvivalLine is a line of the README's table of what the set survives.
type SurvivalLine struct{ When, Then string }

// String is the line as Markdown has it.
func (l SurvivalLine) String() string { return row(l.When, l.Then) }

// WatchLine is a line of a table of the README: what is seen, how, and when to
// act, or what it is and what to do.
type WatchLine struct{ What, How, When string }

// String is the line as Markdown has it.
func (l WatchLine) String() string { return row(l.What, l.How, l.When) }

// row is a line of a table.
func row(cells ...string) string {
	line := "|"
	for _, cell := range cells {
		if cell != "" {
			line += " " + cell
		}
		line += " |"
	}
	return line
}

// SecretRows and SecretNames are the secrets by their paths and by their names.
func (r Readme) SecretRows() []string { return r.secrets(r.SecretPath) }

func (r Readme) secrets(called func(string) string) []string {
	var rows []string
	for _, secret := range r.Secrets {
		rows = append(rows, row("`"+called(secret.Name)+"`", where(secret.User != "", "`"+secret.User+"`"), secret.Why))
	}
	return rows
}

// MemberRows say where everybody lives, and where the data are.
func (r Readme) MemberRows() []string {
	switch {
	case r.Stack != nil:
		return r.membersOfStack()
	case r.Cluster != nil:
		return r.nodeRows()
	}
	var rows []string
	for _, member := range r.Members {
		rows = append(rows, row("`"+member.Name+"`", member.Address.String()+":6379", r.volume(member)))
	}
	for _, member := range r.Sentinels {
		rows = append(rows, row("`"+member.Name+"`", member.Address.String()+":26379", r.volume(member)))
	}
	if r.hasProxy() {
		rows = append(rows, row("`"+r.Proxy.Name+"`", r.Proxy.Address.String()+":6379", "none"))
	}
	return rows
}

func (r Readme) membersOfStack() []string {
	var rows []string
	for _, member := range slices.Concat(r.Stack.Servers, r.Sentinels) {
		volume := r.volume(member)
		if !r.mayRestore() {
			volume = "none"
		}
		rows = append(rows, row("`"+member.Name+"`", "`"+member.Label+"`", volume))
	}
	if r.Cluster != nil {
		rows = append(rows, row("`"+r.Creator()+"`", "none: it may run anywhere", "none"))
	}
	return rows
}

func (r Readme) nodeRows() []string {
	var rows []string
	for _, node := range r.Cluster.Nodes {
		address := node.Name
		if r.published() {
			address = r.Cluster.Host.String()
		}
		rows = append(rows, row(node.Name, fmt.Sprintf("`%s:%d`", address, node.Port), "`"+node.Address.String()+"`", r.volume(node.Member)))
	}
	return rows
}

// volume is one as the engine calls it.
func (r Readme) volume(member deployment.Member) string {
	return "`" + r.Name + "_" + member.Volume + "`"
}

// SecretNames are the same by their names.
func (r Readme) SecretNames() []string { return r.secrets(func(name string) string { return name }) }
