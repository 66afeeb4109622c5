package main

// foundBefore is what rcomp found in 529 public compose files before it took
// severities from a matrix (85bfa25, 27 rules): 4,188 findings, 2,972 of them
// warnings.
var foundBefore = map[corpusRow]struct{ findings, files int }{
	{"memory-limit-not-set", "warning"}:       {625, 454},
	{"maxmemory-not-set", "warning"}:          {567, 420},
	{"port-on-all-interfaces", "warning"}:     {470, 154},
	{"compose-invalid", "error"}:              {416, 94},
	{"image-tag-floating", "warning"}:         {396, 317},
	{"healthcheck-missing", "note"}:           {387, 277},
	{"password-missing", "warning"}:           {303, 264},
	{"data-volume-missing", "warning"}:        {280, 184},
	{"password-missing", "error"}:             {240, 99},
	{"version-key-obsolete", "note"}:          {157, 157},
	{"password-in-argv", "warning"}:           {110, 70},
	{"cluster-announce-missing", "warning"}:   {87, 10},
	{"password-in-healthcheck", "warning"}:    {44, 36},
	{"password-in-environment", "warning"}:    {41, 28},
	{"password-variable-empty", "warning"}:    {15, 15},
	{"healthcheck-without-auth", "warning"}:   {13, 13},
	{"sentinel-conf-not-writable", "warning"}: {9, 3},
	{"cluster-without-replicas", "warning"}:   {6, 3},
	{"sentinel-count", "error"}:               {5, 5},
	{"sentinel-count", "warning"}:             {4, 3},
	{"yaml-invalid", "error"}:                 {3, 2},
	{"sentinel-conf-not-writable", "error"}:   {3, 1},
	{"sentinel-hostname-unresolved", "error"}: {2, 2},
	{"conf-not-loaded", "error"}:              {2, 2},
	{"directive-invalid", "warning"}:          {2, 1},
	{"conf-is-directory", "error"}:            {1, 1},
}
