package topology

import (
	"github.com/rcomp/rcomp/inspect"
	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// Document is what `rcomp inspect --topology --format json` prints. Its shape is
// a contract: keys are only ever added.
type Document struct {
	Services  []ServiceDocument  `json:"services"`
	Relations []RelationDocument `json:"relations"`
}

// ServiceDocument is a service that has to do with Redis, or uses one that has.
type ServiceDocument struct {
	Name string       `json:"name"`
	Kind inspect.Kind `json:"kind"` // "" an application, or whatever it is
}

// The relations.
const (
	Replicates = "replicates"
	Watches    = "watches"
	Creates    = "creates" // a cluster, of the node
	Uses       = "uses"
)

// RelationDocument is what one service has to do with another, or with an address
// outside of the project.
type RelationDocument struct {
	From     string  `json:"from"`
	Relation string  `json:"relation"`
	To       string  `json:"to"`      // "" none of the project for certain
	Address  string  `json:"address"` // as the service is told, "" where it is told none
	Purpose  Purpose `json:"purpose,omitempty"`
	Name     string  `json:"name,omitempty"` // of the master, as the sentinel calls it
	Quorum   int     `json:"quorum,omitempty"`
	Replicas *int    `json:"replicas,omitempty"` // of each master of the cluster
	User     string  `json:"user,omitempty"`
	Login    Outcome `json:"login,omitempty"`
	Database string  `json:"database,omitempty"`
	TLS      bool    `json:"tls,omitempty"`
	Variable string  `json:"variable,omitempty"` // of the environment, that says it
	Queue    string  `json:"queue,omitempty"`
	Volume   string  `json:"volume,omitempty"`
	File     string  `json:"file"`
	Line     int     `json:"line"`
	Column   int     `json:"column"`
}

// Describe turns the topology of a project into a document. No password is in it,
// nor any other secret of the project.
func Describe(project *compose.Project) Document {
	t := Of(project)
	d := document{Document: Document{Services: []ServiceDocument{}, Relations: []RelationDocument{}}, secrets: inspect.Secrets([]*compose.Project{project})}
	for _, r := range t.Replications {
		d.add(r.Replica.Service, r.Address, r.At, RelationDocument{Relation: Replicates, User: r.Login.User, Login: r.Login.Outcome(r.Address.Server)})
	}
	for _, w := range t.Watches {
		d.add(w.Sentinel.Service, w.Address, w.At, RelationDocument{
			Relation: Watches, Name: w.Name, Quorum: w.Quorum, User: w.Login.User, Login: w.Login.Outcome(w.Address.Server),
		})
	}
	for _, c := range t.Clusters {
		d.addCluster(c)
	}
	for _, u := range t.Uses {
		d.add(u.By, u.Address, u.At, RelationDocument{
			Relation: Uses, Purpose: u.Purpose, User: u.Login.User, Login: u.Login.Outcome(u.Address.Server), Database: u.Database, TLS: u.TLS,
			Variable: u.Variable, Queue: u.Queue, Volume: volumeName(u.Volume),
		})
	}
	d.listServices(project, t)
	return d.Document
}

type document struct {
	Document
	secrets *display.Secrets
}

func (d *document) addCluster(c Cluster) {
	if c.Creator == nil {
		return
	}
	for _, address := range c.Addresses {
		relation := RelationDocument{Relation: Creates}
		if c.Replicas >= 0 {
			relation.Replicas = &c.Replicas
		}
		d.add(c.Creator.Service, address, c.At, relation)
	}
}

// add puts in what every relation has, and takes out what is a secret.
func (d *document) add(from *compose.Service, address Address, at position.Span, r RelationDocument) {
	r.From, r.File, r.Line, r.Column = from.Name, at.File, at.Start.Line, at.Start.Column
	if r.Address = address.Host; address.Port != "" {
		r.Address += ":" + address.Port
	}
	if address.Server != nil {
		r.To = address.Server.Name
	}
	for _, text := range []*string{&r.Address, &r.Name, &r.User, &r.Database, &r.Volume} {
		*text = d.secrets.Hide(unset.Plain(*text))
	}
	if r.Login == Unknown {
		r.Login = ""
	}
	d.Relations = append(d.Relations, r)
}

// listServices lists what has to do with Redis, and what uses it.
func (d *document) listServices(project *compose.Project, t *Topology) {
	concerned := map[string]bool{}
	for _, r := range d.Relations {
		concerned[r.From] = true
	}
	for _, service := range project.Services {
		s := t.places.known[service]
		switch {
		case s != nil:
			d.Services = append(d.Services, ServiceDocument{service.Name, s.Kind})
		case concerned[service.Name]:
			d.Services = append(d.Services, ServiceDocument{service.Name, ""})
		}
	}
}
