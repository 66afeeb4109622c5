// Package nearest guesses what a misspelt name was meant to be.
package nearest

import (
	"fmt"
	"strings"
)

// longest bounds the names that are compared, in bytes: no name of ours is as
// long, and the work grows with the square.
const longest = 64

// Name returns the name that is fewest slips away from a wrong one, the first
// of several; "" where none is near. Case and the two dashes do not count.
func Name(wrong string, names []string) string {
	wrong = plain(wrong)
	best, least := "", min(2+len(wrong)/5, 5, len(wrong))
	for _, name := range names {
		if d := slips(wrong, plain(name), least); d < least {
			best, least = name, d
		}
	}
	return best
}

// Hint is what an error says behind a wrong name: `; did you mean "…"?`, or
// nothing where no name is near.
func Hint(wrong string, names []string) string {
	if name := Name(wrong, names); name != "" {
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}

func plain(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Trim(name, "-: ")), "_", "-")
}

// slips counts the insertions, deletions, replacements and swaps of neighbours
// that make b of a. What is at least most away is most away.
func slips(a, b string, most int) int {
	if len(a) > longest || len(b) > longest || len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	var rows [3][longest + 1]int // the row before the last, the last, the current
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, current := &rows[(i+1)%3], &rows[(i-1)%3], &rows[i%3]
		current[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := last[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			current[j] = min(last[j]+1, current[j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
