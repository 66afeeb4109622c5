// Package ignore reads the comments that say why a finding is none here:
//
//	# rcomp: ignore[password-missing] only the loopback interface reaches it
//
// They stand in the files that findings stand in: on the line of the fault,
// above it, on the key of a service, or at the head of a file.
package ignore

import "github.com/rcomp/rcomp/lint"

// The rules about the comments themselves. No comment switches them off.
var (
	Unused = &lint.Rule{
		ID:       "ignore-unused",
		Group:    "rcomp",
		Severity: lint.Warning,
		Summary:  "A comment ignores a finding that is not there",
		Why: `
What was ignored is mended, or stands elsewhere now. The comment would hide the
fault when it comes back, and tells the next reader something that is not so.
`,
		Help: &lint.Help{
			Where: "nothing: delete the comment",
		},
		Guide: lint.Guide{
			Fault:    "services:\n  cache:\n    # rcomp: ignore[image-tag-floating] we follow it\n    image: redis:7.4.6\n",
			NearMiss: "services:\n  cache:\n    # rcomp: ignore[image-tag-floating] we follow it\n    image: redis\n",
			Mend:     "Take the rule out of the comment, or the comment out of the file.",
			Ignore:   "Turn it off in .rcomp.toml where files are shared with a repository that has the finding.",
			Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.Sometimes}},
		},
	}
	UnknownRule = &lint.Rule{
		ID:       "ignore-unknown-rule",
		Group:    "rcomp",
		Severity: lint.Warning,
		Summary:  "A comment ignores a rule that does not exist",
		Why: `
A comment that names no rule ignores nothing. It names rules one by one: a group
of rules is turned off in .rcomp.toml.
`,
		Help: &lint.Help{
			Where:  "in the comment, a rule that rcomp rules lists:",
			Lines:  []string{"# rcomp: ignore[<rule>] <reason>"},
			Choose: "<rule>",
		},
		Guide: lint.Guide{
			Fault:    "services:\n  cache: # rcomp: ignore[pasword-missing] nobody else is here\n    image: redis:7.4.6\n",
			NearMiss: "services:\n  cache: # rcomp: ignore[password-missing] nobody else is here\n    image: redis:7.4.6\n",
			Mend:     "Write a name that rcomp rules lists.",
			Ignore:   "Turn it off in .rcomp.toml while machines have several versions of rcomp.",
			Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.Sometimes}},
		},
	}
	WithoutReason = &lint.Rule{
		ID:       "ignore-without-reason",
		Group:    "rcomp",
		Severity: lint.Warning,
		Summary:  "A comment ignores a finding and does not say why",
		Why: `
Whoever reads it next cannot tell a decision from a mistake. Without a reason
the comment ignores nothing.
`,
		Help: &lint.Help{
			Where:  "behind the bracket, why it is none here:",
			Lines:  []string{"# rcomp: ignore[<rule>] <reason>"},
			Choose: "<reason>",
		},
		Guide: lint.Guide{
			Fault:    "services:\n  cache: # rcomp: ignore[password-missing]\n    image: redis:7.4.6\n",
			NearMiss: "services:\n  cache: # rcomp: ignore[password-missing] nobody else is here\n    image: redis:7.4.6\n",
			Mend:     "Say behind the bracket why it is none.",
			Ignore:   "Never: say why.",
			Cases:    []lint.Case{{Hurt: lint.Data, Surely: lint.Conditional, Soon: lint.Sometimes}},
		},
	}
)

// Rules are the rules about comments.
var Rules = []*lint.Rule{Unused, UnknownRule, WithoutReason}
