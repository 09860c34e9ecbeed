# Makes the Python environment in .venv if it is missing, moved, or older than pyproject.toml.
# Sourced by server/run and tests/run; needs $root, the folder of the checkout.

stop() {
    printf '%s\n' "$1" >&2
    exit 2
}

# prepare_environment EXTRA: EXTRA is "serve", which needs nothing more, or "test".
prepare_environment() {
    installed="$root/.venv/installed-for-$1"
    wanted=$(printf '%s\n' "$root" && cat "$root/pyproject.toml")
    [ -f "$installed" ] && [ "$wanted" = "$(cat "$installed")" ] && return
    make_environment
    printf 'Installing the packages that pyproject.toml names (once, about a minute) ...\n' >&2
    "$root/.venv/bin/python" -m pip install -qq --disable-pip-version-check --editable "$root[$1]" \
        || stop "The packages could not be installed: see the lines above, check the network, run this again."
    printf '%s\n' "$wanted" >"$installed"
}

make_environment() {
    "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1 && return
    python=$(command -v python3) || stop "Python is missing: install Python 3.11 or later (Debian: apt-get install python3 python3-venv)."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        || stop "$python is older than Python 3.11: install Python 3.11 or later."
    "$python" -c 'import ensurepip, venv' 2>/dev/null \
        || stop "$python has no venv module: install it (Debian: apt-get install python3-venv)."
    [ -w "$root" ] || stop "$root cannot be written, and the environment and the store are made there: copy the checkout to a folder of yours."
    "$python" -m venv --clear "$root/.venv" || stop "No environment could be made in $root/.venv: see the lines above."
}
