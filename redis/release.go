// Package redis holds what is known of the servers that read redis.conf: their
// directives per release, the grammar of redis.conf and of their arguments, and
// their container images.
package redis

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Engine is a server family that reads redis.conf.
type Engine string

// The engines that the catalogue knows. KeyDB has one column, 6.3.
const (
	Redis  Engine = "redis"
	Valkey Engine = "valkey"
	KeyDB  Engine = "keydb"
)

// Release is one line of an engine, such as Redis 7.2: a column of the
// catalogue. It is comparable.
type Release struct {
	Engine       Engine
	Major, Minor int
}

// String returns the engine and the line, "redis 8.6".
func (r Release) String() string {
	return fmt.Sprintf("%s %s", r.Engine, r.line())
}

func (r Release) line() string {
	return strconv.Itoa(r.Major) + "." + strconv.Itoa(r.Minor)
}

// Compare orders two lines of one engine: negative when r is the older one.
func (r Release) Compare(o Release) int {
	return cmp.Or(cmp.Compare(r.Major, o.Major), cmp.Compare(r.Minor, o.Minor))
}

// AtLeast tells whether r is major.minor or newer, whatever its engine.
func (r Release) AtLeast(major, minor int) bool {
	return r.Compare(Release{Major: major, Minor: minor}) >= 0
}

// Known tells whether the catalogue has a column for this release.
func (r Release) Known() bool {
	return catalogue().facts[r].column != nil
}

// Derived tells whether the column was put together from release notes instead
// of the server's own table: what it lacks may exist all the same.
func (r Release) Derived() bool {
	return catalogue().facts[r].derived
}

// Patch returns the newest patch release known, "8.6.6", or "" when none is.
func (r Release) Patch() string {
	return catalogue().facts[r].patch
}

// EndOfLife returns the day, as "2024-07-29", on which security fixes for the
// line end or ended. ok is false when no day is announced or the line is not
// known. Lines without a column may have one.
func (r Release) EndOfLife() (date string, ok bool) {
	date = catalogue().facts[r].endOfLife
	return date, date != ""
}

// asOf is the day on which the dates of the catalogue were looked up. It
// decides, not today's date.
const asOf = "2026-11-28"

// AsOf is the day that the catalogue speaks of.
func AsOf() string { return asOf }

// Maintained returns the columns of Redis and Valkey that get security fixes,
// as of the catalogue.
func Maintained() []Release {
	var maintained []Release
	for _, e := range []Engine{Redis, Valkey} {
		for _, r := range Releases(e) {
			if date, known := r.EndOfLife(); !known || date >= asOf {
				maintained = append(maintained, r)
			}
		}
	}
	return maintained
}

// Releases returns the columns of an engine, oldest first.
func Releases(e Engine) []Release {
	var releases []Release
	for _, r := range catalogue().releases {
		if r.Engine == e {
			releases = append(releases, r)
		}
	}
	return releases
}

// Newest returns the newest column of an engine, or the zero Release for an
// engine without any.
func Newest(e Engine) Release {
	releases := Releases(e)
	if len(releases) == 0 {
		return Release{}
	}
	return releases[len(releases)-1]
}

// DefaultRelease returns the newest column that was read from the server's own table.
// The catalogue decides, not today's date.
func DefaultRelease(e Engine) Release {
	var newest Release
	for _, r := range Releases(e) {
		if !r.Derived() {
			newest = r
		}
	}
	return newest
}

// ParseRelease returns the line that a version stands for: "7.2.4" and "7.2"
// are 7.2, and "7" is what an image tagged 7 holds, the newest 7.x. A line that
// the catalogue lacks is returned with an error.
func ParseRelease(e Engine, version string) (Release, error) {
	parts := strings.Split(version, ".")
	if len(parts) > 3 {
		return Release{}, notAVersion(version)
	}
	var numbers [3]int
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return Release{}, notAVersion(version)
		}
		numbers[i] = int(n)
	}
	r := Release{Engine: e, Major: numbers[0], Minor: numbers[1]}
	if len(parts) == 1 {
		r = newestOfMajor(r)
	}
	if !r.Known() {
		return r, fmt.Errorf("%s %s is not in the catalogue, which has %s", e, version, lines(e))
	}
	return r, nil
}

func notAVersion(version string) error {
	return fmt.Errorf("%q is not a version such as 7, 7.2 or 7.2.4", version)
}

// newestOfMajor returns the newest column with the major number of r, or r when
// there is none.
func newestOfMajor(r Release) Release {
	for _, candidate := range Releases(r.Engine) {
		if candidate.Major == r.Major {
			r = candidate
		}
	}
	return r
}

// lines lists the columns of an engine for a message, "7.2, 8.0, 8.1".
func lines(e Engine) string {
	var names []string
	for _, r := range Releases(e) {
		names = append(names, r.line())
	}
	return strings.Join(names, ", ")
}

// lastMinors are the last lines of majors that ended before the catalogue
// begins, where that is not x.0.
var lastMinors = map[int]int{2: 8, 3: 2}

// Ended returns the line of an image that got its last security fix before the
// catalogue's day, and the day; "" where it ended so long ago that none is
// listed. ended is false where the line is maintained, or not known.
func (i Image) Ended() (line Release, date string, ended bool) {
	major, rest, _ := strings.Cut(i.Version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	number, err := strconv.Atoi(major)
	if err != nil || i.Engine != Redis && i.Engine != Valkey || families[i.Family].ownVersions {
		return Release{}, "", false
	}
	line = Release{Engine: i.Engine, Major: number}
	if line.Minor, err = strconv.Atoi(minor); err != nil {
		line.Minor = lastMinors[number]
		for r := range catalogue().facts {
			if r.Engine == i.Engine && r.Major == number {
				line.Minor = max(line.Minor, r.Minor)
			}
		}
	}
	date, known := line.EndOfLife()
	if !known && i.Engine == Redis && number < 5 {
		return line, "", true
	}
	return line, date, known && date < asOf
}
