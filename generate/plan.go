package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rcomp/rcomp/redis"
)

// Plan is every decision, one field per place in a template and already in the words of the file. A field that is empty leaves its lines out.
type Plan struct {
	Source  string // the intent's file name
	Digest  string // filled in when the file is complete
	Name    string
	Service string // Name as YAML wants it
	Title   string
	Release string // "redis 8.6"
	Image   string

	// sets of servers
	Stack                          *Stack // nil unless the target is a swarm
	Topology                       string
	Members, Sentinels             []Member
	MemberNames, SentinelNames     string   // with blanks between
	SentinelList                   string   // SentinelNames as YAML wants them
	OtherNetworks                  []string // that members join beside their own, as YAML wants them
	SentinelCapabilities           []Capability
	PrimaryName                    string // that sentinels and their clients know the set by
	Subnet                         string
	FreeAddresses                  string // part of the subnet for containers without a fixed address
	Quorum                         int64
	DownAfter, FailoverTimeout     string // milliseconds
	HandOver, HandOverSeconds      string
	MinReplicas, MinReplicasMaxLag int64
	Secrets                        []Secret
	TLS                            *TLS   // nil for plain text
	Port                           string // that servers listen on; empty where each has its own
	TLSFiles                       []string
	TLSServers                     string
	Users                          []ServerUser // of the servers; none where a password alone is asked for
	PeopleCLI, PeopleSecret        string       // how people log in
	UsersText                      string
	KeepsData                      string   // yes or no
	Cluster                        *Cluster // nil in other topologies
	Proxy                          *Proxy   // nil where clients ask the sentinels themselves

	SetText, HostText, WaitText, MinReplicasText      string
	ReplicaNames, ReplicaEndpoints, SentinelEndpoints string
	BackupFrom                                        string
	ReplicaNumbers                                    []int
	Survival                                          []SurvivalLine
	BadDays                                           []WatchLine

	DisklessDelay, ReplicaPing, ReplicaTimeout string // seconds
	DeletesSyncFiles                           bool
	MinReplicasComment                         []string

	// docker-compose.yml
	Restart           string
	UserID            int // of the server in the image
	Server, CLI       string
	Persistent        bool
	OwnNetwork        bool
	Internal          bool
	Networks          []string // as YAML wants them
	Publish           string
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

	// redis.conf
	TCPKeepalive, LogLevel, HideUserData, LatencyThreshold, ShutdownTimeout, IOThreads                string
	MemorySum                                                                                         string
	MemoryComment, PolicyComment                                                                      []string
	MaxMemory, Policy, LazyEviction                                                                   string
	LazyFree                                                                                          []string
	MaxClientsLine, ClientMemory, ValueLimit, QueryLimit, BacklogSize                                 string
	OutputLimits                                                                                      []string
	PersistenceComment, FsyncComment                                                                  []string
	RDB, AOF                                                                                          bool
	Save                                                                                              []string
	AppendOnly, StopWrites, Fsync, NoFsyncOnRewrite, RewritePercentage, RewriteMinSize, LoadTruncated string
	AppendDirName                                                                                     bool
	Raw                                                                                               []string

	// README.md
	EndOfLife, RoleText, KeepsVolume, NetworkName, LimitText             string
	Budget                                                               []BudgetLine
	PolicyText, ValueLimitText, ClientBoundMissing, DataText, VolumeName string
	DataFiles, RestoreAs, UpgradeStep, LossText                          string
	Watch                                                                []WatchLine
}

// Capability is a Linux capability that the container starts with, and what for.
type Capability struct{ Name, Why string }

// WatchLine is a line of the README's table of what to watch.
type WatchLine struct{ What, How, When string }

// Decide takes every decision. With problems the Plan is of no use.
func Decide(i Intent) (Plan, []Problem) {
	d := decider{intent: i}
	d.chooseImage()
	d.choosePersistence()
	d.chooseTopology()
	d.chooseTLS()
	d.chooseUsers()
	d.chooseNetwork()
	d.chooseStack()
	d.chooseProxy()
	d.choosePolicy()
	d.chooseMemory()
	d.overrides()
	d.chooseTimes()
	sortProblems(d.problems)
	if len(d.problems) > 0 || len(i.broken) > 0 {
		return Plan{}, d.problems
	}
	d.describe()
	return d.plan, nil
}

// decider carries what one decision hands to the next.
type decider struct {
	intent      Intent
	plan        Plan
	problems    []Problem
	release     redis.Release // zero where it could not be decided
	role        role
	persistence string
	budget      budget
	demand      demand
	raw         []RawDirective
}

func (d *decider) refuse(c *complaint, keys ...string) {
	d.problems = append(d.problems, d.intent.problem(keys[0], d.intent.at(keys...), c))
}

// raw returns the value of a directive that [redis] sets.
func (d *decider) rawValue(name string) (string, bool) {
	for _, raw := range d.raw {
		if d.release.Name(raw.Name) == d.release.Name(name) {
			return raw.Values[len(raw.Values)-1], true
		}
	}
	return "", false
}

func (d *decider) chooseNetwork() {
	i, p := d.intent, &d.plan
	p.Source, p.Name, p.Service = i.Source, i.Name, yamlWord(i.Name)
	p.Publish = i.Publish
	p.OwnNetwork = len(i.Networks) == 0 || len(p.Members) > 0
	p.Internal = p.OwnNetwork && i.Publish == ""
	p.NetworkName = i.Name + "_redis"
	p.Networks = []string{"redis"}
	for _, name := range i.Networks {
		p.OtherNetworks = append(p.OtherNetworks, yamlWord(name))
	}
	if !p.OwnNetwork {
		p.NetworkName = i.Networks[0]
		p.Networks = p.OtherNetworks
	}
	if i.Publish != "" && len(p.Sentinels) > 0 && !i.Proxy {
		d.refuse(complain("write proxy = true, let clients join the network "+p.NetworkName+", or write topology = \"replicated\"",
			"a published port stays with one server, but with sentinels the master moves"), "publish")
	}
}

func (d *decider) choosePersistence() {
	i := d.intent
	d.role, _ = findRole(i.Role)
	d.persistence = i.Persistence
	if d.persistence == "" {
		d.persistence = d.role.persistence
	}
	if !i.usable("role", "persistence") {
		return
	}
	p := &d.plan
	p.RDB = d.persistence == persistRDB || d.persistence == persistBoth
	p.AOF = d.persistence == persistAOF || d.persistence == persistBoth
	p.Persistent = p.RDB || p.AOF
	p.KeepsData = map[bool]string{true: "yes", false: "no"}[p.Persistent]
	if len(i.Save) > 0 && !p.RDB {
		d.refuse(complain(`write persistence = "rdb" or "both"`, "save needs snapshots, but persistence is %q", d.persistence), "save")
	}
	if i.Fsync != "" && !p.AOF {
		d.refuse(complain(`write persistence = "aof" or "both"`, "fsync needs an append-only file, but persistence is %q", d.persistence), "fsync")
	}
	p.Save = i.Save
	if len(p.Save) == 0 {
		p.Save = savePoints[d.persistence]
	}
	if !p.RDB {
		p.Save = []string{`""`}
	}
	p.Fsync = i.Fsync
	if p.Fsync == "" {
		p.Fsync = "everysec"
	}
	p.AppendOnly = map[bool]string{true: "yes", false: "no"}[p.AOF]
}

func (d *decider) choosePolicy() {
	d.plan.Policy = d.role.policy
	if d.intent.Policy == "" || !d.intent.usable("maxmemory-policy") {
		return
	}
	d.plan.Policy = d.intent.Policy
	if directive, ok := d.release.Directive("maxmemory-policy"); ok {
		if c := oneOf(d.intent.Policy, directive.Enum); c != nil {
			c.message = fmt.Sprintf("maxmemory-policy of %s %s", d.release, c.message)
			d.refuse(c, "maxmemory-policy")
		}
	}
}

func (d *decider) chooseMemory() {
	i := d.intent
	if !i.usable("memory", "role", "persistence", "maxmemory", "topology", "replicas") || d.release == (redis.Release{}) {
		return
	}
	replicas := d.replicas()
	d.demand = demand{
		release: d.release, forks: d.plan.Persistent || replicas > 0, aof: d.plan.AOF, pubsub: d.role.name == "pubsub", replicas: replicas,
	}
	b := newBudget(i.Memory, d.demand)
	if smallest := smallestLimit(d.demand); i.Memory < smallest {
		d.refuse(complain(fmt.Sprintf("write at least memory = %q", strings.ToUpper(composeSize(smallest))),
			"%s is too small for %s as a %s with persistence %q%s", readableSize(i.Memory), d.release, d.role.name, d.persistence, d.fedText()), "memory")
		return
	}
	if i.MaxMemory != 0 {
		d.checkMaxMemory(b)
		b.setMaxMemory(i.MaxMemory, d.demand)
	}
	d.budget = b
}

func (d *decider) checkMaxMemory(b budget) {
	largest := b.largestMaxMemory(d.demand)
	switch {
	case d.intent.MaxMemory > largest:
		d.refuse(complain(fmt.Sprintf("write at most maxmemory = %q, or more memory", strings.ToUpper(composeSize(largest))),
			"%s of data do not fit into a container of %s with what else it needs", readableSize(d.intent.MaxMemory), readableSize(b.Limit)), "maxmemory")
	case d.intent.MaxMemory < smallestData:
		d.refuse(complain(`write at least maxmemory = "4M"`, "%s leaves no room for data", readableSize(d.intent.MaxMemory)), "maxmemory")
	}
}

// overrides judges [redis], which needs the release and the limit.
func (d *decider) overrides() {
	if d.release == (redis.Release{}) {
		return
	}
	limit := d.intent.Memory
	if !d.intent.usable("memory") {
		limit = largestMemory
	}
	raw, problems := d.intent.rawOverrides(d.release, limit)
	d.raw = raw
	d.problems = append(d.problems, problems...)
}

const (
	// A slow disk reads and writes this much a second.
	diskRate = 16 * mebibyte
	// Long enough for the server to end its connections, and for an append-only file to reach the disk.
	leastGrace = 30 * time.Second
	leastStart = 10 * time.Second
	// defaultShutdownTimeout is the engines' own, in seconds.
	defaultShutdownTimeout = 10
)

func (d *decider) chooseTimes() {
	p := &d.plan
	moving := time.Duration(d.budget.MaxMemory/diskRate) * time.Second
	start, grace := leastStart, leastGrace
	p.StartPeriodReason = "there is nothing to load"
	p.StopGraceReason = "there is nothing to save"
	if p.Persistent {
		start += moving
		p.StartPeriodReason = fmt.Sprintf("loading %s from a slow disk", readableSize(d.budget.MaxMemory))
		p.StopGraceReason = "the append-only file has to reach the disk"
	}
	if p.RDB {
		grace += moving
		p.StopGraceReason = fmt.Sprintf("the last snapshot, %s onto a slow disk, comes before the end", readableSize(d.budget.MaxMemory))
	}
	if len(p.Sentinels) > 0 || p.Cluster != nil {
		grace += handOver
		p.StopGraceReason = "another server takes over first, and " + p.StopGraceReason
	}
	if text, ok := d.rawValue("shutdown-timeout"); ok {
		seconds, _ := strconv.ParseInt(text, 10, 32)
		grace += time.Duration(max(seconds-defaultShutdownTimeout, 0)) * time.Second
	}
	if asked := d.intent.StopGrace; asked != 0 {
		if asked < grace && d.budget.MaxMemory > 0 {
			d.refuse(complain(fmt.Sprintf("write at least stop-grace = %q", seconds(grace)),
				"after %s the server would be killed, although %s", seconds(asked), p.StopGraceReason), "stop-grace")
		}
		grace = asked
		p.StopGraceReason = "as the intent says"
	}
	p.StartPeriod, p.StopGrace = seconds(start), seconds(grace)
}

func seconds(d time.Duration) string {
	return strconv.FormatInt(int64(d/time.Second), 10) + "s"
}

// typedWords are plain words that YAML readers take for something else than text.
var typedWords = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}

// yamlWord writes a name or a number-like text so that YAML reads it as text.
func yamlWord(text string) string {
	letter := text != "" && (text[0]|0x20) >= 'a' && (text[0]|0x20) <= 'z'
	if letter && !slices.Contains(typedWords, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}
