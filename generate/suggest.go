package generate

import (
	"strings"

	"github.com/rcomp/rcomp/redis"
)

// nearestName returns the name that differs least from a wrong one, or "" if none is near.
func nearestName(wrong string, names []string) string {
	wrong = strings.ReplaceAll(strings.ToLower(wrong), "_", "-")
	best, least := "", 2+len(wrong)/5
	for _, name := range names {
		if d := edits(wrong, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// edits counts the letters to insert, delete or replace to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// oneOf refuses a value that is not among the names, and says which was meant.
func oneOf(value string, names []string) *complaint {
	for _, name := range names {
		if value == name {
			return nil
		}
	}
	c := complain("", "must be %s, not %q", quotedList(names), value)
	if nearest := nearestName(value, names); nearest != "" {
		c.hint = "did you mean \"" + nearest + "\"?"
	}
	return c
}

// anyRelease tells whether the name is a directive of any engine that gen writes for.
func anyRelease(name string) bool {
	for _, engine := range []redis.Engine{redis.Redis, redis.Valkey} {
		if _, ok := redis.Since(engine, name); ok {
			return true
		}
	}
	return false
}
