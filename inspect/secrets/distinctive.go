package secrets

import (
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rcomp/rcomp/redis"
)

// The shortest secrets that are looked for beyond their own place.
const (
	shortestWord   = 4
	shortestNumber = 6
)

// ownWords are those of rcomp's messages that somebody may take for a
// password.
var ownWords = partSet(`about account acl added additional address addresses admin after again alone already anew announces anonymous another answers anybody anyone application asks
	auth away back background backslash backup become becomes before begin begins behind belongs below beside between bind binds blanks both brings
	buffers built cache call calls came cannot causes ceiling certificate change changes character characters check client close closing cluster code come
	comes command comment common compatible compose conditions conf config configuration connection container containers copied copies copy could counts
	cpus crafted creates cuts data database default deletes deploy development directive directory docker dockerfile does dollar double drop drops each
	echo either else empty ends entrypoint environment error ever every everybody everything exec exist exits exporter failed fails false fault fewer file
	fill finding finds firewalld first fits fixes follow followed follows forks format found fragmentation fully gets give given gives goes gone group
	guest happen happens have health healthcheck healthy here holds host identity ignores image include indentation information inside inspect instead
	interface into itself jobs judged keep keeps kept kernel key keydb kill kills known lacks leads learns leaves lets lies limit line list listens lists
	local localhost logs looks loopback lose loss lost machine made main major make makes master mean memory message minor missing more mount mounted
	moves much must name named names need needs neither network networks never nobody node none note nothing nowhere null number once open opening option
	options other others outside over pages pair pairs part pass passes password passwords past path persistence place point points port primary
	production program project promise properties protected protects public published publishes pulled puts putting quorum quote reach reaches read reads
	ready reason redis refused refuses release removed replace replica replicas replicates rest restart restarted restarts room root rule runs save saved
	saves says script seconds secret secrets security seen sends sent sentinel sentinels server service services sets shares shell should shows signals
	since single slave snapshot soon speak speaks stack stage stand stands start started starts state statement stays step steps stopped stops storage
	stranger string swarm system take takes task tells template test tester testing text that them then there they this three tmpfs token told tried tries
	true turn turned twice unbalanced unit unknown unless unseen unset until user users valkey value values variable variables version violates void
	volume waits wants warning warns watch watches well what where whether which while whoever whole whose with without word words work would write
	written wrong yaml`)

// generalWords are those that mean something else in every project.
func generalWords() map[string]bool {
	words := redis.DefaultRelease(redis.Redis).Vocabulary()
	maps.Copy(words, ownWords)
	return words
}

// isDistinctive reports whether a secret can be told from other words.
func isDistinctive(secret string, others map[string]bool) bool {
	if len(secret) < shortestWord {
		return false
	}
	if strings.Trim(secret, "0123456789") == "" {
		return len(secret) >= shortestNumber
	}
	words := wordsOf(secret)
	return len(words) == 0 || slices.ContainsFunc(words, func(word string) bool { return !others[word] })
}

// isPlainWord reports whether a text may be a word of prose: letters, perhaps
// with signs around them.
func isPlainWord(text string) bool {
	text = strings.ToLower(strings.Trim(text, "`\"'()[]{}<>.,:;!?-"))
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz'-") == ""
}

func isNoWord(r rune) bool {
	return r < 0x80 && (r < 'a' || r > 'z') && (r < '0' || r > '9')
}

// learn collects the names that a text uses for something else.
func (c *Collection) learn(t *text) {
	c.names[strings.TrimSuffix(t.name, path.Ext(t.name))] = true
	for _, document := range t.documents {
		c.learnKeys(document)
	}
}

// learnKeys collects the names of keys and images.
func (c *Collection) learnKeys(node *yaml.Node) {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 {
			c.names[node.Content[i-1].Value] = true
			if node.Content[i-1].Value == "image" {
				c.names[child.Value] = true
			}
		}
		c.learnKeys(child)
	}
}

// wordsOfOthers are the words that rcomp or a project uses for something else.
func (c *Collection) wordsOfOthers() map[string]bool {
	if len(c.values) == 0 {
		return nil
	}
	words := generalWords()
	for name := range c.names {
		for _, word := range wordsOf(name) {
			words[word] = true
		}
	}
	return words
}

func wordsOf(text string) []string { return strings.FieldsFunc(strings.ToLower(text), isNoWord) }
