package main

// ignoreBrokenPipes has nothing to do: a page has no signals.
func ignoreBrokenPipes() {}
