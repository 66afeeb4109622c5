package mutate

import "strings"

// Reduce takes lines out of a file of a project as long as what is asked of it
// stays true, so that a person sees what matters. It asks at most so many times.
func Reduce(project Project, path string, stays func(Project) bool, asks int) Project {
	lines := strings.SplitAfter(project.Files[path], "\n")
	for size := len(lines) / 2; size > 0; size /= 2 {
		for at := 0; at < len(lines) && asks > 0; asks-- {
			end := min(at+size, len(lines))
			without := append(append([]string{}, lines[:at]...), lines[end:]...)
			if reduced := project.with(path, strings.Join(without, "")); stays(reduced) {
				project, lines = reduced, without
			} else {
				at = end
			}
		}
	}
	return project
}
