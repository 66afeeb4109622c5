package e2e

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// whole says what a set lacks: one master that all sentinels name, all other
// nodes as its replicas, in sync, and every sentinel able to reach a quorum and
// to fail over to any of the replicas.
func (s *set) whole(where *addresses) error {
	named, err := s.agreed(where)
	if err != nil {
		return err
	}
	for _, service := range s.nodes {
		if err := s.inRole(service, named, where); err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
	}
	return nil
}

// agreed returns the master that all sentinels name, each of which is ready for
// a failover.
func (s *set) agreed(where *addresses) (string, error) {
	var agreed string
	for i, service := range s.sentinels {
		named, err := s.readySentinel(service, where)
		if err != nil {
			return "", fmt.Errorf("%s: %w", service, err)
		}
		if i > 0 && named != agreed {
			return "", fmt.Errorf("%s names %q, %s %q", service, named, s.sentinels[0], agreed)
		}
		agreed = named
	}
	return agreed, nil
}

// readySentinel returns the master that a sentinel names.
func (s *set) readySentinel(service string, where *addresses) (string, error) {
	ctx := context.Background()
	client := s.sentinelClient(service, where.plainly)
	defer client.Close()
	quorum, err := client.CkQuorum(ctx, s.masterName).Result()
	if err != nil {
		return "", err
	}
	if wanted := fmt.Sprintf("OK %d usable Sentinels", len(s.sentinels)); !strings.HasPrefix(quorum, wanted) {
		return "", fmt.Errorf("says %q", quorum)
	}
	master, err := client.Master(ctx, s.masterName).Result()
	if err != nil {
		return "", err
	}
	if master["flags"] != "master" {
		return "", fmt.Errorf("sees the master %s as %q", master["ip"], master["flags"])
	}
	replicas, err := client.Replicas(ctx, s.masterName).Result()
	if err != nil {
		return "", err
	}
	if usable := usableReplicas(replicas); usable != len(s.nodes)-1 {
		return "", fmt.Errorf("sees %d usable replicas: %s", usable, flagsOf(replicas))
	}
	return where.owner(master["ip"]), nil
}

// usableReplicas counts the replicas without a flag but the one of their kind.
// A replica that is gone for good stays in a sentinel's list, as down.
func usableReplicas(replicas []map[string]string) int {
	usable := 0
	for _, replica := range replicas {
		if (replica["flags"] == "slave" || replica["flags"] == "replica") && replica["master-link-status"] == "ok" {
			usable++
		}
	}
	return usable
}

func flagsOf(replicas []map[string]string) string {
	var all []string
	for _, replica := range replicas {
		all = append(all, fmt.Sprintf("%s %s link %s", replica["ip"], replica["flags"], replica["master-link-status"]))
	}
	return strings.Join(all, ", ")
}

// inRole says how a node differs from its role under the named master.
func (s *set) inRole(service, master string, where *addresses) error {
	fields, err := s.replication(service, where)
	switch {
	case err != nil:
		return err
	case service == master:
		return s.masterOfAll(fields)
	case fields["role"] != "slave":
		return fmt.Errorf("is %q and %s the master", fields["role"], master)
	case where.owner(fields["master_host"]) != master:
		return fmt.Errorf("follows %q and not %s", fields["master_host"], master)
	case fields["master_link_status"] != "up":
		return fmt.Errorf("has the link to its master %q", fields["master_link_status"])
	}
	return nil
}

// masterOfAll says what a master lacks: that all other nodes are its replicas and online.
func (s *set) masterOfAll(fields map[string]string) error {
	if fields["role"] != "master" {
		return fmt.Errorf("is named master and is %q", fields["role"])
	}
	online := 0
	for i := range s.nodes {
		if strings.Contains(fields["slave"+strconv.Itoa(i)], "state=online") {
			online++
		}
	}
	if online != len(s.nodes)-1 || fields["connected_slaves"] != strconv.Itoa(online) {
		return fmt.Errorf("has %d replicas online of %s", online, fields["connected_slaves"])
	}
	return nil
}

// replication returns the replication fields of a node's INFO.
func (s *set) replication(service string, where *addresses) (map[string]string, error) {
	client := s.node(service, s.observer, where.plainly)
	defer client.Close()
	return replicationFields(client)
}

func replicationFields(client *redis.Client) (map[string]string, error) {
	text, err := client.Info(context.Background(), "replication").Result()
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			fields[name] = value
		}
	}
	return fields, nil
}
