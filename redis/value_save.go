package redis

import (
	"fmt"
	"strconv"
	"strings"
)

// savePoint asks for a dump after some seconds if there were at least that many changes.
type savePoint struct{ seconds, changes int64 }

type savePoints []savePoint

func (p savePoints) String() string {
	words := make([]string, 0, 2*len(p))
	for _, point := range p {
		words = append(words, strconv.FormatInt(point.seconds, 10), strconv.FormatInt(point.changes, 10))
	}
	return strings.Join(words, " ")
}

// addSavePoints does what one save line does to the points before it: it adds
// pairs, and "" empties them.
func (r Release) addSavePoints(points *savePoints, args []string) (misread string, refused *refusal) {
	if len(args) == 1 && args[0] == "" {
		*points = nil
		return "", nil
	}
	if r.before70() {
		return addSavePair(points, args)
	}
	if len(args)%2 != 0 {
		return "", wrongArity(len(args)-1, "needs pairs of seconds and changes, or \"\" for no save point")
	}
	added := make(savePoints, 0, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		seconds, rest := cInteger(args[i], 10)
		if rest != "" || seconds < 1 {
			return "", refuse(i, "needs seconds of at least 1, not %q", args[i])
		}
		changes, rest := cInteger(args[i+1], 10)
		if rest != "" || changes < 0 {
			return "", refuse(i+1, "needs a number of changes, not %q", args[i+1])
		}
		added = append(added, savePoint{seconds, changes})
	}
	*points = append(*points, added...)
	return "", nil
}

// addSavePair is 6.2's reading: two words, of which only the digits in front
// count; any other number of words is passed over without a message, although
// the default save points are gone by then (tried on Redis 6.2.16).
func addSavePair(points *savePoints, args []string) (misread string, refused *refusal) {
	if len(args) != 2 {
		return fmt.Sprintf("this release takes one pair of seconds and changes; it passes over %d words, and the default save points are gone", len(args)), nil
	}
	seconds, secondsRest := cInteger(args[0], 10)
	changes, changesRest := cInteger(args[1], 10)
	switch {
	case seconds < 1:
		return "", refuse(0, "needs seconds of at least 1, not %q", args[0])
	case changes < 0:
		return "", refuse(1, "needs a number of changes, not %q", args[1])
	}
	*points = append(*points, savePoint{seconds, changes})
	if secondsRest+changesRest != "" {
		return fmt.Sprintf("read as %d %d: only the digits in front count", seconds, changes), nil
	}
	return "", nil
}
