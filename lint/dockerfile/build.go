package dockerfile

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/rcomp/rcomp/lint/compose/unset"
	"github.com/rcomp/rcomp/lint/position"
)

// Options say what a build is asked for.
type Options struct {
	Target string            // the stage, "" the last one
	Args   map[string]string // build arguments; values may hold marks
	// Contexts are the names of further contexts: they stand before stages and
	// images of the same name.
	Contexts map[string]string
}

// Build works out the image of a stage.
func (f *File) Build(options Options) (*Image, error) {
	b := &builder{file: f, options: options, expander: expander{escape: f.escape}, stages: map[int]*Image{}}
	for _, command := range f.globals {
		b.globals = b.arguments(b.globals, command)
	}
	target := len(f.stages) - 1
	if options.Target != "" {
		found, ok := f.stage(options.Target, len(f.stages))
		if !ok {
			return nil, fmt.Errorf("it has no stage %q", options.Target)
		}
		target = found
	}
	image := b.stage(target)
	if b.refused != nil {
		return nil, b.refused
	}
	return image, nil
}

// stage finds a stage by its name or number among the first ones.
func (f *File) stage(name string, before int) (int, bool) {
	if found, ok := instructions.HasStage(f.stages[:before], name); ok {
		return found, true
	}
	number, err := strconv.Atoi(name)
	return number, err == nil && number >= 0 && number < before
}

// builder is the state of a build. A stage names only those before it, so no
// chain of them is a circle.
type builder struct {
	file     *File
	options  Options
	expander expander
	globals  *scope
	stages   map[int]*Image
	refused  error // the first thing that Docker refuses
	steps    int   // of all stages
}

// maxSteps bounds the steps of all stages: each has those of the one that it
// begins with.
const maxSteps = 20_000

func (b *builder) refuse(at lines, format string, values ...any) {
	if b.refused == nil {
		b.refused = fmt.Errorf("line %d: %s", at.first, fmt.Sprintf(format, values...))
	}
}

// stage works out a stage and those that it needs, each once.
func (b *builder) stage(index int) *Image {
	if image, known := b.stages[index]; known {
		return image
	}
	stage := b.file.stages[index]
	image := b.from(index, stage)
	b.stages[index] = image
	triggers, at := image.triggers, image.triggerAt
	image.triggers, image.triggerAt = nil, nil
	s := stageBuilder{builder: b, image: image, index: index}
	for i, trigger := range triggers {
		s.trigger(trigger, at[i])
	}
	for _, command := range stage.Commands {
		s.instruction(command, linesOf(command.Location()))
	}
	if b.steps += len(image.Steps); b.steps > maxSteps {
		b.refuse(linesOf(stage.Location), "its stages have more than %d steps in all", maxSteps)
	}
	return image
}

// from is what a stage begins with.
func (b *builder) from(index int, stage instructions.Stage) *Image {
	at := linesOf(stage.Location)
	name, ok := b.expander.expand(stage.BaseName, b.globals)
	if !ok || name == "" {
		name = unset.Unknown(stage.BaseName)
	}
	if strings.HasSuffix(name, ":") {
		// A tag that nothing gives is one that is not known.
		name += unset.Unknown(stage.BaseName)
	}
	if given, ok := b.options.Contexts[strings.ToLower(name)]; ok {
		name = given
	} else if earlier, ok := instructions.HasStage(b.file.stages[:index], name); ok {
		return b.stage(earlier).child()
	}
	return &Image{From: name, FromAt: b.file.source.find(at).word(stage.BaseName)}
}

// child is an image that begins as another ends.
func (i *Image) child() *Image {
	child := *i
	child.Steps, child.Environment = slices.Clip(i.Steps), slices.Clone(i.Environment)
	child.Volumes, child.Ports = slices.Clip(i.Volumes), slices.Clip(i.Ports)
	child.commanded = false
	child.variables = nil
	// Arguments end with their stage.
	for _, variable := range i.Environment {
		child.variables = child.variables.with(variable.Name, variable.Value)
	}
	return &child
}

// arguments adds those of an ARG. Who builds may well give what the project
// does not: one without any value is not known.
func (b *builder) arguments(to *scope, command instructions.ArgCommand) *scope {
	for _, argument := range command.Args {
		name, _ := b.expander.expand(argument.Key, to)
		value, set := b.options.Args[name]
		if !set {
			value, set = b.byDefault(argument, name, to)
		}
		if !set || len(value) > maxExpanded {
			value = unset.Unknown("${" + name + "}")
		}
		to = to.with(name, value)
	}
	return to
}

// byDefault is the value of an argument that nobody gives.
func (b *builder) byDefault(argument instructions.KeyValuePairOptional, name string, in *scope) (string, bool) {
	if argument.Value == nil {
		return b.globals.get(name)
	}
	value, ok := b.expander.expand(*argument.Value, in)
	return value, ok
}

// stageBuilder follows the instructions of a stage.
type stageBuilder struct {
	*builder
	image *Image
	index int
}

// trigger follows what an ONBUILD of the stage below left.
func (s *stageBuilder) trigger(text string, line int) {
	parsed, err := parser.Parse(strings.NewReader(text))
	if err != nil || len(parsed.AST.Children) == 0 {
		return
	}
	command, err := instructions.ParseCommand(parsed.AST.Children[0])
	if err != nil {
		s.refuse(lines{line, line}, "ONBUILD: %v", err)
		return
	}
	s.instruction(command, lines{line, line})
}

func (s *stageBuilder) expand(word string) string {
	text, _ := s.expander.expand(word, s.image.variables)
	return text
}

func (s *stageBuilder) instruction(command instructions.Command, at lines) {
	image, find := s.image, s.file.source.find(at)
	switch c := command.(type) {
	case *instructions.ArgCommand:
		image.variables = s.withoutClash(s.arguments(image.variables, *c), *c)
	case *instructions.EnvCommand:
		s.environment(c, find)
	case *instructions.CopyCommand:
		s.copy(c.SourcesAndDest, c.From, c.Parents || len(c.ExcludePatterns) > 0, at, false)
	case *instructions.AddCommand:
		s.copy(c.SourcesAndDest, "", len(c.ExcludePatterns) > 0, at, true)
	case *instructions.RunCommand:
		s.run(c, at)
	case *instructions.WorkdirCommand:
		image.WorkingDir = join(image.WorkingDir, s.expand(c.Path))
	case *instructions.UserCommand:
		image.User, image.UserAt = s.expand(c.User), find.word(c.User)
	case *instructions.VolumeCommand:
		for _, volume := range c.Volumes {
			image.Volumes = append(image.Volumes, Word{Text: s.expand(volume), At: find.word(volume)})
		}
	case *instructions.ExposeCommand:
		for _, port := range c.Ports {
			image.Ports = append(image.Ports, Word{Text: s.expand(port), At: find.word(port)})
		}
	case *instructions.HealthCheckCommand:
		image.Health, image.HealthAt = s.command(c.Health.Test, false, at), s.file.source.span(at)
	case *instructions.ShellCommand:
		image.shell = c.Shell
	case *instructions.EntrypointCommand:
		image.Entrypoint = s.command(c.CmdLine, c.PrependShell, at)
		if !image.commanded {
			image.Command, image.Cleared = nil, true
		}
	case *instructions.CmdCommand:
		image.Command, image.commanded = s.command(c.CmdLine, c.PrependShell, at), true
	case *instructions.OnbuildCommand:
		image.triggers, image.triggerAt = append(slices.Clip(image.triggers), c.Expression), append(slices.Clip(image.triggerAt), at.first)
	}
}

// withoutClash makes an argument unknown that has another value than the ENV of
// its name: which of them counts, Docker's builders do not agree on (the classic
// one of 20.10 keeps that of ENV).
func (s *stageBuilder) withoutClash(variables *scope, command instructions.ArgCommand) *scope {
	for _, argument := range command.Args {
		value, _ := variables.get(argument.Key)
		for _, variable := range s.image.Environment {
			if variable.Name == argument.Key && variable.Value != value {
				variables = variables.with(argument.Key, unset.Unknown("${"+argument.Key+"}"))
			}
		}
	}
	return variables
}

// environment adds the variables of an ENV. Those of one ENV do not see each
// other.
func (s *stageBuilder) environment(c *instructions.EnvCommand, find *finder) {
	before := s.image.variables
	for _, pair := range c.Env {
		name, _ := s.expander.expand(pair.Key, before)
		value, _ := s.expander.expand(pair.Value, before)
		variable := Variable{Name: name, Value: value, At: find.word(pair.Key)}
		if end := find.word(pair.Value); pair.Value != "" && end.End.Line == variable.At.Start.Line && end.Start.Column >= variable.At.End.Column {
			variable.At.End = end.End
		}
		s.image.variables = s.image.variables.with(name, value)
		s.image.Environment = slices.DeleteFunc(s.image.Environment, func(v Variable) bool { return v.Name == name })
		s.image.Environment = append(s.image.Environment, variable)
	}
}

// command places the words of an ENTRYPOINT or the like.
func (s *stageBuilder) command(texts []string, inShell bool, at lines) *Command {
	find := s.file.source.find(at)
	command := &Command{At: s.file.source.span(at)}
	if inShell {
		command.Words = s.shellWords(command.At)
	}
	for _, text := range texts {
		command.Words = append(command.Words, Word{Text: text, At: find.word(text), Lines: at.last - at.first + 1})
	}
	return command
}

// shellWords are those of the shell that a shell form goes to.
func (s *stageBuilder) shellWords(at position.Span) []Word {
	shell := s.image.shell
	if len(shell) == 0 {
		shell = []string{"/bin/sh", "-c"}
	}
	var words []Word
	for _, text := range shell {
		words = append(words, Word{Text: text, At: at, Lines: 1})
	}
	return words
}

// join goes on from a working directory.
func join(directory, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(directory, name)
}

// run adds a RUN. With a here-document alone, its text is the script, or a
// program where it begins with #!.
func (s *stageBuilder) run(c *instructions.RunCommand, at lines) {
	run := &Run{
		Script: c.PrependShell, Mounts: slices.ContainsFunc(c.FlagsUsed, func(flag string) bool { return flag == "mount" }),
		Variables: Variables{s.image.variables}, Directory: s.image.WorkingDir, At: s.file.source.span(at),
	}
	texts := c.CmdLine
	if len(c.Files) > 0 && len(texts) == 1 {
		texts = []string{scriptOf(texts[0], c.Files)}
	}
	find := s.file.source.find(at)
	if c.PrependShell {
		run.Words = s.shellWords(run.At)
	}
	for _, text := range texts {
		run.Words = append(run.Words, Word{Text: text, At: find.word(text), Lines: at.last - at.first + 1})
	}
	if first := bodyLine(c, at); first > 0 && s.file.source.Whole.IsZero() {
		// The text of the here-document begins below the instruction.
		run.Words[len(run.Words)-1].At = s.file.source.File.LineSpan(s.file.source.Above + first)
	}
	s.image.Steps = append(s.image.Steps, run)
}

func scriptOf(command string, files []instructions.ShellInlineFile) string {
	if heredoc, err := parser.ParseHeredoc(command); err == nil && heredoc != nil {
		if files[0].Chomp {
			return parser.ChompHeredocContent(files[0].Data)
		}
		return files[0].Data
	}
	var text strings.Builder
	text.WriteString(command)
	for _, file := range files {
		text.WriteString("\n" + file.Data + file.Name)
	}
	return text.String()
}

// bodyLine is the line on which the text of a here-document begins that is all
// of a RUN, 0 where there is none.
func bodyLine(c *instructions.RunCommand, at lines) int {
	if len(c.Files) != 1 || len(c.CmdLine) != 1 {
		return 0
	}
	if heredoc, err := parser.ParseHeredoc(c.CmdLine[0]); err != nil || heredoc == nil {
		return 0
	}
	return at.last - strings.Count(c.Files[0].Data, "\n")
}

// copy adds a COPY or an ADD.
func (s *stageBuilder) copy(c instructions.SourcesAndDest, from string, partial bool, at lines, add bool) {
	find := s.file.source.find(at)
	step := &Copy{Directory: s.image.WorkingDir, Add: add, Partial: partial, At: s.file.source.span(at)}
	s.origin(step, from)
	for _, source := range c.SourcePaths {
		step.Sources = append(step.Sources, CopySource{Path: s.expand(source), At: find.word(source)})
	}
	line := at.last
	for _, content := range slices.Backward(c.SourceContents) {
		line -= strings.Count(content.Data, "\n")
		source := CopySource{
			Path: content.Path, Inline: true, Text: content.Data, File: s.file.source.File.File, Above: s.file.source.Above + line - 1, At: step.At,
		}
		if content.Expand {
			inText := expander{escape: '\\', keepsQuotes: true}
			source.Text, _ = inText.expand(content.Data, s.image.variables)
		}
		line--
		step.Sources = append(step.Sources, source)
	}
	step.Target = s.expand(c.DestPath)
	s.image.Steps = append(s.image.Steps, step)
}

// origin says where the sources of a copy are.
func (s *stageBuilder) origin(step *Copy, from string) {
	if from == "" {
		return
	}
	name, _ := s.expander.expand(from, nil)
	if given, ok := s.options.Contexts[strings.ToLower(name)]; ok {
		step.From = given
	} else if earlier, ok := s.file.stage(name, s.index); ok {
		step.Stage = s.stage(earlier)
	} else {
		step.From = name
	}
}
