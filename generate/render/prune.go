package render

import "strings"

// pruner says which lines of a redis.conf a deployment has. The template says everything.
type pruner interface {
	// Keeps tells whether a directive is for this deployment, with these arguments.
	Keeps(name string, arguments []string) bool
}

const (
	heading = "# --- "
	// fromIntent is the heading of what [redis] says, which stays as it is.
	fromIntent = heading + "From [redis] "
)

// prune leaves out directives that a deployment does not have or that got no
// value, with the comments that explain nothing else, and headings of nothing.
// A paragraph that begins without a comment belongs to the one before it.
func prune(conf string, deployment pruner) string {
	conf, own, _ := strings.Cut(conf, "\n"+fromIntent)
	var kept []string
	for paragraph := range strings.SplitSeq(conf, "\n\n") {
		paragraph = strings.Trim(paragraph, "\n")
		left := pruneParagraph(paragraph, deployment)
		last := len(kept) - 1
		switch {
		case left == "":
		case isHeading(left) && isHeading(kept[last]):
			kept[last] = left
		case !strings.HasPrefix(paragraph, "#") && !isHeading(kept[last]):
			kept[last] += "\n" + left
		default:
			kept = append(kept, left)
		}
	}
	if where, lines, _ := strings.Cut(own, "\n"); strings.TrimSpace(lines) != "" {
		kept = append(kept, fromIntent+where, strings.Trim(lines, "\n"))
	}
	return strings.Join(kept, "\n\n") + "\n"
}

func isHeading(paragraph string) bool { return strings.HasPrefix(paragraph, heading) }

// pruneParagraph returns what is left of a comment and the directives that it explains.
func pruneParagraph(paragraph string, deployment pruner) string {
	var kept []string
	comments, directives := 0, 0
	for line := range strings.SplitSeq(paragraph, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case strings.HasPrefix(line, "#"):
			kept = append(kept, line)
			if directives == 0 {
				comments++
			}
		default:
			directives++
			if len(words) > 1 && deployment.Keeps(words[0], words[1:]) {
				kept = append(kept, line)
			}
		}
	}
	if directives > 0 && len(kept) == comments {
		return ""
	}
	return strings.Join(kept, "\n")
}
