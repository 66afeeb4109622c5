// Package readme is what the README of a deployment tells: which sections it
// has, the rows of its tables, and words that depend on the deployment.
package readme

import (
	"slices"

	"github.com/rcomp/rcomp/generate/render/view"
)

// Readme is the view of the README.
type Readme struct{ view.View }

// where is a short name for what nearly every word here is made with.
func where(is bool, text string) string { return view.Where(is, text) }

// section is what stands between empty lines in a README: a template of
// templates/readme, and which of the deployments have it; nil is all.
type section struct {
	template string
	has      func(Readme) bool
}

// What a section may depend on.

func (r Readme) isSet() bool        { return len(r.Members) > 0 }
func (r Readme) isOne() bool        { return len(r.Members) == 0 }
func (r Readme) hasSentinels() bool { return len(r.Sentinels) > 0 }
func (r Readme) noSentinels() bool  { return len(r.Sentinels) == 0 }
func (r Readme) hasProxy() bool     { return r.Proxy != nil }
func (r Readme) hasUsers() bool     { return len(r.Users) > 0 }
func (r Readme) noUsers() bool      { return len(r.Users) == 0 }
func (r Readme) ownNetwork() bool   { return r.OwnNetwork }
func (r Readme) onHost() bool       { return r.Host.IsValid() }
func (r Readme) persistent() bool   { return r.Persistent }
func (r Readme) mayRestore() bool   { return r.Persistent || r.isSet() }
func (r Readme) hasBadDays() bool   { return len(r.BadDays()) > 0 }
func (r Readme) encrypted() bool    { return r.TLS != nil }
func (r Readme) besidePlain() bool  { return r.PlainPort != 0 }
func (r Readme) published() bool    { return r.Cluster.Host.IsValid() }
func (r Readme) unpublished() bool  { return !r.published() }
func (r Readme) hasExporter() bool  { return r.Exporter != nil }
func (r Readme) byCompose() bool    { return r.Stack == nil }

// mayTake tells that servers of another deployment can send their keys: MIGRATE
// knows no other authority than its own, and joins no network of the host.
func (r Readme) mayTake() bool { return r.persistent() && !r.encrypted() && !r.onHost() }

// not turns a condition round, and all asks for several.
func not(has func(Readme) bool) func(Readme) bool {
	return func(r Readme) bool { return !has(r) }
}

func all(conditions ...func(Readme) bool) func(Readme) bool {
	return func(r Readme) bool {
		return !slices.ContainsFunc(conditions, func(has func(Readme) bool) bool { return !has(r) })
	}
}

// tlsSections tell what is encrypted, and how a certificate is renewed.
var tlsSections = []section{
	{"tls made by gen", all(Readme.encrypted, not(Readme.ownCertificate))},
	{"tls of your own", all(Readme.encrypted, Readme.ownCertificate)},
	{"tls rolled", all(Readme.encrypted, not(Readme.byCompose), Readme.isSet)},
	{"tls renewed", all(Readme.encrypted, Readme.byCompose)},
	{"tls clients restart", all(Readme.encrypted, Readme.byCompose, Readme.clientsShow)},
	{"tls sentinels restart", all(Readme.encrypted, Readme.byCompose, not(Readme.clientsShow), Readme.hasSentinels)},
	{"tls authority", all(Readme.encrypted, not(Readme.ownCertificate))},
	{"tls beside plain text", all(Readme.besidePlain, Readme.byCompose)},
	{"tls beside plain text in a swarm", all(Readme.besidePlain, not(Readme.byCompose))},
}

func (r Readme) ownCertificate() bool { return len(r.TLS.Own) > 0 }
func (r Readme) clientsShow() bool    { return r.TLS.ByCertificate }

// exporterSections tell what Prometheus is given.
var exporterSections = []section{
	{"exporter", Readme.hasExporter},
	{"exporter of members", all(Readme.hasExporter, Readme.isSet)},
	{"exporter of one", all(Readme.hasExporter, Readme.isOne)},
	{"exporter alerts", Readme.hasExporter},
}

// readmes are the sections of each README, in order.
var readmes = map[string][]section{
	"readme/single": slices.Concat([]section{
		{"head", nil},
		{"single run", nil},
		{"single passwords", Readme.hasUsers},
		{"single password", Readme.noUsers},
		{"single connect", nil},
		{"secrets of users", Readme.hasUsers},
		{"single shell", nil},
		{"project joins", Readme.ownNetwork},
		{"single on the host's network", Readme.onHost},
		{"single advice", nil},
	}, tlsSections, []section{
		{"single memory", nil},
		{"single backup", Readme.persistent},
		{"take keys", Readme.mayTake},
		{"single days", nil},
		{"bad days", Readme.hasBadDays},
	}, exporterSections, []section{
		{"watch", nil},
		{"single limits", nil},
	}),
	"readme/set": slices.Concat([]section{
		{"head", nil},
		{"picture", nil},
		{"set members", nil},
		{"set connect by sentinels", Readme.hasSentinels},
		{"set proxy", Readme.hasProxy},
		{"set proxy with TLS", all(Readme.hasProxy, Readme.encrypted)},
		{"set who leads", Readme.hasSentinels},
		{"set connect", Readme.noSentinels},
		{"set shell", nil},
		{"project joins", nil},
		{"set survives", nil},
	}, tlsSections, []section{
		{"set memory", nil},
		{"set restart with sentinels", Readme.hasSentinels},
		{"set restart", Readme.noSentinels},
		{"set roll", nil},
		{"set failover", Readme.hasSentinels},
		{"set days", nil},
		{"bad days", nil},
		{"set restore", nil},
		{"take keys", Readme.mayTake},
	}, exporterSections, []section{
		{"watch", nil},
	}),
	"readme/cluster": slices.Concat([]section{
		{"head", nil},
		{"picture", nil},
		{"cluster run", nil},
		{"cluster published", Readme.published},
		{"cluster network", Readme.unpublished},
		{"cluster people", nil},
	}, tlsSections, []section{
		{"cluster memory", nil},
		{"cluster full disk", Readme.persistent},
		{"cluster bad days", nil},
		{"take keys", Readme.mayTake},
	}, exporterSections, []section{
		{"watch", nil},
		{"cluster limits", nil},
	}),
	"readme/stack": slices.Concat([]section{
		{"head", nil},
		{"stack members", nil},
		{"stack several nodes", Readme.isSet},
		{"stack run", nil},
		{"stack no port", Readme.isSet},
		{"stack no port of one", Readme.isOne},
		{"stack command", nil},
		{"stack survives", Readme.isSet},
		{"stack replaced", Readme.isOne},
		{"stack kills", nil},
		{"stack promises", Readme.isSet},
		{"stack data", nil},
	}, tlsSections, []section{
		{"stack memory", nil},
		{"stack change", Readme.isSet},
		{"stack change of one", Readme.isOne},
		{"stack days", nil},
		{"stack passwords", nil},
		{"stack passwords of members", Readme.isSet},
		{"stack backup", Readme.isSet},
		{"stack backup of one", Readme.isOne},
		{"stack copies", nil},
		{"stack restore", Readme.mayRestore},
		{"bad days", Readme.hasBadDays},
	}, exporterSections, []section{
		{"watch", nil},
	}),
	"readme/stack-cluster": slices.Concat([]section{
		{"head", nil},
		{"picture", nil},
		{"stack cluster members", nil},
	}, tlsSections, []section{
		{"stack cluster memory", nil},
	}, exporterSections, []section{
		{"watch", nil},
	}),
}

// Sections are the templates of a README, in order.
func (r Readme) Sections(name string) []string {
	var names []string
	for _, section := range readmes[name] {
		if section.has == nil || section.has(r) {
			names = append(names, section.template)
		}
	}
	return names
}
