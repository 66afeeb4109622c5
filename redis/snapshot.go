package redis

// snapshotFormats are the formats in which lines write their snapshots (tried
// with servers of each: see the table of releases that read what others wrote).
// Lines whose format was not seen are not there. Valkey 9 has one of its own.
var snapshotFormats = map[Release]int{
	{Redis, 6, 2}: 9, {Redis, 7, 0}: 10, {Redis, 7, 2}: 11, {Redis, 7, 4}: 12, {Redis, 8, 0}: 12, {Redis, 8, 6}: 13,
	{Valkey, 7, 2}: 11, {Valkey, 8, 0}: 11, {Valkey, 8, 1}: 11, {Valkey, 9, 1}: 11,
}

// Loads reports whether a server reads the snapshot that one of another release
// writes for it; true where that was not tried. Valkey 9 writes an older format
// for a replica that is older.
func (r Release) Loads(other Release) bool {
	reads, known := snapshotFormats[r]
	writes, tried := snapshotFormats[other]
	return !known || !tried || other == Release{Valkey, 9, 1} || writes <= reads
}
