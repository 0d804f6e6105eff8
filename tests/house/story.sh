#!/bin/sh
# story.sh - examples/story.c runs, and its prediction is near the run it has not seen.
# usage: tests/house/story.sh STORY WORKDIR
set -eu
csv=data/published/cerebras-gpt.csv
report=$2/story.html
rm -f "$report"
said=$("$1" "$csv" "$report")
echo "$said"
truth=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    $at["params"] == "13B" { print $at["loss"] }' "$csv")
# The residuals of the six are below 2 %; 5 % catches a wrong column, row or base of the
# logarithm, and no more is meant.
echo "$said" | awk -v truth="$truth" 'NR == 1 {
    if (!(($3 - truth) ^ 2 <= (0.05 * truth) ^ 2)) {
        print "predicted " $3 ", measured " truth
        exit 1
    }
}'
grep -q '</html>' "$report"
