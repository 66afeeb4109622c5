package redis

// ReservedFiles is how many open files a server keeps for itself beside its clients.
const ReservedFiles = 32

// fileLimitStep is by how much a server lowers what it asks for until it gets it.
const fileLimitStep = 16

// ClientsWithin returns what a server makes of maxclients where it may open
// soft files, and hard ones if it asks for them; a negative limit is none. What
// is left may be nothing: then the server does not start. It is
// adjustOpenFilesLimit of server.c, the same in Redis 6.2 to 7.4 and Valkey
// (tried on Redis 7.0.15, 8.0.2, Valkey 8.1.1 and 9.1.2: 512 leaves 480, 512
// and 4096 leave 4064). certain is false where it hangs on whether a program in
// front of the server has raised the soft limit, as gosu does if Go made it so:
// then there are no steps.
func ClientsWithin(clients, soft, hard int64) (left int64, certain bool) {
	wanted := clients + ReservedFiles
	if hard < 0 || soft < 0 || wanted <= max(soft, hard) {
		return clients, true
	}
	steps := (wanted - hard + fileLimitStep - 1) / fileLimitStep
	files := max(wanted-steps*fileLimitStep, soft)
	return files - ReservedFiles, files == hard
}
