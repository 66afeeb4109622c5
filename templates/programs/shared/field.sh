# field NAME TEXT: a field of INFO.
field() { echo "$2" | tr -d '\r' | sed -n "s/^$1://p"; }
