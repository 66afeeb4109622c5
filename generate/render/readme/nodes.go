package readme

import (
	"fmt"
	"strings"
)

// SpreadLabels give each label to a node of its own.
func (r Readme) SpreadLabels() []string {
	var lines []string
	for n, label := range r.Stack.Labels {
		lines = append(lines, fmt.Sprintf("docker node update %s NODE%d", addLabels([]string{label}), n+1))
	}
	return lines
}

// HostLabels and HostRows spread a cluster over nodes of the swarm.
func (r Readme) HostLabels() []string {
	var lines []string
	for _, host := range r.Stack.Hosts {
		var labels []string
		for _, member := range host.Members {
			labels = append(labels, member.Label)
		}
		lines = append(lines, fmt.Sprintf("docker node update %s NODE%d", addLabels(labels), host.Number))
	}
	return lines
}

// HostRows are what runs on each node of the swarm.
func (r Readme) HostRows() []string {
	var rows []string
	for _, host := range r.Stack.Hosts {
		var runs []string
		for _, member := range host.Members {
			runs = append(runs, "`"+member.Name+"`"+where(member.Follows != "", " (follows `"+member.Follows+"`)"))
		}
		rows = append(rows, row(fmt.Sprintf("NODE%d", host.Number), strings.Join(runs, ", ")))
	}
	return rows
}

// OneNodeLabels give all labels to one node.
func (r Readme) OneNodeLabels() string { return addLabels(r.Stack.Labels) }

func addLabels(labels []string) string {
	var options []string
	for _, label := range labels {
		options = append(options, "--label-add "+label+"=yes")
	}
	return strings.Join(options, " ")
}

// Volumes are those of the servers, as the engine calls them.
func (r Readme) Volumes() string {
	var all []string
	for _, member := range r.Stack.Servers {
		all = append(all, r.Name+"_"+member.Volume)
	}
	return strings.Join(all, " ")
}

// OnOneNode is what goes with a node of the swarm.
func (r Readme) OnOneNode() string { return "server" + where(r.hasSentinels(), " and one sentinel") }

// OrSentinel goes on with what a swarm kills.
func (r Readme) OrSentinel() string { return where(r.hasSentinels(), " or sentinel") }

// OrWaits goes on with what it leaves alone.
func (r Readme) OrWaits() string {
	return where(r.isSet(), ", waits to learn whom to follow or has lost its master")
}

// Lost is what happens to data that nothing keeps.
func (r Readme) Lost() string { return where(!r.Persistent, " lost") }

// SomebodyToLead says what a rolling update waits for.
func (r Readme) SomebodyToLead() string {
	return where(r.hasSentinels(), ", so that the one that leads has somebody to hand over to")
}

// Together says why passwords of a set change at once.
func (r Readme) Together() string {
	return where(r.isSet(), " all at once: members with the old and the new\npassword would not understand each other")
}

// AllAtOnce is what it means to replace all members of a stack at the same time.
func (r Readme) AllAtOnce() string {
	switch {
	case r.Persistent && r.Cluster != nil:
		return "That loses no acknowledged write either: what a node has is on its\nvolume. But nobody can write until the cluster is back."
	case r.Persistent:
		return "That loses no acknowledged write either: the server that leads accepts nothing\nfrom the moment it is told to stop, and what it has is on its volume. But nobody can write until the set is whole again."
	case r.Cluster != nil:
		return "The data are lost with that: nothing keeps them but the nodes, so use roll.sh."
	}
	return "The data are lost with that: nothing\nkeeps them but the servers, so use roll.sh."
}
