package deployment

import (
	"fmt"

	"github.com/rcomp/rcomp/generate/intent"
)

func (d *decider) chooseNetwork() {
	i, p := d.intent, &d.plan
	p.Source, p.elsewhere, p.Name, p.Service = i.Cited(), i.Asked, i.Name, yamlWord(i.Name)
	at, onHost := onHostNetwork(&i)
	switch {
	case onHost:
		p.HostAddress, p.Publish, p.Port = at.Addr().String(), at.String(), fmt.Sprint(at.Port())
	case p.Cluster != nil && p.Cluster.Host != "":
		p.Publish = i.Publish // and each node has a port of its own
	default:
		p.Publish, p.Port = i.Publish, fmt.Sprint(serverPort)
	}
	p.OwnNetwork = !onHost && (len(i.Networks) == 0 || len(p.Members) > 0)
	p.Internal = p.OwnNetwork && i.Publish == ""
	p.NetworkName = i.Name + "_redis"
	p.Networks = []string{"redis"}
	for _, name := range i.Networks {
		p.OtherNetworks = append(p.OtherNetworks, yamlWord(name))
	}
	if !p.OwnNetwork && len(i.Networks) > 0 {
		p.NetworkName = i.Networks[0]
		p.Networks = p.OtherNetworks
	}
	if i.ExporterAt != "" {
		d.refuseExporterNetwork()
	}
	if i.Publish != "" && len(p.Sentinels) > 0 && !i.Proxy {
		d.refuse(intent.Faultf("write proxy = true, let clients join the network "+p.NetworkName+", or write topology = \"replicated\"",
			"a published port stays with one server, but with sentinels the master moves"), "publish")
	}
}
