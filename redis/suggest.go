package redis

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Suggest returns the directive of the release whose spelling is nearest to a
// wrong name, or "" if none is near.
func (r Release) Suggest(name string) string {
	name = strings.ReplaceAll(strings.ToLower(strings.Trim(name, "-:= ")), "_", "-")
	t := r.table()
	best, distance := "", nearEnough(name)+1
	for _, d := range t.directives {
		if d.Hidden || d.Ignored {
			continue
		}
		best, distance = nearer(name, d.Name, best, distance)
		for _, alias := range d.Aliases {
			best, distance = nearer(name, alias, best, distance)
		}
	}
	return best
}

// suggestAmong returns the name that is nearest to a wrong one, or "".
func suggestAmong(name string, names []string) string {
	name = strings.ReplaceAll(name, "_", "-")
	best, distance := "", nearEnough(name)+1
	for _, candidate := range names {
		best, distance = nearer(name, candidate, best, distance)
	}
	return best
}

// nearEnough is the number of edits that may separate a typing error from what was meant.
func nearEnough(name string) int {
	return min(1+len(name)/5, 4)
}

// nearer keeps the nearest candidate; the first of several stays, so the order
// of the candidates decides.
func nearer(name, candidate, best string, distance int) (string, int) {
	if abs(len(name)-len(candidate)) >= distance {
		return best, distance
	}
	if d := editDistance(name, candidate); d < distance {
		return candidate, d
	}
	return best, distance
}

func abs(n int) int {
	return max(n, -n)
}

// maxNameLength bounds the work for one comparison; no directive is as long.
const maxNameLength = 64

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b.
func editDistance(a, b string) int {
	if len(a) > maxNameLength || len(b) > maxNameLength {
		return math.MaxInt
	}
	var rows [3][maxNameLength + 1]int // the row before the last, the last, the current
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, current := &rows[(i+2)%3], &rows[i%3], &rows[(i+1)%3]
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(last[j]+1, current[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}

// suggestBool returns yes or no for what other programs call so.
func suggestBool(text string) string {
	switch strings.ToLower(text) {
	case "true", "on", "1", "y", "enable", "enabled":
		return "yes"
	case "false", "off", "0", "n", "disable", "disabled":
		return "no"
	}
	return ""
}

// memoryShape is a size as people write it: a number, perhaps with a fraction,
// and a unit.
var memoryShape = regexp.MustCompile(`(?i)^([0-9]{1,12})(\.[0-9]{1,6})?([kmgt])(i?b)?$`)

var shapeUnits = map[string]float64{"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}

// suggestMemory returns the spelling that the server takes for a size such as
// 1.5gb or 256MiB, or "".
func suggestMemory(text string) string {
	parts := memoryShape.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return ""
	}
	number, err := strconv.ParseFloat(parts[1]+parts[2], 64)
	bytes := number * shapeUnits[strings.ToLower(parts[3])]
	if err != nil || bytes != math.Trunc(bytes) || bytes >= 1<<53 {
		return ""
	}
	return FormatMemory(int64(bytes))
}
