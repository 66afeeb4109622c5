// Package rules holds what can be wrong with a Redis or Valkey service in a
// compose project, one rule a file.
package rules

import "github.com/rcomp/rcomp/lint"

// All is every rule, in the order in which people read them: what keeps a
// server from running as written, memory, access, data, operation, Sentinel.
var All = []*lint.Rule{
	yamlInvalid,
	composeInvalid,
	versionKeyObsolete,
	directiveUnknown,
	directiveInvalid,
	confNotLoaded,
	confIsDirectory,
	maxmemoryNotSet,
	evictionPolicyNotSet,
	memoryLimitNotSet,
	maxmemoryOverMemoryLimit,
	passwordMissing,
	passwordVariableEmpty,
	passwordInArgv,
	passwordInEnvironment,
	passwordInHealthcheck,
	portOnAllInterfaces,
	dataVolumeMissing,
	healthcheckMissing,
	healthcheckWithoutAuth,
	imageTagFloating,
	replicaWithoutMasterauth,
	sentinelConfNotWritable,
	sentinelHostnameUnresolved,
	sentinelCount,
	clusterAnnounceMissing,
	clusterWithoutReplicas,
}
