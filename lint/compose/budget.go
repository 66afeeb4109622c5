package compose

import (
	"fmt"

	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/disk"
)

// spend takes from the budget of the project: a few lines of YAML can stand
// for more than any memory holds. It is false from the place on where a budget
// has come to its end; what the project says is then not judged.
func (p *Project) spend(kind disk.Kind, amount int, at model.Origin) bool {
	if p.ended {
		return false
	}
	if err := p.tree.Budget().Spend(kind, amount); err != nil {
		p.ended = true
		p.refuseAs(TooMuch, at, "", fmt.Sprintf("not read any further: %v", err))
	}
	return !p.ended
}
