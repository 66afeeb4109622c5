package render

import (
	"slices"
	"strings"
)

// readme is the view of the README.
type readme struct{ View }

// section is what stands between empty lines in a README: a template of templates/readme, and which of the deployments have it; nil is all.
type section struct {
	template string
	has      func(readme) bool
}

// What a section may depend on.

func (r readme) isSet() bool       { return len(r.Members) > 0 }
func (r readme) isOne() bool       { return len(r.Members) == 0 }
func (r readme) watched() bool     { return len(r.Sentinels) > 0 }
func (r readme) unwatched() bool   { return len(r.Sentinels) == 0 }
func (r readme) proxied() bool     { return r.Proxy != nil }
func (r readme) hasUsers() bool    { return len(r.Users) > 0 }
func (r readme) noUsers() bool     { return len(r.Users) == 0 }
func (r readme) ownNetwork() bool  { return r.OwnNetwork }
func (r readme) onHost() bool      { return r.Host.IsValid() }
func (r readme) persistent() bool  { return r.Persistent }
func (r readme) mayRestore() bool  { return r.Persistent || r.isSet() }
func (r readme) hasBadDays() bool  { return len(r.BadDays()) > 0 }
func (r readme) encrypted() bool   { return r.TLS != nil }
func (r readme) published() bool   { return r.Cluster.Host.IsValid() }
func (r readme) unpublished() bool { return !r.published() }
func (r readme) measured() bool    { return r.Exporter != nil }
func (r readme) byCompose() bool   { return r.Stack == nil }

// mayTake tells that servers of another deployment can send their keys: MIGRATE knows no other authority than its own, and joins no network of the host.
func (r readme) mayTake() bool { return r.persistent() && !r.encrypted() && !r.onHost() }

// not turns a condition round, and all asks for several.
func not(has func(readme) bool) func(readme) bool {
	return func(r readme) bool { return !has(r) }
}

func all(conditions ...func(readme) bool) func(readme) bool {
	return func(r readme) bool {
		return !slices.ContainsFunc(conditions, func(has func(readme) bool) bool { return !has(r) })
	}
}

// tlsSections tell what is encrypted, and how a certificate is renewed.
var tlsSections = []section{
	{"tls made by gen", all(readme.encrypted, not(readme.ownCertificate))},
	{"tls of your own", all(readme.encrypted, readme.ownCertificate)},
	{"tls rolled", all(readme.encrypted, not(readme.byCompose), readme.isSet)},
	{"tls renewed", all(readme.encrypted, readme.byCompose)},
	{"tls clients restart", all(readme.encrypted, readme.byCompose, readme.clientsShow)},
	{"tls sentinels restart", all(readme.encrypted, readme.byCompose, not(readme.clientsShow), readme.watched)},
	{"tls authority", all(readme.encrypted, not(readme.ownCertificate))},
}

func (r readme) ownCertificate() bool { return len(r.TLS.Own) > 0 }
func (r readme) clientsShow() bool    { return r.TLS.ByCertificate }

// exporterSections tell what Prometheus is given.
var exporterSections = []section{
	{"exporter", readme.measured},
	{"exporter of members", all(readme.measured, readme.isSet)},
	{"exporter of one", all(readme.measured, readme.isOne)},
	{"exporter alerts", readme.measured},
}

// readmes are the sections of each README, in order.
var readmes = map[string][]section{
	"readme/single": slices.Concat([]section{
		{"head", nil},
		{"single run", nil},
		{"single passwords", readme.hasUsers},
		{"single password", readme.noUsers},
		{"single connect", nil},
		{"secrets of users", readme.hasUsers},
		{"single shell", nil},
		{"project joins", readme.ownNetwork},
		{"single on the host's network", readme.onHost},
		{"single advice", nil},
	}, tlsSections, []section{
		{"single memory", nil},
		{"single backup", readme.persistent},
		{"take keys", readme.mayTake},
		{"single days", nil},
		{"bad days", readme.hasBadDays},
	}, exporterSections, []section{
		{"watch", nil},
		{"single limits", nil},
	}),
	"readme/set": slices.Concat([]section{
		{"head", nil},
		{"picture", nil},
		{"set members", nil},
		{"set connect by sentinels", readme.watched},
		{"set proxy", readme.proxied},
		{"set proxy with TLS", all(readme.proxied, readme.encrypted)},
		{"set who leads", readme.watched},
		{"set connect", readme.unwatched},
		{"set shell", nil},
		{"project joins", nil},
		{"set survives", nil},
	}, tlsSections, []section{
		{"set memory", nil},
		{"set restart with sentinels", readme.watched},
		{"set restart", readme.unwatched},
		{"set roll", nil},
		{"set failover", readme.watched},
		{"set days", nil},
		{"bad days", nil},
		{"set restore", nil},
		{"take keys", readme.mayTake},
	}, exporterSections, []section{
		{"watch", nil},
	}),
	"readme/cluster": slices.Concat([]section{
		{"head", nil},
		{"picture", nil},
		{"cluster run", nil},
		{"cluster published", readme.published},
		{"cluster network", readme.unpublished},
		{"cluster people", nil},
	}, tlsSections, []section{
		{"cluster memory", nil},
		{"cluster full disk", readme.persistent},
		{"cluster bad days", nil},
		{"take keys", readme.mayTake},
	}, exporterSections, []section{
		{"watch", nil},
		{"cluster limits", nil},
	}),
	"readme/stack": slices.Concat([]section{
		{"head", nil},
		{"stack members", nil},
		{"stack several nodes", readme.isSet},
		{"stack run", nil},
		{"stack no port", readme.isSet},
		{"stack no port of one", readme.isOne},
		{"stack command", nil},
		{"stack survives", readme.isSet},
		{"stack replaced", readme.isOne},
		{"stack kills", nil},
		{"stack promises", readme.isSet},
		{"stack data", nil},
	}, tlsSections, []section{
		{"stack memory", nil},
		{"stack change", readme.isSet},
		{"stack change of one", readme.isOne},
		{"stack days", nil},
		{"stack passwords", nil},
		{"stack passwords of members", readme.isSet},
		{"stack backup", readme.isSet},
		{"stack backup of one", readme.isOne},
		{"stack copies", nil},
		{"stack restore", readme.mayRestore},
		{"bad days", readme.hasBadDays},
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

// printReadme prints the sections that a deployment has.
func printReadme(list []section, view readme) (string, error) {
	set, err := sections()
	if err != nil {
		return "", err
	}
	var texts []string
	for _, section := range list {
		if section.has != nil && !section.has(view) {
			continue
		}
		var out strings.Builder
		if err := set.ExecuteTemplate(&out, section.template, view); err != nil {
			return "", err
		}
		texts = append(texts, out.String())
	}
	return strings.Join(texts, "\n\n") + "\n", nil
}
