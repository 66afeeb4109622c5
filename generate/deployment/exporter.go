package deployment

import (
	"github.com/rcomp/rcomp/generate/credentials"
	"github.com/rcomp/rcomp/generate/intent"
)

// Exporter is what a deployment has more where Prometheus is to scrape the
// members: one container that asks them all.
type Exporter struct {
	Name      string // of the service
	Image     string
	Servers   []Endpoint
	Sentinels []Endpoint
	Secrets   []string
	Publish   string // where the host listens, empty where it does not
}

// Endpoint is where something answers.
type Endpoint struct {
	Name string
	Port int64
}

// exporterImage is the newest release on 2026-11-22 (tags of the repository
// oliver006/redis_exporter), on Alpine: the default image has no shell, which
// has to put the passwords into the exporter's file. It runs as 59000:59000,
// its program is /redis_exporter.
const exporterImage = "oliver006/redis_exporter:v1.88.0-alpine"

const (
	exporterSuffix = "-exporter"
	sentinelPort   = 26379
)

// exporterOf decides whom the exporter asks, and by what it is reached.
func exporterOf(i *intent.Intent, s Set, cluster *Cluster, tls *TLS) (*Exporter, []intent.Problem) {
	refused := i.Refusals()
	refuseExporter(refused, i)
	if !i.Exporter || !i.Usable("name") {
		return nil, refused.Problems
	}
	x := &Exporter{Name: i.Name + exporterSuffix, Image: exporterImage, Publish: i.ExporterAt, Servers: endpointsOf(i, s, cluster), Secrets: []string{credentials.ExporterPassword}}
	if tls != nil {
		x.Secrets = append(x.Secrets, tls.ClientFiles()...)
	}
	for _, member := range s.Sentinels {
		x.Sentinels = append(x.Sentinels, Endpoint{member.Name, sentinelPort})
	}
	if len(x.Sentinels) > 0 {
		x.Secrets = append(x.Secrets, credentials.SentinelPassword)
	}
	return x, refused.Problems
}

// endpointsOf are where the servers answer.
func endpointsOf(i *intent.Intent, s Set, cluster *Cluster) []Endpoint {
	if len(s.Members) == 0 {
		port, _ := alonePorts(i)
		return []Endpoint{{i.Name, port}}
	}
	var all []Endpoint
	if cluster != nil {
		for _, node := range cluster.Nodes {
			all = append(all, Endpoint{node.Name, node.Port})
		}
		return all
	}
	for _, member := range s.Members {
		all = append(all, Endpoint{member.Name, serverPort})
	}
	return all
}

// refuseExporter refuses what an exporter cannot be.
func refuseExporter(refused *intent.Refusals, i *intent.Intent) {
	if i.ExporterAt != "" && !i.Exporter {
		refused.Refuse(intent.Faultf("write exporter = true, or leave exporter-publish out", "there is no exporter to publish"), "exporter-publish")
	}
	if !i.Exporter {
		return
	}
	const longest = 63 - len(exporterSuffix)
	if i.Usable("name") && len(i.Name) > longest {
		refused.Refuse(intent.Faultf("choose a shorter one", "with an exporter the name is the beginning of another: at most %d characters, not %d", longest, len(i.Name)), "name")
	}
	if i.ExporterAt != "" && i.ExporterAt == i.Publish {
		refused.Refuse(intent.Faultf(`write exporter-publish = "127.0.0.1:9121"`, "%s is published for the server already", i.Publish), "exporter-publish")
	}
	if i.Target == intent.Swarm && i.ExporterAt != "" {
		refused.Refuse(intent.Faultf("let Prometheus join the network of the stack, or leave target out",
			"a swarm has no address of a host for a port: it would open it on every node and every interface"), "exporter-publish")
	}
}
