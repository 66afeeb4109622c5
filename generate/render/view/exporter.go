package view

import (
	"fmt"
	"strings"

	"github.com/rcomp/rcomp/generate/deployment"
	"github.com/rcomp/rcomp/generate/intent"
)

// What Compose, stack files and READMEs say of the exporter.

// ExporterNetworks are those of the members, and one that publishes its port.
func (v View) ExporterNetworks() []string {
	networks := v.Networks()
	if len(v.Members) > 0 {
		networks = append(networks, v.OtherNetworks()...)
	}
	if v.ExporterPublished() {
		networks = append(networks, intent.Exporter)
	}
	return networks
}

// ExporterPublished tells whether the host listens for the exporter.
func (v View) ExporterPublished() bool { return v.Exporter != nil && v.Exporter.Publish != "" }

// Scheme is that of URLs of servers.
func (v View) Scheme() string {
	if v.TLS != nil {
		return "rediss"
	}
	return "redis"
}

// ExporterAddress is the URL of the one server that /metrics is about; of a set
// there is none, since each member is asked for by itself.
func (v View) ExporterAddress() string {
	if len(v.Members) > 0 {
		return `""`
	}
	return Word(v.Scheme() + "://" + addresses(v.Exporter.Servers)[0])
}

// ExporterServers are the servers that the exporter asks, with blanks between.
func (v View) ExporterServers() string {
	return Word(strings.Join(addresses(v.Exporter.Servers), " "))
}

// ExporterSentinels are the same of sentinels.
func (v View) ExporterSentinels() string {
	return Word(strings.Join(addresses(v.Exporter.Sentinels), " "))
}

// ExporterTargets are the URLs that Prometheus asks the exporter for. A
// sentinel knows the user default alone, so its URL names it.
func (v View) ExporterTargets() []string {
	var all []string
	for _, server := range addresses(v.Exporter.Servers) {
		all = append(all, v.Scheme()+"://"+server)
	}
	for _, sentinel := range addresses(v.Exporter.Sentinels) {
		all = append(all, v.Scheme()+"://default@"+sentinel)
	}
	return all
}

func addresses(list []deployment.Endpoint) []string {
	var all []string
	for _, endpoint := range list {
		all = append(all, fmt.Sprintf("%s:%d", endpoint.Name, endpoint.Port))
	}
	return all
}
