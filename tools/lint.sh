#!/bin/bash
# Every check that needs no test run. All of them run; the exit code says whether one failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
    printf '— %s\n' "$*"
    "$@" || failed+=("$*")
}

check ruff check .
check ruff format --check .
check lint-imports --no-cache
check mypy
check env DJANGO_SETTINGS_MODULE=tests.settings python manage.py check --fail-level WARNING
check env DJANGO_SETTINGS_MODULE=tests.settings python manage.py makemigrations --check --dry-run
check djlint web --lint --quiet

if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All checks passed."
