#!/bin/sh
# Installs the pinned packages into a virtual environment; run by `make setup`.
set -eu

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Odzew needs Python 3.11 or newer; $PYTHON is older. Use: make PYTHON=/path/to/python3.11 ..." >&2
    exit 1
fi
[ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"

torch=$(grep '^torch==' constraints.txt)
if ! "$VENV/bin/python" -m pip show --quiet torch 2>/dev/null; then
    # Some indexes offer torch for CUDA only, with gigabytes of libraries nothing here uses.
    plan=$("$VENV/bin/python" -m pip install --quiet --dry-run --report - "$torch")
    if printf '%s' "$plan" | grep -q '"name": *"nvidia-'; then
        if [ -z "$TORCH_CPU_INDEX" ]; then
            echo "This package index offers $torch for CUDA only, gigabytes that nothing here uses." >&2
            echo "Name PyTorch's index of CPU builds (its site's install page does):" >&2
            echo "    make setup TORCH_CPU_INDEX=ADDRESS" >&2
            exit 1
        fi
        echo "Taking the CPU build of $torch"
        PIP_INDEX_URL="$TORCH_CPU_INDEX" "$VENV/bin/python" -m pip install --quiet --no-deps "$torch"
    fi
fi
echo "Installing the pinned packages (a few minutes the first time)"
"$VENV/bin/python" -m pip install --quiet --constraint constraints.txt --editable ".${EXTRAS-[dev]}"
