package readme

import "fmt"

// Picture is the deployment as Mermaid draws it.
func (r Readme) Picture() []string {
	if r.Cluster != nil {
		return r.pictureOfCluster()
	}
	lines := []string{"flowchart LR", "  application([application])"}
	for n, member := range r.Members {
		lines = append(lines, fmt.Sprintf("  server%d[(%q)]", n, member.Name))
	}
	if r.hasSentinels() {
		lines = append(lines, "  subgraph sentinels")
		for n, member := range r.Sentinels {
			lines = append(lines, fmt.Sprintf("    sentinel%d[%q]", n, member.Name))
		}
		lines = append(lines, "  end", `  application -- "who leads?" --> sentinels`, `  sentinels -. "watch, promote" .-> server0`)
	}
	lines = append(lines, `  application -- "reads and writes" --> server0`)
	if r.hasProxy() {
		lines = append(lines, fmt.Sprintf("  plain([application without Sentinel support]) --> proxy[%q]", r.Proxy.Name),
			`  proxy -- "who leads?" --> sentinels`, `  proxy -- "reads and writes" --> server0`)
	}
	for n := range r.Members[1:] {
		lines = append(lines, fmt.Sprintf(`  server0 -- "replication" --> server%d`, n+1))
	}
	lines = append(lines, r.pictureOfExporter("members", "server", len(r.Members))...)
	if r.hasExporter() && r.hasSentinels() {
		lines = append(lines, "  exporter --> sentinels")
	}
	return lines
}

func (r Readme) pictureOfCluster() []string {
	lines := []string{"flowchart TB", "  clients([clients that know clusters])"}
	for n, shard := range r.Cluster.Shards {
		lines = append(lines, fmt.Sprintf(`  clients --> master%d["%s<br>%d to %d"]`, n, shard.Master, shard.First, shard.Last))
		for m, replica := range shard.Replicas {
			lines = append(lines, fmt.Sprintf(`  replica%dx%d[%q] -. "follows" .-> master%d`, n, m, replica, n))
		}
	}
	return append(lines, r.pictureOfExporter("nodes", "master", len(r.Cluster.Shards))...)
}

func (r Readme) pictureOfExporter(measured, each string, count int) []string {
	if !r.hasExporter() {
		return nil
	}
	lines := []string{fmt.Sprintf(`  prometheus([Prometheus]) -- "metrics of all %s" --> exporter[%q]`, measured, r.Exporter.Name)}
	for n := range count {
		lines = append(lines, fmt.Sprintf("  exporter --> %s%d", each, n))
	}
	return lines
}
