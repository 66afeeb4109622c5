package view

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/units"
)

// What Compose and stack files say of services and their containers.

// Service is the name as YAML has it.
func (v View) Service() string { return Word(v.Name) }

// Title is what the server is used as.
func (v View) Title() string { return v.Role.Title }

// Image is the reference of the image.
func (v View) Image() string { return v.Plan.Image.Reference }

// ImageRemark stands behind the image of a release that has ended, or has a
// known vulnerability: whoever wrote the intent was told, and lint need not say
// it again.
func (v View) ImageRemark() string {
	if v.Ended == nil && v.Vulnerable != "" {
		return fmt.Sprintf(" # rcomp: ignore[image-vulnerable] %s asks for it; it has %s", v.Source, v.Vulnerable)
	}
	return v.SentinelImageRemark()
}

// SentinelImageRemark is the same for a sentinel: it runs no scripts and holds
// no data, and lint says nothing of vulnerabilities there.
func (v View) SentinelImageRemark() string {
	if v.Ended == nil {
		return ""
	}
	return fmt.Sprintf(" # rcomp: ignore[image-ended] %s asks for it; security fixes for %s ended on %s", v.Source, v.Ended.Line, v.Ended.Date)
}

// Restart is the policy as YAML has it.
func (v View) Restart() string { return Word(v.Plan.Restart) }

// KeepsData tells start programs whether data outlive a restart.
func (v View) KeepsData() string { return yesOrNo(v.Persistent) }

// StartPeriod is until a server is healthy.
func (v View) StartPeriod() string { return units.Seconds(v.Plan.StartPeriod) }

// StopGrace is until a server that stops is killed.
func (v View) StopGrace() string { return units.Seconds(v.Plan.StopGrace) }

// SentinelStart is until a sentinel is healthy.
func (v View) SentinelStart() string { return units.Seconds(v.SentinelStartPeriod) }

// ClusterStart is until a cluster is whole.
func (v View) ClusterStart() string { return units.Seconds(v.ClusterStartPeriod) }

// HandOverSeconds is how long a master that stops waits for another.
func (v View) HandOverSeconds() int64 { return int64(v.HandOver.Seconds()) }

// MemoryLimit is the limit of a server.
func (v View) MemoryLimit() string { return units.Compose(v.Budget.Limit) }

// MemoryReservation is what a full server holds.
func (v View) MemoryReservation() string { return units.Compose(v.Budget.Idle()) }

// LogSize is the size of one file of the log.
func (v View) LogSize() string { return units.Compose(v.Plan.LogSize) }

// MemberNames are the servers, with blanks between.
func (v View) MemberNames() string { return names(v.Members) }

// SentinelNames are the sentinels, with blanks between.
func (v View) SentinelNames() string { return names(v.Sentinels) }

// SentinelList is the same where YAML needs a text.
func (v View) SentinelList() string { return orEmptyText(names(v.Sentinels)) }

func names(list []deployment.Member) string {
	var all []string
	for _, member := range list {
		all = append(all, member.Name)
	}
	return strings.Join(all, " ")
}

// Creator is the service that forms a cluster.
func (v View) Creator() string { return Word(v.Cluster.Creator) }
