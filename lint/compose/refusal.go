package compose

import (
	"fmt"
	"slices"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// FailureKind says what is wrong with a compose file.
type FailureKind int

// The kinds of refusals.
const (
	Unreadable   FailureKind = iota + 1 // the file cannot be read
	NotYAML                             // it is not YAML
	Refused                             // Compose refuses what is written there
	Inconsistent                        // Compose refuses how its parts fit together; each of them is clear
	Undefined                           // a name that nothing declares here: another file may
	Version1                            // it has the format of Compose v1, without services
	Fragment                            // a service has neither image nor build: a part of something else
	NoServices                          // there is nothing to run in it
	TooMuch                             // reading it takes more than a run may spend
)

// Refusal is one reason why Compose does not take a project, and where.
type Refusal struct {
	Kind    FailureKind
	Span    position.Span
	Service string // "" where it concerns no single service
	Message string
	err     error     // why the file cannot be read
	lacks   [2]string // of Undefined: the section of the top level, and the name in it
}

// refuse records what Compose refuses at a place. The path leads there from
// the top level.
func (p *Project) refuse(kind FailureKind, at model.Origin, path []string, message string) {
	service := ""
	if len(path) > 1 && path[0] == "services" {
		service = path[1]
		p.unclear[service] = true
	}
	p.faulty[at.Node] = true
	p.refuseAs(kind, at, service, message)
}

func (p *Project) refuseAs(kind FailureKind, at model.Origin, service, message string) {
	p.add(newRefusal(kind, at, service, message))
}

// undefined records a name that no section of the top level declares.
func (p *Project) undefined(at model.Origin, service, section, name, message string) {
	refusal := newRefusal(Undefined, at, service, message)
	refusal.lacks = [2]string{section, name}
	p.add(refusal)
}

func newRefusal(kind FailureKind, at model.Origin, service, message string) Refusal {
	if kind == Refused || kind == Inconsistent || kind == Undefined || kind == Fragment {
		message = "Compose refuses it: " + message
	}
	return Refusal{Kind: kind, Span: at.Span(), Service: service, Message: unset.Plain(message)}
}

// maxRefusals bounds what is listed: a fault takes a few bytes, and a line
// about it many.
const maxRefusals = 1000

func (p *Project) add(refusal Refusal) {
	switch len(p.Refusals) {
	default:
		p.Refusals = append(p.Refusals, refusal)
	case maxRefusals:
		p.Refusals = append(p.Refusals, Refusal{Kind: TooMuch, Span: refusal.Span, Message: fmt.Sprintf("not listed any further: there are more than %d faults", maxRefusals)})
	case maxRefusals + 1:
	}
}

// IsFragment reports whether a service of the project has neither image nor
// build: what it lacks may stand in another file.
func (p *Project) IsFragment() bool {
	return p.partOf != "" || slices.ContainsFunc(p.Refusals, func(r Refusal) bool { return r.Kind == Fragment })
}

// Unreadable returns why a file of the project cannot be read; ok is false
// where all can.
func (p *Project) Unreadable() (refusal Refusal, ok bool) {
	for _, refusal := range p.Refusals {
		if refusal.Kind == Unreadable {
			return refusal, true
		}
	}
	return Refusal{}, false
}
