//go:build !long

package e2e

import "time"

// The short form is the gate's.
const long = false

// On a machine that is busy enough an answer takes longer than a failover
// should. Nothing is measured here.
const (
	dialTimeout   = 5 * time.Second
	answerTimeout = 5 * time.Second
)
