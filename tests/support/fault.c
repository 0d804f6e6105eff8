/* fault.c - wrapped allocation with a countdown. */
#include "support/fault.h"
#include "support/check.h"

static size_t countdown; /* 0: no failure to come */
static bool all_after, happened;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

static bool must_fail(void)
{
    if (happened && all_after) return true;
    if (!countdown || --countdown) return false;
    return happened = true;
}

void *__wrap_malloc(size_t n)
{
    return must_fail() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return must_fail() ? NULL : __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return must_fail() ? NULL : __real_aligned_alloc(align, n);
}

char *__wrap_strdup(const char *s)
{
    return must_fail() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
    return must_fail() ? NULL : __real_strndup(s, n);
}

void fault_begin(size_t n, bool onwards)
{
    countdown = n;
    all_after = onwards;
    happened = false;
}

bool fault_end(void)
{
    const bool was = happened;
    countdown = 0;
    all_after = happened = false;
    return was;
}

void fault_sweep(const char *label, kl_status (*call)(void *ctx, kl_error *err),
                 void *ctx)
{
    for (int onwards = 0; onwards < 2; onwards++)
        for (size_t n = 1;; n++) {
            kl_error err = {0};
            fault_begin(n, onwards);
            const kl_status status = call(ctx, &err);
            const bool failed = fault_end();
            if (status != KL_OK && (status != KL_E_NOMEM || !failed))
                fail_msg("%s: allocation %zu failed: %s: %s", label, n,
                         kl_status_text(status), err.msg);
            if (!failed) break;
        }
}
