# is_one_of WORD LIST
is_one_of() {
	case " $2 " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}
