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
var ownWords = partSet(`account acl address admin anyone application auth backup bind cache certificate change changes check client cluster
	command comment compose conf config configuration connection container data database default deploy development directive directory
	docker entrypoint environment error exporter fault file finding guest health healthcheck host image include information interface
	keydb limit line list local localhost master memory message mount network node note null option password passwords path pass
	persistence place port primary production project protected public published quorum read redis replica replicas restart root rule save
	script secret secrets sentinel server service services shell slave snapshot stack start state statement storage string swarm system
	task template test tester testing text token true false unknown unseen unset user users valkey value values variable variables version
	volume warning word words write yaml none empty open inspect known seen reads written wrong missing without should nothing`)

// generalWords are those that mean something else in every project.
func generalWords() map[string]bool {
	words := redis.DefaultRelease(redis.Redis).Vocabulary()
	maps.Copy(words, ownWords)
	return words
}

// isDistinctive reports whether a secret can be told from other words.
func (c *Collection) isDistinctive(secret string) bool {
	if len(secret) < shortestWord {
		return false
	}
	if strings.Trim(secret, "0123456789") == "" {
		return len(secret) >= shortestNumber
	}
	words := slices.Collect(strings.FieldsFuncSeq(strings.ToLower(secret), isNoWord))
	return len(words) == 0 || slices.ContainsFunc(words, func(word string) bool { return !c.words[word] })
}

func isNoWord(r rune) bool {
	return r < 0x80 && (r < 'a' || r > 'z') && (r < '0' || r > '9')
}

// learn collects the words that a text uses for something else.
func (c *Collection) learn(t *text) {
	c.learnWords(strings.TrimSuffix(t.name, path.Ext(t.name)))
	for _, document := range t.documents {
		c.learnKeys(document)
	}
}

// learnKeys collects the words of keys and images.
func (c *Collection) learnKeys(node *yaml.Node) {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 {
			c.learnWords(node.Content[i-1].Value)
			if node.Content[i-1].Value == "image" {
				c.learnWords(child.Value)
			}
		}
		c.learnKeys(child)
	}
}

func (c *Collection) learnWords(text string) {
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), isNoWord) {
		c.words[word] = true
	}
}
