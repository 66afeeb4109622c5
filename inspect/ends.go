package inspect

import (
	"slices"

	"github.com/rcomp/rcomp/lint/position"
	"github.com/rcomp/rcomp/redis"
)

// End is why a container ends by itself as soon as it is started: no server
// goes on in it.
type End struct {
	Reason  EndReason
	Message string // one sentence, without a full stop
	At      position.Span
}

// EndReason is the kind of an End.
type EndReason string

// The reasons. EndRefused stands for a problem of Problems.
const (
	EndRefused          EndReason = "refused"
	EndNoCommand        EndReason = "no-command"
	EndBackground       EndReason = "background"
	EndDirectoryMissing EndReason = "directory-missing"
	EndFileMissing      EndReason = "file-missing"
	EndNotWritable      EndReason = "not-writable"
	EndConfNotWritable  EndReason = "conf-not-writable"
	EndNoListener       EndReason = "no-listener"
	EndPortTaken        EndReason = "port-taken"
	EndNoCertificate    EndReason = "certificate-missing"
	EndUsers            EndReason = "users"
	EndLocaleMissing    EndReason = "locale-missing"
	EndFileLimit        EndReason = "file-limit"
	EndNoConf           EndReason = "conf-missing"
	EndNoProgram        EndReason = "program-missing"
	EndCapabilities     EndReason = "capabilities"
	EndNoPassword       EndReason = "password-missing"
)

// endings look for what a server ends at, each for one thing, where all that
// the server reads is known.
var endings = []func(*Service) []End{
	endsInBackground,
	endsForDirectory,
	endsForLogfile,
	endsForSocket,
	endsForFiles,
	endsForListener,
	endsForPorts,
	endsForCertificate,
	endsForUsers,
	endsForData,
	endsForLocale,
	endsWithoutConf,
	endsForFileLimit,
}

// Ends lists why the service's container surely ends at once, in the order of
// what is refused and what is not there. It is empty where that is not certain.
func (s *Service) Ends() []End {
	var ends []End
	for _, problem := range s.Problems {
		if problem.Fatal && !(problem.Kind == redis.UnknownDirective && s.MayKnowMore()) {
			ends = append(ends, End{EndRefused, problem.Message, problem.At})
		}
	}
	return append(ends, s.ends...)
}

// EndsFor lists the ends of one reason.
func (s *Service) EndsFor(reason EndReason) []End {
	return slices.DeleteFunc(s.Ends(), func(end End) bool { return end.Reason != reason })
}

// MayKnowMore reports whether the service's image may hold a server of its own,
// or modules, and so directives that nobody knows here.
func (s *Service) MayKnowMore() bool { return s.Unread || s.Image.Family == "" }

// findEnds asks all endings.
func (s *Service) findEnds(p process) {
	s.unaided = s.script == nil && len(s.Config.PostStart) == 0
	s.unprivileged = s.isUnprivileged(p)
	s.startedAt = p.at
	s.ends = slices.Concat(s.ends, endsForSentinelConf(s), endsForPassword(s, p), endsForOneWord(s))
	if s.Opaque != "" || p.setup || s.engine() != redis.Redis && s.engine() != redis.Valkey {
		return
	}
	for _, ending := range endings {
		s.ends = append(s.ends, ending(s)...)
	}
	s.ends = append(s.ends, endsForCapabilities(s, p)...)
}

// isUnprivileged reports whether the server surely runs as another than root:
// as the service says, or since the image's entrypoint steps down.
func (s *Service) isUnprivileged(p process) bool {
	if _, set, _ := s.Variable("SKIP_DROP_PRIVS"); set || s.Built != nil || s.Unread {
		return false
	}
	return isRoot(s.Config.User) && len(s.Config.CapDrop) == 0 && p.entrypoint && !p.wrapped && s.script == nil && s.Image.StepsDown(p.called)
}

// isRoot reports whether a container starts as root: what official images do by
// themselves.
func isRoot(user string) bool {
	return slices.Contains([]string{"", "0", "root", "0:0", "root:root"}, user)
}

// knowsFiles reports whether what the container's file system lacks can be
// told: nothing but the image and the mounts brings files to it.
func (s *Service) knowsFiles() bool {
	return s.unaided && s.Built == nil && !s.Unread && s.Image.Plain() && len(s.Config.VolumesFrom) == 0
}
