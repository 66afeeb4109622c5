package e2e

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestXMLIsValid holds the formats that are XML to their schemas, by libxml2.
func TestXMLIsValid(t *testing.T) {
	sideBySide(t)
	_, err := exec.LookPath("xmllint")
	require.NoError(t, err, "install libxml2-utils, as .ci/run does")
	c := newCheckout(t)
	c.write("compose.yml", "services:\n  cache:\n    image: redis # rcomp: ignore[image-tag-floating] a sandbox\n    command: [redis-server, \"--]]>\\u0007&#0;<x>\", y]\n    env_file: ${WHERE}\n")
	c.write("clean/compose.yml", "services: {web: {image: 'nginx:1.27.3'}}\n")
	for _, format := range []string{"junit", "checkstyle"} {
		file := filepath.Join(c.directory, format+".xml")
		assert.Equal(t, 1, c.run(rcompPath(t), "lint", "--output", format+"="+file).status)
		schema, err := filepath.Abs(filepath.Join("..", "fixtures", "schemas", format+".xsd"))
		require.NoError(t, err)
		c.must("xmllint", "--noout", "--schema", schema, file)
	}
	c.write("wrong.xml", "<checkstyle version=\"4.3\"><file/></checkstyle>")
	assert.NotZero(t, c.run("xmllint", "--noout", "--schema", "../../fixtures/schemas/checkstyle.xsd", "wrong.xml").status)
}
