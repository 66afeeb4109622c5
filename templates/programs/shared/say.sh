# say TEXT...: a line of the log, behind the name of the program.
say() {
	program=${0##*/}
	echo "${program%.sh}: $*"
}
