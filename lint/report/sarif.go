package report

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/display"
	"github.com/rcomp/rcomp/lint/position"
)

// The bounds of GitHub's code scanning (docs.github.com, "SARIF results exceed
// one or more limits" and "SARIF file is too large"): a run with more results is
// refused, as is a report that is larger when it is compressed by gzip; of the
// results that are taken no more than so many are kept, by their severity.
const (
	mostResults   = 25_000
	mostKept      = 5_000
	largestReport = 10_000_000 // bytes
)

// sourceRoot stands for where the repository is, which nothing in a report
// says: it is the same on every machine.
const sourceRoot = "%SRCROOT%"

// fingerprintName says how a fingerprint is made, and changes with it.
const fingerprintName = "rcomp/v1"

// SARIF writes a result in the Static Analysis Results Interchange Format
// 2.1.0, as code scanning reads it.
func SARIF(w io.Writer, result *lint.Result, o Options) error {
	for most := min(mostResults, max(len(result.Findings)+len(result.Ignored), len(result.Unseen)+len(result.Gone))); ; most /= 2 {
		s := sarifRun{result: result, o: o, most: most, marks: newFingerprints(result, o), rules: map[*lint.Rule]int{}}
		log := sarif.NewReport()
		log.Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
		log.AddRun(s.run())
		value, err := spare(log)
		if err != nil {
			return err
		}
		var encoded bytes.Buffer
		if err := display.WriteJSON(&encoded, value); err != nil {
			return err
		}
		if most == 0 || !isTooLarge(encoded.Bytes()) {
			_, err := w.Write(encoded.Bytes())
			return err
		}
	}
}

// isTooLarge tells whether code scanning refuses a report for its size.
func isTooLarge(encoded []byte) bool {
	if len(encoded) <= largestReport {
		return false
	}
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	writer.Write(encoded)
	writer.Close()
	return compressed.Len() > largestReport
}

type sarifRun struct {
	result *lint.Result
	o      Options
	most   int // results and notifications that are in the report, each
	marks  *fingerprints
	rules  map[*lint.Rule]int // index of those that are in the report
}

func (s *sarifRun) run() *sarif.Run {
	run := sarif.NewRunWithInformationURI("rcomp", homepage)
	if s.o.Version != "" {
		run.Tool.Driver.WithVersion(s.o.Version)
	}
	run.WithColumnKind("unicodeCodePoints").WithRedactionTokens([]string{display.Hidden})
	run.OriginalUriBaseIds = map[string]sarif.ArtifactLocation{sourceRoot: {Index: -1, Description: sarif.NewTextMessage("The top of the repository.")}}
	for _, rule := range s.used() {
		s.rules[rule] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.AddRule(s.rule(rule))
	}
	left := s.most
	findings := s.result.Findings
	if len(findings)+len(s.result.Ignored) > min(mostKept, left) {
		findings = bySeverity(findings)
	}
	for _, f := range findings[:min(left, len(findings))] {
		run.AddResult(s.finding(f))
	}
	left -= len(run.Results)
	for _, i := range s.result.Ignored[:min(left, len(s.result.Ignored))] {
		run.AddResult(s.ignored(i))
	}
	return run.AddInvocation(s.invocation(len(findings) + len(s.result.Ignored) - len(run.Results)))
}

// used lists the rules that something is said of, by their name.
func (s *sarifRun) used() []*lint.Rule {
	var rules []*lint.Rule
	for _, f := range s.result.Findings {
		rules = append(rules, f.Rule)
	}
	for _, i := range s.result.Ignored {
		rules = append(rules, i.Rule)
	}
	slices.SortFunc(rules, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return slices.Compact(rules)
}

// longestDescription is what code scanning shows of one, in characters
// (docs.github.com, "SARIF support for code scanning": 1,024).
const longestDescription = 1024

func (s *sarifRun) rule(rule *lint.Rule) *sarif.ReportingDescriptor {
	descriptor := sarif.NewRule(rule.ID).WithName(rule.ID).WithHelpURI(pageOf(rule.ID)).
		WithShortDescription(sarif.NewMultiformatMessageString().WithText(brief(rule.Summary+".", longestDescription))).
		WithFullDescription(sarif.NewMultiformatMessageString().WithText(brief(oneParagraph(rule.Why, rule.Summary), longestDescription-1))).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(rule.Severity.String()))
	descriptor.WithProperties(sarif.NewPropertyBag().Add("problem.severity", problemSeverities[rule.Severity]).Add("precision", "high").Add("tags", []string{"redis", rule.Group}))
	if s.o.Help != nil {
		text, markdown := s.o.Help(rule)
		descriptor.WithHelp(sarif.NewMultiformatMessageString().WithText(text).WithMarkdown(markdown))
	}
	return descriptor
}

func oneParagraph(text, otherwise string) string {
	if joined := strings.Join(strings.Fields(text), " "); joined != "" {
		return joined
	}
	return otherwise + "."
}

// problemSeverities are what code scanning calls them.
var problemSeverities = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Note: "recommendation"}

func (s *sarifRun) finding(f lint.Finding) *sarif.Result {
	location := sarif.NewLocation().WithPhysicalLocation(s.place(f.Span, true))
	for _, service := range f.Concerns() {
		name := message(s.result, service)
		location.AddLogicalLocation(sarif.NewLogicalLocation().WithName(name).WithFullyQualifiedName("services." + name).WithKind("object"))
	}
	result := sarif.NewRuleResult(f.Rule.ID).WithRuleIndex(s.rules[f.Rule]).WithLevel(f.Severity.String()).
		WithMessage(sarif.NewTextMessage(told(s.result, f))).WithLocations([]*sarif.Location{location}).
		WithPartialFingerprints(map[string]string{fingerprintName: s.marks.of(f)})
	if fix := s.fix(f); fix != nil {
		result.WithFixes([]*sarif.Fix{fix})
	}
	return result
}

// ignored is a finding that a comment says is none.
func (s *sarifRun) ignored(i lint.Ignored) *sarif.Result {
	suppression := sarif.NewSuppression().WithKind("inSource").WithStatus("accepted").WithJustification(message(s.result, i.Reason)).
		WithLocation(sarif.NewLocation().WithPhysicalLocation(s.place(i.At, false)))
	return s.finding(i.Finding).AddSuppression(suppression)
}

// place is where something stands, with its line as it may be shown.
func (s *sarifRun) place(at position.Span, quoted bool) *sarif.PhysicalLocation {
	region := sarif.NewRegion().WithStartLine(max(at.Start.Line, 1)).WithStartColumn(max(at.Start.Column, 1)).
		WithEndLine(max(at.End.Line, at.Start.Line, 1)).WithEndColumn(max(at.End.Column, 1))
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(s.artifact(at.File)).WithRegion(region)
	if text := s.quoted(at); quoted && text != "" {
		context := sarif.NewRegion().WithStartLine(at.Start.Line).WithSnippet(sarif.NewArtifactContent().WithText(text))
		physical.WithContextRegion(context)
	}
	return physical
}

// quoted is the line that a place begins on, as text shows it.
func (s *sarifRun) quoted(at position.Span) string {
	lines := s.result.Text(at.File)
	if at.Start.Line < 1 || at.Start.Line > lines.Lines() {
		return ""
	}
	text := lines.Line(at.Start.Line)
	return excerpt(newSourceLine(text, s.result.Secrets.InLine(at.File, at.Start.Line, text)), at, maxExcerpt).line
}

// artifact is a file, by its path from the top of the repository.
func (s *sarifRun) artifact(file string) *sarif.ArtifactLocation {
	path := s.o.path(file)
	location := sarif.NewArtifactLocation().WithURI((&url.URL{Path: path}).String())
	if !strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "../") {
		location.WithURIBaseID(sourceRoot)
	}
	return location
}

// fix is a change as replacements of places, nil where there is none.
func (s *sarifRun) fix(f lint.Finding) *sarif.Fix {
	fix := shownFix(s.result, f)
	if fix == nil {
		return nil
	}
	shown := sarif.NewFix().WithDescription(sarif.NewTextMessage(message(s.result, fix.Title)))
	shown.WithProperties(sarif.NewPropertyBag().Add("unsafe", fix.Unsafe))
	changes := map[string]*sarif.ArtifactChange{}
	for _, edit := range fix.Edits {
		if changes[edit.File] == nil {
			changes[edit.File] = sarif.NewArtifactChange().WithArtifactLocation(s.artifact(edit.File))
			shown.AddArtifactChange(changes[edit.File])
		}
		source := s.result.Sources(edit.File)
		start, end := placeOf(source, edit.Start, inCharacters), placeOf(source, edit.End, inCharacters)
		changes[edit.File].AddReplacement(sarif.NewReplacement().
			WithDeletedRegion(sarif.NewRegion().WithStartLine(start.Line).WithStartColumn(start.Column).WithEndLine(end.Line).WithEndColumn(end.Column)).
			WithInsertedContent(sarif.NewArtifactContent().WithText(edit.New)))
	}
	return shown
}

// invocation says what is no finding: what could not be seen, what is gone, and
// what there was no room for.
func (s *sarifRun) invocation(leftOut int) *sarif.Invocation {
	invocation := sarif.NewInvocation().WithExecutionSuccessful(true)
	say := func(text string, at position.Span) {
		notification := sarif.NewNotification().WithLevel("note").WithMessage(sarif.NewTextMessage(text))
		if at.File != "" {
			notification.AddLocation(sarif.NewLocation().WithPhysicalLocation(s.place(at, false)))
		}
		invocation.AddToolExecutionNotification(notification)
	}
	unseen := s.result.Unseen[:min(s.most, len(s.result.Unseen))]
	for _, one := range unseen {
		say(notSeen+": "+message(s.result, one.Message), one.Span)
	}
	gone := s.result.Gone[:min(s.most-len(unseen), len(s.result.Gone))]
	for _, one := range gone {
		say("gone: "+message(s.result, one.Message), one.At)
	}
	if leftOut > 0 {
		say(fmt.Sprintf("%d findings are left out: code scanning takes no report with all of them", leftOut), position.Span{})
	}
	if quiet := len(s.result.Unseen) + len(s.result.Gone) - len(unseen) - len(gone); quiet > 0 {
		say(fmt.Sprintf("%d things that are not seen, or gone, are left out for the same reason", quiet), position.Span{})
	}
	return invocation
}

// spare is a report without what says nothing: the library writes every list
// that is empty, and every number that stands for none.
func spare(report *sarif.Report) (any, error) {
	encoded, err := json.Marshal(report)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return withoutNothing(value), nil
}

// meaning are the lists that say something when they are empty.
var meaning = map[string]bool{"results": true, "rules": true, "runs": true}

func withoutNothing(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			inner = withoutNothing(inner)
			value[key] = inner
			if saysNothing(inner) && !meaning[key] {
				delete(value, key)
			}
		}
	case []any:
		for i, inner := range value {
			value[i] = withoutNothing(inner)
		}
	}
	return value
}

func saysNothing(value any) bool {
	switch value := value.(type) {
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	case json.Number:
		return value == "-1"
	}
	return value == nil
}
