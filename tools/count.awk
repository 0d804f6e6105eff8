# count.awk - sum test cases over CTest's JUnit files: "N passed, N failed, N skipped".
# A file that is absent (its build failed) is one failure. Exit status 1 if one failed or
# nothing passed.
BEGIN {
    for (i = 1; i < ARGC; i++) {
        n = 0
        while ((got = getline line < ARGV[i]) > 0) {
            n++
            read_line(line)
        }
        close(ARGV[i])
        if (n == 0) {
            print "no result: " ARGV[i]
            failed++
        }
    }
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0 || passed == 0
}

function read_line(line) {
    sub(/<system-out>/, "\n", line) # the first line of a test's output follows it
    sub(/.*\n/, "", line)
    if (line ~ /^\t<testcase /) {
        p = f = s = 0
        state = line
        sub(/.* status="/, "", state)
        sub(/".*/, "", state)
    } else if (line ~ /^\t\t<skipped message="SKIP_RETURN_CODE/) {
        state = "skip"
    } else if (line ~ /^\[  PASSED  \] [0-9]+ test/) {
        p += number(line)
    } else if (line ~ /^\[  FAILED  \] [0-9]+ test/) {
        f += number(line)
    } else if (line ~ /^\[  SKIPPED \] [0-9]+ test/) {
        s += number(line)
    } else if (line ~ /<\/testcase>/) {
        if (state == "skip") s++
        else if (state != "run" && f == 0) f++ # crashed, timed out or could not start
        else if (p + f + s == 0) p++           # no cmocka program
        passed += p
        failed += f
        skipped += s
    }
}

function number(line) {
    sub(/^\[[^]]*\] /, "", line)
    return line + 0
}
