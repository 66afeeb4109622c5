package main

import (
	"fmt"
	"io"
)

// standardOutput remembers that something could not be written, so that no command has to look each time: a diff that ends on a full disk is none.
type standardOutput struct {
	io.Writer
	err error // the first
}

func (o *standardOutput) Write(text []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.Writer.Write(text)
	if err != nil {
		o.err = fmt.Errorf("cannot write to standard output: %w", reason(err))
	}
	return n, o.err
}

// beneath is the stream that a writer of ours writes to.
func beneath(stream io.Writer) io.Writer {
	if output, ok := stream.(*standardOutput); ok {
		return output.Writer
	}
	return stream
}
