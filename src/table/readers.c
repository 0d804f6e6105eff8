/*
 * readers.c - the list of formats.
 *
 * A build without one of them leaves out its line here and its file; nothing else knows
 * the readers.
 */
#include "table/builder.h"

#include <string.h>
#include <strings.h>

static const kl_reader *const readers[] = {&kl_reader_csv, &kl_reader_tsv,
                                           &kl_reader_jsonl, &kl_reader_sqlite};

enum { N_READERS = sizeof readers / sizeof *readers };

static bool has_extension(const kl_reader *r, const char *path, size_t n_path)
{
    for (const char *e = r->extensions; e; e = strchr(e, '|')) {
        e += *e == '|';
        const size_t n = strcspn(e, "|");
        if (n_path > n && !strncasecmp(path + n_path - n, e, n)) return true;
    }
    return false;
}

static const kl_reader *guess(const char *path, const char *head, size_t n_head)
{
    size_t n = strlen(path);
    if (n > 3 && !strcasecmp(path + n - 3, ".gz")) n -= 3;
    for (size_t i = 0; i < N_READERS; i++)
        if (has_extension(readers[i], path, n)) return readers[i];
    if (n_head >= 3 && !memcmp(head, "\xef\xbb\xbf", 3)) head += 3, n_head -= 3;
    for (size_t i = 0; i < N_READERS; i++) {
        const char *magic = readers[i]->magic;
        if (magic && n_head >= strlen(magic) && !memcmp(head, magic, strlen(magic)))
            return readers[i];
    }
    return readers[0];
}

kl_status kl_reader_choose(const kl_reader **out, const char *format, const char *path,
                           const char *head, size_t n_head, kl_error *err)
{
    *out = NULL;
    if (!format) {
        *out = guess(path, head, n_head);
        return KL_OK;
    }
    kl_text known = {0};
    for (size_t i = 0; i < N_READERS && !*out; i++) {
        if (!strcmp(format, readers[i]->format)) *out = readers[i];
        kl_text_addf(&known, "%s%s", i ? ", " : "", readers[i]->format);
    }
    kl_status status = KL_OK;
    if (!*out)
        status = kl_fail(err, KL_E_USAGE, "unknown format '%.40s' (known: %s)", format,
                         known.data ? known.data : "");
    kl_text_free(&known);
    return status;
}
