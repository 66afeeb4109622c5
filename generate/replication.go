package generate

import (
	"fmt"
	"slices"
)

// describeReplication fills in what the servers of a set have more than a server alone.
func (d *decider) describeReplication() {
	p, b := &d.plan, d.budget
	p.BacklogSize = confSize(backlogSize(b.Limit))
	p.OutputLimits[1] = fmt.Sprintf("replica %s %s 60", confSize(b.ClientShare), confSize(b.ClientShare/2))
	p.DisklessDelay = "1"
	p.ReplicaPing = "1"
	p.ReplicaTimeout = "20"
	p.DeletesSyncFiles = !p.Persistent
	p.MinReplicasComment = wrap(d.minReplicasReason())
	p.SentinelCapabilities = slices.Clone(p.Capabilities)
	// The start program signals a server that runs as another user.
	p.Capabilities = append(p.Capabilities, Capability{"KILL", "lets the start program, which stays root, stop the server"})
}

// minReplicasReason says what the number costs.
func (d *decider) minReplicasReason() string {
	p := d.plan
	if p.MinReplicas == 0 {
		return "The master accepts writes alone, so a " + d.role.name + " goes on while every replica is away. What it accepts then is lost should it be lost too, " +
			"and a master that is cut off accepts writes that are thrown away when it returns."
	}
	return fmt.Sprintf("The master refuses writes (NOREPLICAS) unless %s acknowledged within %d seconds. A master that is cut off therefore stops before another one "+
		"is promoted. The price: without %s nothing can be written.", count(p.MinReplicas, "replica"), p.MinReplicasMaxLag, count(p.MinReplicas, "replica"))
}

// count writes a number of things.
func count(number int64, thing string) string {
	if number == 1 {
		return "one " + thing
	}
	return fmt.Sprintf("%d %ss", number, thing)
}
