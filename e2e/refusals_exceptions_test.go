package e2e

import (
	"strings"
	"testing"
)

// exception is a difference between Compose and rcomp that is meant.
type exception struct {
	name   string
	reason string
	// applies decides; compose and rcomp are what they said, notes what rcomp
	// could not see.
	applies func(t *testing.T, p composeProject, compose, rcomp verdict, notes string) bool
}

// exceptions are all differences that are meant, in the order in which they are tried.
var exceptions = []exception{
	{
		name:   "profiles",
		reason: "plain config looks at the services without a profile alone; rcomp judges each as it is where its profile is active, and Compose says the same then",
		applies: func(t *testing.T, p composeProject, _, rcomp verdict, _ string) bool {
			return p.compose(t, []string{"*"}, nil).refused == rcomp.refused
		},
	},
	{
		name:    "variables without a value",
		reason:  "a variable without a value here has one where the project runs, and there is a value with which Compose takes it",
		applies: refusedOnly(func(t *testing.T, p composeProject, _ verdict, notes string) bool { return p.takenWithValues(t, notes) }),
	},
	{
		name:   "texts that 2.40.3 drops",
		reason: "a text in an override where a list is wanted is lost without a word in 2.40.3; Compose has learned to refuse it since",
		applies: func(_ *testing.T, p composeProject, compose, rcomp verdict, _ string) bool {
			return !compose.refused && strings.Contains(p.name, "services.cache.depends_on is 2024-01-01") && strings.Contains(rcomp.said, "undefined service")
		},
	},
	{
		name:   "numbers without an end",
		reason: "2.40.3 takes .inf and .nan where a number may stand; Compose has learned to refuse them since",
		applies: func(_ *testing.T, _ composeProject, compose, rcomp verdict, _ string) bool {
			return !compose.refused && strings.Contains(rcomp.said, "must be a finite number")
		},
	},
	{
		name:   "required variables",
		reason: "Compose stops at ${NAME:?…} where nothing is set; where the project runs, something is",
		applies: refusedOnly(func(_ *testing.T, _ composeProject, compose verdict, _ string) bool {
			return strings.Contains(compose.said, "required variable")
		}),
	},
	{
		name:   "env files that are not there",
		reason: "files with secrets are made where the project runs and kept out of the repository: rcomp notes that the environment is not known",
		applies: refusedOnly(func(_ *testing.T, _ composeProject, compose verdict, _ string) bool {
			return absentEnvFile.MatchString(compose.said)
		}),
	},
	{
		name:   "parts",
		reason: "a file whose services lack an image, or that refers to what another one declares, is a part of something: rcomp says so in a note and judges it as what it is for",
		applies: refusedOnly(func(_ *testing.T, _ composeProject, compose verdict, notes string) bool {
			return isPart(compose.said, notes)
		}),
	},
}

// refusedOnly is for what Compose refuses and rcomp does not.
func refusedOnly(applies func(t *testing.T, p composeProject, compose verdict, notes string) bool) func(*testing.T, composeProject, verdict, verdict, string) bool {
	return func(t *testing.T, p composeProject, compose, rcomp verdict, notes string) bool {
		return compose.refused && !rcomp.refused && applies(t, p, compose, notes)
	}
}
