package view

import "github.com/rcomp/rcomp/generate/units"

// What sentinel.conf and haproxy.cfg say.

// PrimaryName is what sentinels and their clients know the set by.
func (v View) PrimaryName() string { return v.Name }

// DownAfter is in milliseconds.
func (v View) DownAfter() string { return units.Milliseconds(v.Plan.DownAfter) }

// FailoverTimeout is in milliseconds.
func (v View) FailoverTimeout() string { return units.Milliseconds(2 * v.Plan.DownAfter) }

// AuthClients is tls-auth-clients.
func (v View) AuthClients() string { return yesOrNo(v.TLS.ByCertificate) }

// ProxyMemory is the limit of the proxy.
func (v View) ProxyMemory() string { return units.Compose(v.Proxy.MemoryLimit) }

// ProxySilence is in milliseconds.
func (v View) ProxySilence() string { return units.Milliseconds(v.Proxy.Silence) }

// ProxyPatience is in milliseconds.
func (v View) ProxyPatience() string { return units.Milliseconds(v.Proxy.Patience) }
