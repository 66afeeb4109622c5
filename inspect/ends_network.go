package inspect

import (
	"fmt"
	"strconv"
)

// All of this was tried on Redis 7.0.15, 8.0.2 and Valkey 9.1.2: each ends with
// status 1.

// endsForListener: a server that listens nowhere.
func endsForListener(s *Service) []End {
	port, ok := s.Certain("port")
	_, direct := s.Given("rdma-port")
	if !ok || port.Value != "0" || direct || !s.isKnown("tls-port", "0") || !s.isKnown("unixsocket", "") {
		return nil
	}
	return []End{{EndNoListener, "port 0 without tls-port or unixsocket: the server listens nowhere and stops", port.Origin.Span}}
}

// isKnown reports whether a directive surely has a value.
func (s *Service) isKnown(directive, value string) bool {
	setting := s.Get(directive)
	return setting.Known && setting.Value == value
}

// endsForPorts: two ports that are one, and a port too high for that of the
// cluster bus, which is 10000 above it.
func endsForPorts(s *Service) (ends []End) {
	port, secure := s.Get("port"), s.Get("tls-port")
	if !port.Set {
		port = s.defaultOf("port")
	}
	if secure.Set && secure.Known && port.Known && secure.Value != "0" && secure.Value == port.Value {
		ends = append(ends, End{EndPortTaken, fmt.Sprintf("port and tls-port are both %s: the server cannot listen twice, and stops", port.Value), secure.Origin.Span})
	}
	number, err := strconv.Atoi(port.Value)
	if s.isKnown("cluster-enabled", "yes") && s.isKnown("cluster-port", "0") && s.isKnown("tls-cluster", "no") && port.Set && port.Known && err == nil && number > highestPortOfNode {
		ends = append(ends, End{EndPortTaken, fmt.Sprintf("port %d leaves none for the cluster bus, which is 10000 above it: the node stops", number), port.Origin.Span})
	}
	return ends
}

const highestPortOfNode = 65535 - 10000

// usesTLS reports whether the server surely speaks TLS: on a port of its own,
// with its master or in its cluster.
func (s *Service) usesTLS() bool {
	port := s.Get("tls-port")
	return port.Known && port.Value != "0" && port.Value != "" || s.isKnown("tls-replication", "yes") || s.isKnown("tls-cluster", "yes")
}

// endsForCertificate: TLS without a certificate, its key, or those that sign
// the certificates of clients.
func endsForCertificate(s *Service) []End {
	if !s.usesTLS() {
		return nil
	}
	at := s.Get("tls-port")
	for _, directive := range []string{"tls-replication", "tls-cluster"} {
		if at.Value == "0" {
			at = s.Get(directive)
		}
		if !at.Set || at.Value == "no" {
			at = s.Get("tls-port")
		}
	}
	for _, directive := range []string{"tls-cert-file", "tls-key-file"} {
		if s.isKnown(directive, "") {
			return []End{{EndNoCertificate, fmt.Sprintf("TLS without %s: the server cannot set it up and stops", directive), at.Origin.Span}}
		}
	}
	if s.isKnown("tls-ca-cert-file", "") && s.isKnown("tls-ca-cert-dir", "") && !s.mayLetStrangersIn() {
		return []End{{EndNoCertificate, "TLS that asks clients for a certificate, without tls-ca-cert-file or tls-ca-cert-dir: the server cannot set it up and stops", at.Origin.Span}}
	}
	return nil
}

// mayLetStrangersIn reports whether clients may need no certificate.
func (s *Service) mayLetStrangersIn() bool {
	asked := s.Get("tls-auth-clients")
	return !asked.Known || asked.Value == "no"
}
