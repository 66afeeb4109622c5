package deployment

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/redis"
)

// Exporter is what a plan has more where Prometheus is to scrape the members: one container that asks them all.
type Exporter struct {
	Name, Key string // of the service, and as YAML wants it
	Image     string
	Scheme    string   // redis, or rediss for TLS
	Address   string   // URL of the one server that /metrics is about, as YAML wants it; of a set none, which has a target for each member
	Servers   string   // name:port of each, with blanks between, as YAML wants them
	Sentinels string   // the same
	Targets   []string // of Prometheus, for sets
	Secrets   []string
	Publish   string // where the host listens, empty where it does not
}

// exporterImage is the newest release on 2026-11-22 (tags of the repository oliver006/redis_exporter), on Alpine: the default image has no shell,
// which has to put the passwords into the exporter's file. It runs as 59000:59000, its program is /redis_exporter.
const exporterImage = "oliver006/redis_exporter:v1.88.0-alpine"

const (
	exporterPassword = "exporter-password"
	exporterSuffix   = "-exporter"
	sentinelPort     = 26379
)

// refuseExporterNetwork refuses foreign networks with a name that the exporter's own one has.
func (d *decider) refuseExporterNetwork() {
	for _, name := range d.intent.Networks {
		if name == intent.Exporter || name == d.intent.Name+"_"+intent.Exporter {
			d.refuse(intent.Faultf("leave exporter-publish out, or let that network have another name", "%q is the name of the network that a published exporter brings", name), "networks")
		}
	}
}

// measures are the commands of an exporter that some releases and intent.Topologies have, as redis_exporter 1.88 sends them: what is refused is
// counted in ACL LOG each time.
func (d *decider) measures() []string {
	var words []string
	valkey := d.release.Engine == redis.Valkey
	if valkey || d.release.AtLeast(7, 0) {
		words = append(words, "+latency|histogram")
	}
	if valkey && d.release.AtLeast(8, 1) {
		words = append(words, "+commandlog|len")
	}
	if d.plan.Topology == intent.Cluster {
		words = append(words, "+cluster|info")
	}
	return words
}

// chooseExporter decides whom the exporter asks, and by what it is reached.
func (d *decider) chooseExporter() {
	i, p := d.intent, &d.plan
	d.checkExporter()
	if !i.Exporter || !i.Usable("name") {
		return
	}
	x := &Exporter{
		Name: i.Name + exporterSuffix, Key: yamlWord(i.Name + exporterSuffix), Image: exporterImage, Scheme: "redis",
		Publish: i.ExporterAt, Secrets: []string{exporterPassword}, Address: `""`,
	}
	if p.TLS != nil {
		x.Scheme = "rediss"
		x.Secrets = append(x.Secrets, credentials.AuthorityFile)
		if p.TLS.AuthClients == "yes" {
			x.Secrets = append(x.Secrets, credentials.CertificateFile, credentials.KeyFile)
		}
	}
	servers := d.serverEndpoints()
	if len(p.Members) == 0 {
		x.Address = yamlWord(x.Scheme + "://" + servers[0])
	}
	var sentinels []string
	for _, member := range p.Sentinels {
		sentinels = append(sentinels, fmt.Sprintf("%s:%d", member.Name, sentinelPort))
	}
	if len(sentinels) > 0 {
		x.Secrets = append(x.Secrets, "sentinel-password")
	}
	x.Servers, x.Sentinels = yamlWord(strings.Join(servers, " ")), yamlWord(strings.Join(sentinels, " "))
	x.Targets = targetsOf(x.Scheme, servers, sentinels)
	p.Exporter = x
}

// serverEndpoints are name and port of every server.
func (d *decider) serverEndpoints() []string {
	if len(d.plan.Members) == 0 {
		return []string{fmt.Sprintf("%s:%d", d.intent.Name, serverPort)}
	}
	var all []string
	for _, member := range d.plan.Members {
		port := member.Port
		if port == 0 {
			port = serverPort
		}
		all = append(all, fmt.Sprintf("%s:%d", member.Name, port))
	}
	return all
}

// targetsOf are the URLs that Prometheus asks the exporter for. A sentinel knows the user default alone, so its URL names it.
func targetsOf(scheme string, servers, sentinels []string) []string {
	var all []string
	for _, server := range servers {
		all = append(all, scheme+"://"+server)
	}
	for _, sentinel := range sentinels {
		all = append(all, scheme+"://default@"+sentinel)
	}
	return all
}

// checkExporter refuses what an exporter cannot be.
func (d *decider) checkExporter() {
	i := d.intent
	if i.ExporterAt != "" && !i.Exporter {
		d.refuse(intent.Faultf("write exporter = true, or leave exporter-publish out", "there is no exporter to publish"), "exporter-publish")
	}
	if !i.Exporter {
		return
	}
	const longest = 63 - len(exporterSuffix)
	if i.Usable("name") && len(i.Name) > longest {
		d.refuse(intent.Faultf("choose a shorter one", "with an exporter the name is the beginning of another: at most %d characters, not %d", longest, len(i.Name)), "name")
	}
	if i.ExporterAt != "" && i.ExporterAt == i.Publish {
		d.refuse(intent.Faultf(`write exporter-publish = "127.0.0.1:9121"`, "%s is published for the server already", i.Publish), "exporter-publish")
	}
	if i.Target == intent.Swarm && i.ExporterAt != "" {
		d.refuse(intent.Faultf("let Prometheus join the network of the stack, or leave target out",
			"a swarm has no address of a host for a port: it would open it on every node and every interface"), "exporter-publish")
	}
}
