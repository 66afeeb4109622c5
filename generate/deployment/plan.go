// Package deployment decides what an intent comes to: servers, sentinels, nodes, who logs in, what is kept, and how memory is divided. It prints and writes nothing.
package deployment

import (
	"github.com/rcomp/rcomp/generate/deployment/memory"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// Plan is every decision, one field per place in a template and already in the words of the file. A field that is empty leaves its lines out.
type Plan struct {
	Source   string // the intent's file name, with the way from the files
	Name     string
	Service  string // Name as YAML wants it
	Title    string
	Release  string // "redis 8.6"
	Image    string
	Topology string

	Stack    *Stack    // nil unless the target is a swarm
	Cluster  *Cluster  // nil in other topologies
	Proxy    *Proxy    // nil where clients ask the sentinels themselves
	TLS      *TLS      // nil for plain text
	Exporter *Exporter // nil without metrics for Prometheus

	elsewhere bool   // a flag of gen says where the files are
	lastDay   string // of security fixes for the release, as "2024-07-29"; empty where none is announced

	containerPlan
	networkPlan
	accessPlan
	setPlan
	Persistence
	Conf
	basis confBasis
	reasons
	Policy string // maxmemory-policy
	readmePlan
}

// containerPlan is what the stack's file says of each server.
type containerPlan struct {
	Restart           string
	UserID            int // of the server in the image
	Server, CLI       string
	StartPeriod       string
	StartPeriodReason string
	StopGrace         string
	StopGraceReason   string
	MemoryLimit       string
	MemoryReservation string
	CPUs              string
	MaxClients        string
	OpenFiles         int64
	Capabilities      []Capability
	LogSize           string
	LogFiles          int64
}

// networkPlan is who reaches the servers, and where.
type networkPlan struct {
	OwnNetwork    bool
	Internal      bool
	Networks      []string // as YAML wants them
	OtherNetworks []string // that members join beside their own, as YAML wants them
	HostAddress   string   // that the server listens on in the host's own network; empty where it has another
	Publish       string
	Port          string // that servers listen on; empty where each has its own
	Subnet        string
	FreeAddresses string // part of the subnet for containers without a fixed address
}

// accessPlan is who may log in, and by what.
type accessPlan struct {
	Secrets                 []Secret
	TLSFiles                []string
	TLSServers              string
	Users                   []ServerUser // of the servers; none where a password alone is asked for
	PeopleCLI, PeopleSecret string       // how people log in
}

// setPlan is what several servers are to each other.
type setPlan struct {
	Members, Sentinels             []Member
	MemberNames, SentinelNames     string // with blanks between
	SentinelList                   string // SentinelNames as YAML wants them
	SentinelCapabilities           []Capability
	PrimaryName                    string // that sentinels and their clients know the set by
	Quorum                         int64
	DownAfter, FailoverTimeout     string // milliseconds
	SentinelStartPeriod            string
	HandOver, HandOverSeconds      string
	MinReplicas, MinReplicasMaxLag int64
	ReplicaNumbers                 []int
}

// reasons are what the comments of redis.conf say.
type reasons struct {
	MemorySum                        string
	MemoryComment, PolicyComment     []string
	PersistenceComment, FsyncComment []string
	MinReplicasComment               []string
}

// readmePlan is what only the README says.
type readmePlan struct {
	EndOfLife, KnownText, RoleText, KeepsVolume, NetworkName, LimitText string
	// Past says that the catalogue knows the end of the release, "" where somebody mended it on the day of the catalogue.
	Past                                                                 string
	Budget                                                               []memory.Line
	PolicyText, ValueLimitText, ClientBoundMissing, DataText, VolumeName string
	ResidentShare                                                        string // of maxmemory that an evicting server may hold
	DiskText, DataFiles, RestoreAs, UpgradeStep, LossText                string
	SetText, HostText, WaitText, MinReplicasText, UsersText              string
	ReplicaNames, ReplicaEndpoints, SentinelEndpoints                    string
	Survival                                                             []SurvivalLine
	BadDays, Watch                                                       []WatchLine
}

// Capability is a Linux capability that the container starts with, and what for.
type Capability struct{ Name, Why string }

// WatchLine is a line of the README's table of what to watch.
type WatchLine struct{ What, How, When string }

// Decide takes every decision. With problems the Plan is of no use.
func Decide(i intent.Intent) (Plan, []intent.Problem) {
	d := decider{intent: i}
	d.chooseImage()
	d.role, _ = intent.FindRole(i.Role)
	persistence, problems := persistenceOf(&d.intent, d.role)
	d.plan.Persistence = part(&d, persistence, problems)
	d.chooseTopology()
	d.refuseOnHostNetwork()
	d.chooseProxy()
	d.chooseTLS()
	d.plan.CLI = clientOf(&d.intent, d.client)
	d.chooseAccess()
	d.chooseNetwork()
	d.chooseStack()
	d.choosePolicy()
	d.overrides()
	d.chooseMemory()
	d.chooseExporter()
	d.chooseTimes()
	intent.SortProblems(d.problems)
	if len(d.problems) > 0 || i.Broken() {
		return Plan{}, d.problems
	}
	d.describe()
	return d.plan, nil
}

// decider carries what one decision hands to the next.
type decider struct {
	intent   intent.Intent
	plan     Plan
	problems []intent.Problem
	client   string        // program of the image
	release  redis.Release // zero where it could not be decided
	role     intent.Role
	budget   memory.Budget
	workload memory.Workload
	raw      []intent.RawDirective
}

// part takes what a decision comes to, and keeps its problems.
func part[P any](d *decider, decided P, problems []intent.Problem) P {
	d.problems = append(d.problems, problems...)
	return decided
}

func (d *decider) refuse(c *intent.Fault, keys ...string) {
	d.problems = append(d.problems, d.intent.Problem(c, keys...))
}

// rawValue is the value of a directive that [redis] sets.
func (d *decider) rawValue(name string) (string, bool) { return rawValue(d.release, d.raw, name) }

// overrides judges [redis], which needs the release and the limit.
func (d *decider) overrides() {
	if d.release == (redis.Release{}) {
		return
	}
	limit := d.intent.Memory
	if !d.intent.Usable("memory") {
		limit = intent.LargestMemory
	}
	raw, problems := d.intent.Overrides(d.release, limit)
	d.raw = raw
	d.problems = append(d.problems, problems...)
}
