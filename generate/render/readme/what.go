package readme

import (
	"fmt"
	"path"
	"strings"

	"github.com/rcomp/rcomp/generate/intent"
	"github.com/rcomp/rcomp/generate/units"
)

// Gen is the command that brings the files to what the intent says, typed in
// their directory.
func (r Readme) Gen(flags ...string) string {
	words := append([]string{"rcomp gen"}, flags...)
	if r.Elsewhere {
		words = append(words, "-o .")
	}
	switch {
	case path.Base(r.Source) == intent.Unnamed:
		words = append(words, "INTENT")
	case r.Source != "redis.toml":
		words = append(words, r.Source)
	}
	return strings.Join(words, " ")
}

// EndOfLife says until when the release is mended, "" where nobody has said so.
func (r Readme) EndOfLife() string {
	return where(r.LastDay != "", "Security fixes for this line end on "+r.LastDay+".")
}

// KnownText is a line where little is known of the release.
func (r Readme) KnownText() string {
	return where(r.Release.Derived(), "What rcomp knows of this line is put together from its release notes and the line before, not read from its sources: a directive that is new in it may be missing.")
}

// setText says what a set is made of.
func (r Readme) setText() string {
	if r.noSentinels() {
		return "a master and " + r.replicasText()
	}
	return fmt.Sprintf("a master and %s, and %d sentinels of which %d have to agree", r.replicasText(), len(r.Sentinels), r.Quorum)
}

// replicasText counts the replicas of a master.
func (r Readme) replicasText() string { return units.Count(r.Replicas, "replica") }

// What says what a deployment is, behind release and image.
func (r Readme) What() string {
	text := where(r.Stack != nil, ", in a swarm")
	switch {
	case r.Cluster != nil:
		return fmt.Sprintf("%s: a cluster of %d masters, each with %s", text, r.Masters, r.replicasText())
	case r.isSet():
		return text + ": " + r.setText()
	}
	return text
}

// AfterPicture goes on below the picture of a set. Without sentinels that is an
// empty line more.
func (r Readme) AfterPicture() string {
	if r.hasSentinels() {
		return "The picture shows the first start. Later any of the servers may lead: the sentinels say which.\n\n"
	}
	return "\n"
}

// ButYours is what gen did not make.
func (r Readme) ButYours() string {
	return where(r.TLS != nil && len(r.TLS.Own) > 0, ", but for your own of TLS") + where(r.TLS != nil && len(r.TLS.Own) > 0 && r.Stack != nil, ",")
}
