package edit

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/lint/compose"
	"github.com/rcomp/rcomp/lint/compose/model"
	"github.com/rcomp/rcomp/lint/position"
)

// Set writes a value at a path of a service: in the place of the scalar that
// stands there, or as a new entry of the mapping above it, which is made where
// it is missing.
func (p *Plan) Set(service *compose.Service, value Value, path ...any) *Plan {
	p.Means(meaning(service, path...))
	if entry, ok := service.Entry(path...); ok {
		return p.replaceScalar(entry.Value.Origin, value)
	}
	key, named := path[len(path)-1].(string)
	above, ok := service.Entry(path[:len(path)-1]...)
	switch {
	case !named:
		return p.Refuse("the list is not so long")
	case !ok:
		return p.Set(service, Map(Entry{key, value}), path[:len(path)-1]...)
	case len(path) > 1:
		return p.insert(above.Value.Origin, Entry{key, value})
	}
	origin, ok := body(service)
	if !ok {
		return p.Refuse("it is not seen where %q is written", service.Name)
	}
	return p.insert(origin, Entry{key, value})
}

// meaning names a path of a service, as far as the list that an item is in:
// those behind it may move.
func meaning(service *compose.Service, path ...any) string {
	parts := []string{"services", service.Name}
	for _, part := range path {
		name, named := part.(string)
		if !named {
			break
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ".")
}

// body is the mapping of a service in the file where it is at home.
func body(service *compose.Service) (model.Origin, bool) {
	home := service.Home()
	if home.Document == nil || home.Document.Root == nil {
		return model.Origin{}, false
	}
	if node := valueOf(home.Document.Root, home.Node); node != nil {
		return model.Origin{Document: home.Document, Node: node}, true
	}
	return model.Origin{}, false
}

// valueOf finds the value of a key, which is one node of a document.
func valueOf(root, key *yaml.Node) *yaml.Node {
	for i, node := range root.Content {
		if node == key && root.Kind == yaml.MappingNode && i%2 == 0 {
			return root.Content[i+1]
		}
		if found := valueOf(node, key); found != nil {
			return found
		}
	}
	return nil
}

// replaceScalar writes a value where a scalar or nothing stands.
func (p *Plan) replaceScalar(origin model.Origin, value Value) *Plan {
	node := origin.Node
	switch {
	case node == nil || origin.Document == nil:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind != yaml.ScalarNode || len(value.entries) > 0:
		return p.Refuse("something else than one value stands there")
	case strings.Contains(strings.ReplaceAll(node.Value, "$$", ""), "$"):
		return p.Refuse("a variable of Compose stands there")
	}
	start, end, ok := extent(origin)
	if !ok || node.Value == "" && node.Style == 0 {
		return p.Refuse("nothing stands there that could be replaced")
	}
	if len(value.items) > 0 || value.written {
		return p.replace(origin.Document.Text, start, end, value.inline())
	}
	written, ok := like(node, value.text)
	if !ok {
		return p.Refuse("a text over several lines stands there")
	}
	return p.replace(origin.Document.Text, start, end, written)
}

// insert adds an entry to a mapping, behind its last one.
func (p *Plan) insert(origin model.Origin, entry Entry) *Plan {
	node, document := origin.Node, origin.Document
	switch {
	case node == nil || document == nil:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind != yaml.MappingNode || len(node.Content) == 0:
		return p.Refuse("no mapping with entries stands there")
	case node.Style&yaml.FlowStyle != 0:
		return p.insertFlow(origin, Map(entry).inline()[1:len(Map(entry).inline())-1])
	}
	last, ok := lastLine(document, node)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	// Keys that begin on the line of a dash have the column of their own.
	indent := node.Content[0].Column - 1
	if strings.Contains(document.Line(node.Content[0].Line)[:min(indent, len(document.Line(node.Content[0].Line)))], "\t") {
		return p.Refuse("it is indented with tabs")
	}
	return p.InsertBelow(document.Text, last, styleOf(document).lines(entry, indent))
}

// insertFlow adds to a collection on one line, before its end.
func (p *Plan) insertFlow(origin model.Origin, written string) *Plan {
	node, text := origin.Node, origin.Document.Text
	start, end, ok := extent(origin)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	inner := string(text.Source[start+1 : end-1])
	kept := strings.TrimRight(inner, " \t\r\n")
	at := start + 1 + len(kept)
	switch {
	case len(node.Content) == 0:
	case strings.HasSuffix(kept, ","):
		written = " " + written
	case strings.Contains(inner, "#"):
		return p.Refuse("comments stand in it")
	default:
		written = ", " + written
	}
	return p.replace(text, at, at, written)
}

// Append adds items to the list at a path of a service, which is made where it
// is missing. They are quoted as the item before them is.
func (p *Plan) Append(service *compose.Service, items []Value, path ...any) *Plan {
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Set(service, List(items...), path...)
	}
	p.Means(meaning(service, path...))
	return p.appendTo(entry.Value.Origin, items)
}

func (p *Plan) appendTo(origin model.Origin, items []Value) *Plan {
	node, document := origin.Node, origin.Document
	switch {
	case node == nil || document == nil:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Kind != yaml.SequenceNode:
		return p.Refuse("no list stands there")
	}
	if node.Style&yaml.FlowStyle != 0 {
		for _, item := range items {
			// Each is put before the end: those that follow find what the first left.
			written := likeItems(node, item)
			if len(node.Content) == 0 && len(p.fix.Edits) > 0 {
				written = ", " + written
			}
			p.insertFlow(origin, written)
		}
		return p
	}
	if len(node.Content) == 0 {
		return p.Refuse("the list has no items to go behind")
	}
	last, ok := lastLine(document, node)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	indent := node.Column - 1
	for _, item := range items {
		if len(item.entries) == 0 {
			item = Plain(likeItems(node, item))
		}
		p.InsertBelow(document.Text, last, styleOf(document).listItem(item, indent))
	}
	return p
}

// likeItems writes an item in the quotes of the last one.
func likeItems(list *yaml.Node, item Value) string {
	if item.written || len(item.entries) > 0 || len(item.items) > 0 || len(list.Content) == 0 {
		return item.inline()
	}
	last := list.Content[len(list.Content)-1]
	if last.Kind == yaml.ScalarNode && last.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		if written, ok := like(last, item.text); ok {
			return written
		}
	}
	return item.inline()
}

// ReplaceScalar writes a text where a scalar stands, in its quotes.
func (p *Plan) ReplaceScalar(origin model.Origin, value Value) *Plan {
	return p.replaceScalar(origin, value)
}

// Delete removes the entry at a path of a service, or the item of a list.
func (p *Plan) Delete(service *compose.Service, path ...any) *Plan {
	p.Means(meaning(service, path...))
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Refuse("it is not seen where it is written")
	}
	return p.deleteEntry(entry)
}

// DeleteTop removes a key of the top level from every file that has it.
func (p *Plan) DeleteTop(key string) *Plan {
	p.Means(key)
	for _, file := range p.project.Files {
		for _, root := range p.project.Documents(file) {
			document := &model.Document{Text: p.project.Text(file), Root: root}
			for i := 0; i+1 < len(root.Content) && root.Kind == yaml.MappingNode; i += 2 {
				if root.Content[i].Value == key {
					at := func(node *yaml.Node) model.Origin { return model.Origin{Document: document, Node: node} }
					p.deleteEntry(model.Entry{Name: key, Key: at(root.Content[i]), Value: &model.Value{Origin: at(root.Content[i+1])}})
				}
			}
		}
	}
	return p
}

func (p *Plan) deleteEntry(entry model.Entry) *Plan {
	document, key := entry.Key.Document, entry.Key.Node
	if document == nil || key == nil {
		return p.Refuse("it is not seen where it is written")
	}
	parent := parentOf(document.Root, key)
	value := entry.Value.Origin.Node
	switch {
	case parent == nil:
		return p.Refuse("it is not seen where it is written")
	case parent.Style&yaml.FlowStyle != 0:
		return p.Refuse("it stands in a collection on one line")
	case parent.Kind == yaml.SequenceNode && len(parent.Content) == 1, parent.Kind == yaml.MappingNode && len(parent.Content) == 2:
		return p.Refuse("nothing would be left beside it")
	case parent.Kind == yaml.MappingNode:
		value = valueOf(parent, key)
	}
	before := document.Line(key.Line)
	before = before[:min(key.Column-1, len(before))]
	if strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(before, " "), "-"), " ") != "" || parent.Kind == yaml.MappingNode && strings.Contains(before, "-") {
		return p.Refuse("it does not stand on lines of its own")
	}
	last, ok := lastLine(document, value)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	return p.DeleteLines(document.Text, key.Line, max(last, key.Line))
}

// parentOf is the collection that a node stands in.
func parentOf(root, node *yaml.Node) *yaml.Node {
	if root == nil {
		return nil
	}
	for _, below := range root.Content {
		if below == node {
			return root
		}
		if found := parentOf(below, node); found != nil {
			return found
		}
	}
	return nil
}

// Top adds entries to a section of the top level, which is made at the end of
// the file of a service where it is missing.
func (p *Plan) Top(service *compose.Service, section string, entries ...Entry) *Plan {
	var missing []Entry
	for _, entry := range entries {
		p.Means(section + "." + entry.Key)
		if p.project.Value(section, entry.Key) == nil {
			missing = append(missing, entry)
		}
	}
	if len(missing) == 0 {
		return p
	}
	document := service.Home().Document
	if document == nil || document.Root == nil {
		return p.Refuse("it is not seen where %q is written", service.Name)
	}
	root := document.Root
	if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
		root = root.Content[0]
	}
	if p.project.Value("services") == nil || !slices.ContainsFunc(root.Content, func(node *yaml.Node) bool { return node.Value == "services" }) {
		return p.Refuse("the file has no top level of today's format")
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != section {
			continue
		}
		value := root.Content[i+1]
		for _, entry := range missing {
			if value.Kind == yaml.ScalarNode && value.Value == "" {
				p.InsertBelow(document.Text, root.Content[i].Line, styleOf(document).lines(entry, root.Content[i].Column-1+styleOf(document).step))
				continue
			}
			p.insert(model.Origin{Document: document, Node: value}, entry)
		}
		return p
	}
	if len(root.Content) == 0 || root.Style&yaml.FlowStyle != 0 {
		return p.Refuse("the file is written on one line")
	}
	last, ok := lastLine(document, root)
	if !ok {
		return p.Refuse("it is not seen where it ends")
	}
	return p.InsertBelow(document.Text, last, append(blankBetween(document, root), styleOf(document).lines(Entry{section, Map(missing...)}, root.Content[0].Column-1)...))
}

// blankBetween is the blank line between two sections, where the file has some.
func blankBetween(document *model.Document, root *yaml.Node) []string {
	for i := 2; i < len(root.Content); i += 2 {
		if isBlank(document.Line(root.Content[i].Line - 1)) {
			return []string{""}
		}
	}
	if len(root.Content) == 2 {
		return []string{""}
	}
	return nil
}

// styleOf is how a document is indented: as its first mapping in a mapping and
// its first list below a key are.
func styleOf(document *model.Document) style {
	s := style{step: 2, item: -1}
	stepSeen := false
	var look func(node *yaml.Node)
	look = func(node *yaml.Node) {
		if node.Kind == yaml.MappingNode && node.Style&yaml.FlowStyle == 0 {
			for i := 0; i+1 < len(node.Content); i += 2 {
				key, value := node.Content[i], node.Content[i+1]
				switch in := value.Column - key.Column; {
				case len(value.Content) == 0 || value.Style&yaml.FlowStyle != 0 || value.Line <= key.Line:
				case value.Kind == yaml.MappingNode && !stepSeen && value.Content[0].Column > key.Column:
					s.step, stepSeen = value.Content[0].Column-key.Column, true
				case value.Kind == yaml.SequenceNode && s.item < 0 && in >= 0:
					s.item = in
				}
			}
		}
		for _, below := range node.Content {
			look(below)
		}
	}
	look(document.Root)
	if s.item < 0 {
		s.item = s.step
	}
	return s
}

// lastLine is the last line that a node is written on, without the comments
// and blank lines behind it.
func lastLine(document *model.Document, node *yaml.Node) (number int, ok bool) {
	switch {
	case node == nil || node.Line == 0:
		return 0, false
	case node.Style&yaml.FlowStyle != 0 && node.Kind != yaml.ScalarNode:
		_, end, ok := extent(model.Origin{Document: document, Node: node})
		return line(document.Text, end), ok
	case len(node.Content) > 0 && node.Kind != yaml.AliasNode:
		last := node.Content[len(node.Content)-1]
		if node.Kind == yaml.MappingNode && last.Kind == yaml.ScalarNode && last.Value == "" && last.Style == 0 {
			last = node.Content[len(node.Content)-2] // nothing stands behind the key
		}
		number, ok = lastLine(document, last)
		if last.Kind == yaml.ScalarNode && last.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
			number = goesOn(document, last, number, ownIndent(node))
		}
		return number, ok
	}
	end := document.Span(node).End.Line
	if end > document.Lines() {
		return 0, false
	}
	return end, true
}

// ownIndent is the indentation of the entries of a collection.
func ownIndent(node *yaml.Node) int {
	if node.Kind == yaml.MappingNode {
		return node.Content[0].Column - 1
	}
	return node.Column - 1
}

// goesOn is the last line of a text that may stand on several: those that are
// further in. In a block what looks like a comment is text.
func goesOn(document *model.Document, node *yaml.Node, number, indent int) int {
	block := node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	for next := number + 1; next <= document.Lines(); next++ {
		text := document.Line(next)
		switch {
		case isBlank(text):
		case indentOf(text) <= indent || isComment(text) && !block:
			return number
		default:
			number = next
		}
	}
	return number
}

// extent is where a node begins and ends, in bytes; ok is false for blocks and
// plain texts over several lines.
func extent(origin model.Origin) (start, end int, ok bool) {
	document, node := origin.Document, origin.Node
	span := document.Span(node)
	start = document.Offset(span.Start)
	if node.Kind == yaml.ScalarNode {
		end = document.Offset(span.End)
		switch {
		case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
			return start, end, false
		case node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
			return start, end, true
		}
		return start, end, string(document.Source[start:end]) == node.Value
	}
	if node.Style&yaml.FlowStyle == 0 {
		return start, start, false
	}
	end, ok = closing(document.Text, start)
	return start, end, ok
}

// closing finds the end of a collection that begins with a bracket.
func closing(text *position.Text, start int) (end int, ok bool) {
	depth, quote := 0, byte(0)
	for i := start; i < len(text.Source); i++ {
		c := text.Source[i]
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if strings.IndexByte(" \t\r\n,[{:", text.Source[i-1]) >= 0 {
				quote = c
			}
		case c == '#' && strings.IndexByte(" \t\n", text.Source[i-1]) >= 0:
			for i < len(text.Source) && text.Source[i] != '\n' {
				i++
			}
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return 0, false
}

// Replace writes a value in the place of what stands at a path of a service,
// be it one line or more.
func (p *Plan) Replace(service *compose.Service, value Value, path ...any) *Plan {
	p.Means(meaning(service, path...))
	entry, ok := service.Entry(path...)
	if !ok {
		return p.Refuse("it is not seen where it is written")
	}
	origin := entry.Value.Origin
	document, node := origin.Document, origin.Node
	switch {
	case node == nil || document == nil || entry.Key.Node == nil || entry.Key.Document != document:
		return p.Refuse("it is not seen where it is written")
	case node.Kind == yaml.AliasNode:
		return p.Refuse("an alias, *%s, stands there", node.Value)
	case node.Anchor != "":
		return p.Refuse("it has an anchor, &%s", node.Anchor)
	}
	if start, end, ok := extent(origin); ok {
		return p.replace(document.Text, start, end, value.inline())
	}
	key := entry.Key.Node
	if node.Line == key.Line && node.Kind == yaml.ScalarNode {
		return p.replaceBlock(document, key, node, value)
	}
	last, ok := lastLine(document, node)
	if !ok || node.Line <= key.Line || node.Kind == yaml.ScalarNode {
		return p.Refuse("it is not seen where it ends")
	}
	return p.replaceLines(document, key, last, value)
}

// replaceBlock is Replace for a text over several lines.
func (p *Plan) replaceBlock(document *model.Document, key, node *yaml.Node, value Value) *Plan {
	last := goesOn(document, node, node.Line, key.Column-1)
	if last == node.Line {
		return p.Refuse("it is not seen where it ends")
	}
	return p.replaceLines(document, key, last, value)
}

// replaceLines writes an entry anew from behind its key to its last line.
func (p *Plan) replaceLines(document *model.Document, key *yaml.Node, last int, value Value) *Plan {
	for number := key.Line; number <= last; number++ {
		if strings.Contains(document.Line(number), " #") || isComment(document.Line(number)) {
			return p.Refuse("comments stand in it")
		}
	}
	line := document.Line(key.Line)
	colon := strings.Index(line[min(key.Column-1, len(line)):], ":")
	if colon < 0 {
		return p.Refuse("it is not seen where it begins")
	}
	start := document.Offset(position.At(key.Line, key.Column)) + colon + 1
	return p.replace(document.Text, start, endOfLine(document.Text, last), " "+value.inline())
}

// SetVariable gives a container a variable, in the list or the mapping that its
// environment is.
func (p *Plan) SetVariable(service *compose.Service, name, value string) *Plan {
	entry, ok := service.Entry("environment")
	if ok && entry.Value.Origin.Node != nil && entry.Value.Origin.Node.Kind == yaml.SequenceNode {
		return p.Append(service, []Value{Text(name + "=" + value)}, "environment")
	}
	return p.Set(service, Text(value), "environment", name)
}
