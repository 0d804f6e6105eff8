/* status.h - what a call can return, and the message that goes with a failure. */
#ifndef KLEIBER_STATUS_H
#define KLEIBER_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, exit status of the command, text: lower case, no full stop) */
#define KL_STATUS_LIST(X)                                                              \
    X(KL_OK, 0, "ok")                                                                  \
    X(KL_E_NO, 1, "the answer is no")                                                  \
    X(KL_E_USAGE, 2, "invalid argument or option")                                     \
    X(KL_E_PARSE, 3, "malformed input")                                                \
    X(KL_E_DOMAIN, 3, "value outside its domain")                                      \
    X(KL_E_SHAPE, 3, "too few rows or sizes that do not match")                        \
    X(KL_E_UNIT, 3, "units that do not match")                                         \
    X(KL_E_IO, 4, "cannot read or write")                                              \
    X(KL_E_NOMEM, 5, "out of memory")                                                  \
    X(KL_E_INTERNAL, 5, "internal error")                                              \
    X(KL_E_CANCELLED, 130, "interrupted")

#define KL_STATUS_ENUM(name, code, text) name,
typedef enum kl_status { KL_STATUS_LIST(KL_STATUS_ENUM) KL_STATUS_COUNT } kl_status;
#undef KL_STATUS_ENUM

/* Details of a failure; owned by the caller, filled by the callee, never required. */
typedef struct kl_error {
    kl_status code;
    long line;     /* 1-based line of the input, 0 if none */
    long column;   /* 1-based column of the input, 0 if none */
    char msg[512]; /* one line: "runs.csv:17: column 'loss': 'n/a' is not a number" */
} kl_error;

/** Text of a status: lower case, no full stop, static storage. */
const char *kl_status_text(kl_status status);

/** Exit status that the command gives for a status (docs/json.md lists them). */
int kl_status_exit_code(kl_status status);

/** Version of the library as "major.minor.patch", static storage. */
const char *kl_version(void);

#ifdef __cplusplus
}
#endif
#endif
