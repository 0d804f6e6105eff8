/* status.c - texts and exit codes of statuses, from the one list; filling of errors. */
#include "base/fail.h"

#include <stdio.h>
#include <string.h>

#define KL_STATUS_TEXT(name, code, text) text,
static const char *const status_texts[] = {KL_STATUS_LIST(KL_STATUS_TEXT)};
#undef KL_STATUS_TEXT

#define KL_STATUS_EXIT(name, code, text) code,
static const int status_exits[] = {KL_STATUS_LIST(KL_STATUS_EXIT)};
#undef KL_STATUS_EXIT

const char *kl_status_text(kl_status status)
{
    const unsigned i = (unsigned)status;
    return i < KL_STATUS_COUNT ? status_texts[i] : "unknown status";
}

int kl_status_exit_code(kl_status status)
{
    const unsigned i = (unsigned)status;
    return i < KL_STATUS_COUNT ? status_exits[i] : status_exits[KL_E_INTERNAL];
}

const char *kl_version(void)
{
    return KL_VERSION_STRING;
}

/* A message is one line of printable text whatever the input held. */
static void make_one_line(char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f) *s = ' ';
}

static kl_status fill(kl_error *err, kl_status code, long line, long column,
                      const char *fmt, va_list args)
{
    if (!err) return code;
    err->code = code;
    err->line = line;
    err->column = column;
    vsnprintf(err->msg, sizeof err->msg, fmt, args);
    make_one_line(err->msg);
    return code;
}

kl_status kl_fail(kl_error *err, kl_status code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, code, 0, 0, fmt, args);
    va_end(args);
    return code;
}

kl_status kl_fail_at(kl_error *err, kl_status code, long line, long column,
                     const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, code, line, column, fmt, args);
    va_end(args);
    return code;
}

kl_status kl_fail_nomem(kl_error *err)
{
    return kl_fail(err, KL_E_NOMEM, "out of memory");
}
