package rules

import (
	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/edit"
)

// offer gives a finding the fix of a plan. Where there is none, its help says
// why.
func offer(finding *lint.Finding, plan *edit.Plan) *lint.Finding {
	if finding.Fix = plan.Fix(); finding.Fix != nil || finding.Help == nil {
		return finding
	}
	help := *finding.Help
	help.Where = "by hand, since " + plan.Why() + ": " + help.Where
	finding.Help = &help
	return finding
}
