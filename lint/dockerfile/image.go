package dockerfile

import "github.com/rcomp/rcomp/lint/position"

// Image is what a stage of a Dockerfile comes to, in terms of the image at the
// bottom of its chain of stages, which is no part of the project.
type Image struct {
	From   string // that image as FROM names it, variables put in; may hold marks
	FromAt position.Span

	Steps       []Step
	Environment []Variable // of ENV, the last of a name alone
	Entrypoint  *Command   // nil: that of From
	Command     *Command   // nil: that of From, or none where Cleared
	Cleared     bool       // an ENTRYPOINT takes the command away that From brings
	WorkingDir  string     // relative to that of From unless absolute; "" is that of From; may hold marks
	User        string     // "" that of From; may hold marks
	UserAt      position.Span
	Volumes     []Word   // anonymous ones, beside those of From
	Ports       []Word   // exposed, beside those of From
	Health      *Command // HEALTHCHECK, as Compose writes its test; nil: that of From
	HealthAt    position.Span

	shell     []string // that shell forms go to
	variables *scope   // of ENV and ARG
	commanded bool     // a CMD stands in this stage
	triggers  []string // ONBUILD
	triggerAt []int
}

// Variable is a variable of the image's environment.
type Variable struct {
	Name, Value string // the value may hold marks
	At          position.Span
}

// Word is one word of a command, or a path.
type Word struct {
	Text string // may hold marks
	At   position.Span
	// Lines is over how many lines a word is written.
	Lines int
}

// Command is an ENTRYPOINT, a CMD or a HEALTHCHECK.
type Command struct {
	Words []Word // a shell form's are those of its shell, and the text
	At    position.Span
}

// Step is an instruction that changes files: a *Copy or a *Run.
type Step any

// Copy is a COPY or an ADD.
type Copy struct {
	Sources []CopySource
	// From is where the sources are: "" the build's own context.
	From  string // a context or an image; "" where Stage is set
	Stage *Image // a stage of the Dockerfile
	// Target is where they go. A relative one starts at Directory.
	Target    string
	Directory string // as Image.WorkingDir
	Add       bool   // archives are unpacked
	Partial   bool   // --exclude or --parents: what comes is not all, or elsewhere
	At        position.Span
}

// CopySource is one source of a Copy: a path, which may be a pattern, or a text
// of the Dockerfile.
type CopySource struct {
	Path   string // may hold marks
	Inline bool
	Text   string // of an inline one, may hold marks
	File   string // that an inline one stands in
	Above  int    // how many lines of that file stand above an inline one
	At     position.Span
}

// Run is a RUN.
type Run struct {
	Words     []Word // a shell form's are those of its shell, and the text
	Script    bool   // the text is the last of Words
	Mounts    bool   // something is mounted only while it runs
	Variables Variables
	Directory string // as Image.WorkingDir
	At        position.Span
}

// Variables are those that a step sees.
type Variables struct{ scope *scope }

// Get looks a variable up. The value may hold marks.
func (v Variables) Get(name string) (value string, set bool) { return v.scope.get(name) }
