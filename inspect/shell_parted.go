package inspect

import "mvdan.cc/sh/v3/syntax"

// maxParted is how many parameters of one command part a way.
const maxParted = 4

// parted makes a way two where a word of a command hangs on whether a variable
// is empty, as ${P:+--requirepass "$P"} does.
func (s *shell) parted(statement *syntax.Stmt) []*shell {
	ways := []*shell{s}
	for i, p := range alternatives(statement) {
		if i == maxParted {
			break
		}
		var parted []*shell // not merged: they differ in what they take for granted
		for _, way := range ways {
			parted = append(parted, way.partedBy(p)...)
		}
		ways = parted
	}
	return ways
}

func (s *shell) partedBy(p *syntax.ParamExp) []*shell {
	text, ok := s.positional(p.Param.Value)
	if !ok {
		value, sure := s.lookup(p.Param.Value)
		if text = value.first(); !sure && isAlternate(p.Exp.Op) {
			text = unknown("${" + p.Param.Value + "}")
		}
	}
	mark, ok := steady(text)
	if _, decided := s.filled(text); !ok || decided {
		return []*shell{s}
	}
	if p.Exp.Op == syntax.ErrorUnsetOrNull {
		s.denied.put(mark+"=", true) // or the script ends
		return []*shell{s}
	}
	status := s.status
	s.status, s.doubt = maybe, &doubt{mark: mark}
	empty, filled := s.decide()
	empty.status, filled.status = status, status
	return []*shell{empty, filled}
}

// alternatives lists the parameters in the words of a command that stand for
// one thing or another.
func alternatives(statement *syntax.Stmt) (all []*syntax.ParamExp) {
	find := func(node syntax.Node) {
		syntax.Walk(node, func(node syntax.Node) bool {
			switch node := node.(type) {
			case *syntax.CmdSubst, *syntax.ProcSubst:
				return false
			case *syntax.ParamExp:
				if node.Exp != nil && node.Param != nil && node.Index == nil && isNull(node.Exp.Op) {
					all = append(all, node)
				}
			}
			return true
		})
	}
	for _, redirect := range statement.Redirs {
		if redirect.Word != nil {
			find(redirect.Word)
		}
		if redirect.Hdoc != nil {
			find(redirect.Hdoc)
		}
	}
	switch command := statement.Cmd.(type) {
	case *syntax.CallExpr:
		for _, assign := range command.Assigns {
			find(assign)
		}
		for _, word := range command.Args {
			find(word)
		}
	case *syntax.DeclClause:
		for _, assign := range command.Args {
			find(assign)
		}
	}
	return all
}

func isNull(op syntax.ParExpOperator) bool {
	switch op {
	case syntax.AlternateUnsetOrNull, syntax.DefaultUnsetOrNull, syntax.AssignUnsetOrNull, syntax.ErrorUnsetOrNull:
		return true
	}
	return false
}

func isAlternate(op syntax.ParExpOperator) bool {
	return op == syntax.AlternateUnset || op == syntax.AlternateUnsetOrNull
}
