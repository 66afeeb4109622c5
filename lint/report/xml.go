package report

import (
	"encoding/xml"
	"io"
)

// writeXML writes a value as an XML document. What files say is cleaned before
// it comes here, so there is no character in it that XML cannot have.
func writeXML(w io.Writer, value any) error {
	encoded, err := xml.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(encoded)+"\n")
	return err
}
