package lint

// Guide is what "rcomp explain" and the page of a rule show beside its reasons.
// Fault and NearMiss are compose files, of which the second only looks like the
// first; Mend and Ignore are a sentence or two. Cases say what the severity
// comes from: the first is the rule's own, the others are of findings that
// differ.
type Guide struct {
	Fault, NearMiss, Mend, Ignore string
	Cases                         []Case
}

// Hurt is what a fault hurts, the first of the three questions that make a
// severity.
type Hurt int

// What can be hurt, the worst first.
const (
	Data       Hurt = iota // the data, who may read them, or the server itself
	Neighbours             // clients, and what else runs on the host
	Readers                // who reads and operates the files
)

// Surely is how surely it comes to that.
type Surely int

// How surely.
const (
	Certain     Surely = iota // the files alone bring it about
	Conditional               // it takes a condition that is common, and the message says it
	Possible                  // it takes somebody, or something that is not seen
)

// Soon is when it comes to that.
type Soon int

// How soon.
const (
	AtOnce    Soon = iota // from the start on
	AtFault               // at the next restart, failover, pull or full memory, all of which come
	Sometimes             // some day, if at all
)

// Case is one way in which a rule finds a fault. When says which, where a rule
// has several.
type Case struct {
	When   string
	Hurt   Hurt
	Surely Surely
	Soon   Soon
}

// Severity is what a case is worth. An error is kept for what certainly breaks
// the server, its data or its lock; what only readers meet is never more than a
// note, and neither is what takes somebody else and some day.
func (c Case) Severity() Severity {
	switch {
	case c.Hurt == Readers, c.Surely == Possible && (c.Soon == Sometimes || c.Hurt == Neighbours):
		return Note
	case c.Hurt == Data && c.Surely == Certain && c.Soon != Sometimes:
		return Error
	}
	return Warning
}

// The words of the matrix, as its page prints them.
var (
	hurts    = map[Hurt]string{Data: "data, access or the server itself", Neighbours: "clients or the host", Readers: "readers of the files"}
	sureties = map[Surely]string{Certain: "certain", Conditional: "on a condition", Possible: "possible"}
	soons    = map[Soon]string{AtOnce: "at once", AtFault: "at the next fault", Sometimes: "some day"}
)

// String says what is hurt.
func (h Hurt) String() string { return hurts[h] }

// String says how surely.
func (s Surely) String() string { return sureties[s] }

// String says how soon.
func (s Soon) String() string { return soons[s] }
