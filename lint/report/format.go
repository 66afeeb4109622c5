package report

import (
	"io"

	"github.com/rcomp/rcomp/lint"
)

// Format is a way to write down a result.
type Format struct {
	Name     string
	Reader   string // whom it is for
	Commands bool   // what it prints are commands to a runner, and meant
	Print    func(io.Writer, *lint.Result, Options) error
}

// Options are what a report is made with, beside its result.
type Options struct {
	Look     Look
	Pictures []string                                      // of the topology of projects, in Mermaid
	Version  string                                        // of the program
	Path     func(file string) string                      // of a file from the top of its repository; nil: as it is shown
	Fails    func(f lint.Finding) bool                     // the run fails of it; nil: where it is an error or a warning
	Help     func(rule *lint.Rule) (text, markdown string) // what a rule is about; nil: no more than its summary
}

// Formats are all there are, the default first.
var Formats = []Format{
	{Name: "text", Reader: "people", Print: printText},
	{Name: "concise", Reader: "people and grep, a line each", Print: printConcise},
	{Name: "json", Reader: "programs", Print: withoutOptions(JSON)},
	{Name: "jsonl", Reader: "programs, an object a line", Print: withoutOptions(JSONLines)},
	{Name: "sarif", Reader: "code scanning", Print: SARIF},
	{Name: "github", Reader: "the log of GitHub Actions, as annotations", Commands: true, Print: GitHub},
	{Name: "github-summary", Reader: "the step summary of GitHub Actions", Print: GitHubSummary},
	{Name: "gitlab", Reader: "GitLab's code quality", Print: GitLab},
	{Name: "junit", Reader: "reports of tests", Print: JUnit},
	{Name: "checkstyle", Reader: "Jenkins and others", Print: Checkstyle},
	{Name: "rdjson", Reader: "reviewdog", Print: RDJSON},
	{Name: "azure", Reader: "the log of Azure Pipelines", Commands: true, Print: Azure},
	{Name: "teamcity", Reader: "the log of TeamCity", Commands: true, Print: TeamCity},
}

func printText(w io.Writer, result *lint.Result, o Options) error { return Text(w, result, o.Look) }

func printConcise(w io.Writer, result *lint.Result, o Options) error {
	o.Look.Concise = true
	return Text(w, result, o.Look)
}

func withoutOptions(print func(io.Writer, *lint.Result) error) func(io.Writer, *lint.Result, Options) error {
	return func(w io.Writer, result *lint.Result, _ Options) error { return print(w, result) }
}

// path is the path of a file as programs want it.
func (o Options) path(file string) string {
	if o.Path == nil {
		return file
	}
	return o.Path(file)
}

func (o Options) fails(f lint.Finding) bool {
	if o.Fails == nil {
		return f.Severity >= lint.Warning
	}
	return o.Fails(f)
}
