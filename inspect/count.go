package inspect

import "github.com/rcomp/rcomp/lint/compose"

// Count returns how many services of a project are of each kind.
func Count(project *compose.Project) map[Kind]int {
	counts := map[Kind]int{}
	for _, service := range Services(project) {
		counts[service.Kind]++
	}
	return counts
}
