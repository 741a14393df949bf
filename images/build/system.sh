
build_system() { fail "not yet"; }
prune() { fail "not yet"; }
