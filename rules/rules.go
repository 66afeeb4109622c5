// Package rules holds what can be wrong with a Redis or Valkey service in a
// compose project, one rule a file.
package rules

import (
	"slices"

	"github.com/rcomp/rcomp/lint"
	"github.com/rcomp/rcomp/lint/ignore"
	"github.com/rcomp/rcomp/lint/settings"
)

// All is every rule, in the order in which people read them: what keeps a
// server from running as written, memory, access, data, operation, Sentinel.
var All = []*lint.Rule{
	yamlInvalid,
	composeInvalid,
	versionKeyObsolete,
	directiveUnknown,
	directiveInvalid,
	serverEnds,
	commandCut,
	sysctlRefused,
	confNotLoaded,
	confIsDirectory,
	variableNotExpanded,
	variableNotRead,
	maxmemoryNotSet,
	evictionPolicyNotSet,
	memoryLimitNotSet,
	maxmemoryOverMemoryLimit,
	passwordMissing,
	passwordVariableEmpty,
	serverLockedOut,
	passwordSuperseded,
	commandRenamed,
	dangerousCommandsEnabled,
	passwordInArgv,
	passwordInEnvironment,
	passwordInHealthcheck,
	passwordWeak,
	passwordCut,
	passwordIsPath,
	portOnAllInterfaces,
	interfaceOpen,
	dataVolumeMissing,
	dataVolumeShared,
	snapshotNotWritable,
	dataOnNetwork,
	appendOnlyFileGrows,
	signalsLost,
	healthcheckMissing,
	healthcheckWithoutAuth,
	healthcheckNeverSucceeds,
	healthcheckNeverFails,
	healthcheckWithoutShell,
	healthcheckWrites,
	imageTagFloating,
	imageEnded,
	imageVulnerable,
	imageFrozen,
	queueEvicts,
	clientAddressWrong,
	clientWithoutFailover,
	exporterAddressWrong,
	exporterPasswordFileInvalid,
	clientsOverFileLimit,
	userLacksRights,
	backupBlocks,
	replicaWithoutMasterauth,
	replicationWithoutTLS,
	replicaOlder,
	masterRestartsEmpty,
	minReplicasUnreachable,
	sentinelConfNotWritable,
	sentinelConfShared,
	sentinelHostnameUnresolved,
	sentinelNameNotAnnounced,
	sentinelCount,
	sentinelPasswordWrong,
	failoverWithoutCandidate,
	sentinelMasterUnknown,
	clusterAnnounceMissing,
	clusterAnnounceUnreachable,
	clusterCreateRefused,
	clusterCreateRepeats,
	clusterWithoutReplicas,
	clusterNodeForgets,
	clusterCreateUnconfirmed,
	clientTooOld,
	stackPortAddress,
	stackKeyUnsupported,
	stackUpdateOverlaps,
	containerPrivileged,
}

// Known is every rule that a person may name: those of All, and those about
// rcomp's own comments and settings, which no project breaks by itself.
func Known() []*lint.Rule {
	return slices.Concat(All, ignore.Rules, settings.Rules)
}

// ByID returns the rule with an ID, nil where there is none.
func ByID(id string) *lint.Rule {
	for _, rule := range Known() {
		if rule.ID == id {
			return rule
		}
	}
	return nil
}
