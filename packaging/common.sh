# Sourced by packaging/run, packaging/test and .ci/run, which have set `root` to the repository's folder and `tool` to their name.

say() { printf '%s\n' "$tool: $*" >&2; }

# A clone in another folder finds in ccache what an earlier one compiled: paths below the root count as relative.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

jobs=$(nproc 2>/dev/null || echo 2)

# Runs a command with its output in a file; the file's end is shown when the command fails.
logged() { # LOG COMMAND…
    local log=$1 status=0
    shift
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 60 "$log" >&2
        say "failed (the whole output is in $log)"
    fi
    return "$status"
}

# Configures PRESET and builds the given targets (none: all of them). A terminal sees ninja's own progress line.
build() { # PRESET [TARGET…]
    local preset=$1 target command
    shift
    mkdir -p "$root/build/$preset"
    logged "$root/build/$preset/configure.log" cmake --preset "$preset" || return
    command=(cmake --build --preset "$preset" --parallel "$jobs")
    for target in "$@"; do command+=(--target "$target"); done
    if [ -t 2 ]; then
        "${command[@]}" >&2
    else
        logged "$root/build/$preset/build.log" "${command[@]}"
    fi
}

# Runs the tests of PRESET. On success only ctest's closing lines are printed, else also what the failing tests said.
run_tests() { # PRESET [CTEST ARGUMENTS…]
    local preset=$1 status=0 log=$root/build/$1/tests.log
    shift
    ctest --preset "$preset" --parallel "$jobs" --no-label-summary --no-tests=error "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        grep -vE '^ *[0-9]+/[0-9]+ Test .* Passed |^ +Start +[0-9]+:|^PASS   : ' "$log" | tail -n 400
        say "failed (the whole output is in $log)"
    else
        sed -n '/% tests passed/,$p' "$log"
    fi
    return "$status"
}
