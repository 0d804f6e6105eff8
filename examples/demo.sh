#!/bin/sh
# demo.sh - the main job on bundled data: fit six small models, predict the hidden big one,
# plan a 1e24 FLOP run from published constants, write a report.
# usage: examples/demo.sh [KLEIBER [REPORT.html]]
set -eu
cd "$(dirname "$0")/.."
kleiber=${1:-build/kleiber}
report=${2:-report.html}
fit=$(mktemp -t kleiber-fit.XXXXXX)
trap 'rm -f "$fit"' EXIT
runs=data/published/cerebras-gpt.csv

say() { printf '\n== %s\n\n' "$*"; }
# show a command so that it can be pasted, then run it
run() {
    printf '$ kleiber'
    for word; do
        case $word in
            *[!A-Za-z0-9_./=@-]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done | sed "s|$fit|fit.json|"
    echo
    "$kleiber" "$@"
}

say 'Fit: Cerebras-GPT, 111M to 6.7B, loss against compute; the 13B model is hidden'
run fit "$runs" --map x=flops --law power-floor --hide 'params > 1e10' -o "$fit"

say 'Predict: ten times the compute of the largest model, seen or hidden'
run predict "$fit" x=2.3e23

say 'Plan: 1e24 FLOPs, from the published refit of the Chinchilla law'
run plan --law chinchilla@besiroglu2024 --budget 1e24

say 'Report'
run report "$fit" -o "$report"
