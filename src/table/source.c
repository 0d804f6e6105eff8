/* source.c - read, hash, inflate. */
#include "table/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

kl_status kl_source_open(kl_source *s, const char *path, const char *label,
                         kl_error *err)
{
    memset(s, 0, sizeof *s);
    s->label = label;
    s->owns_fd = strcmp(path, "-") != 0;
    s->fd = s->owns_fd ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (s->fd < 0)
        return kl_fail(err, KL_E_IO, "cannot open '%s': %s", path, strerror(errno));
    s->raw = malloc(KL_SOURCE_CHUNK);
    if (!s->raw) return kl_fail_nomem(err);
    kl_hash_begin(&s->hash);
    return KL_OK;
}

/* Fill the raw buffer as far as the file goes. */
static kl_status read_raw(kl_source *s, kl_error *err)
{
    s->n_raw = 0;
    while (s->n_raw < KL_SOURCE_CHUNK && !s->raw_ended) {
        const ssize_t got = read(s->fd, s->raw + s->n_raw, KL_SOURCE_CHUNK - s->n_raw);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return kl_fail(err, KL_E_IO, "cannot read '%s': %s", s->label,
                           strerror(errno));
        s->raw_ended = got == 0;
        s->n_raw += (size_t)got;
    }
    kl_hash_add(&s->hash, s->raw, s->n_raw);
    return KL_OK;
}

static voidpf z_alloc(voidpf user, uInt n, uInt size)
{
    (void)user;
    return calloc(n, size);
}

static void z_free(voidpf user, voidpf p)
{
    (void)user;
    free(p);
}

static kl_status begin_inflate(kl_source *s, kl_error *err)
{
    enum { GZIP_WINDOW = 15 + 16 }; /* zlib: largest window, gzip header and check */
    s->plain = malloc(KL_SOURCE_CHUNK);
    s->z.zalloc = z_alloc;
    s->z.zfree = z_free;
    if (!s->plain || inflateInit2(&s->z, GZIP_WINDOW) != Z_OK)
        return kl_fail_nomem(err);
    s->inflating = true;
    s->z.next_in = s->raw;
    s->z.avail_in = (uInt)s->n_raw;
    return KL_OK;
}

static kl_status inflate_chunk(kl_source *s, kl_error *err)
{
    s->z.next_out = s->plain;
    s->z.avail_out = KL_SOURCE_CHUNK;
    while (s->z.avail_out) {
        if (!s->z.avail_in) {
            const kl_status status = read_raw(s, err);
            if (status) return status;
            s->z.next_in = s->raw;
            s->z.avail_in = (uInt)s->n_raw;
            if (!s->n_raw) break;
        }
        if (s->member_ended) { /* a gzip file may hold several members */
            inflateReset(&s->z);
            s->member_ended = false;
        }
        const int got = inflate(&s->z, Z_NO_FLUSH);
        s->member_ended = got == Z_STREAM_END;
        if (got == Z_MEM_ERROR) return kl_fail_nomem(err);
        if (got != Z_OK && got != Z_STREAM_END && got != Z_BUF_ERROR)
            return kl_fail(err, KL_E_PARSE, "%s: damaged gzip data", s->label);
    }
    s->chunk = (const char *)s->plain;
    s->n_chunk = KL_SOURCE_CHUNK - s->z.avail_out;
    if (!s->n_chunk && !s->member_ended)
        return kl_fail(err, KL_E_PARSE, "%s: gzip data end too early", s->label);
    return KL_OK;
}

kl_status kl_source_next(kl_source *s, const char **data, size_t *n_bytes,
                         kl_error *err)
{
    *data = NULL;
    *n_bytes = 0;
    kl_status status = KL_OK;
    if (s->peeked) {
        s->peeked = false;
    } else if (s->gzipped) {
        status = inflate_chunk(s, err);
    } else {
        const bool first = !s->chunk;
        status = read_raw(s, err);
        s->chunk = (const char *)s->raw;
        s->n_chunk = s->n_raw;
        s->gzipped = !status && first && s->n_raw > 2 && !memcmp(s->raw, "\x1f\x8b", 2);
        if (s->gzipped) {
            status = begin_inflate(s, err);
            if (!status) status = inflate_chunk(s, err);
        }
    }
    if (status) return status;
    *data = s->chunk;
    *n_bytes = s->n_chunk;
    return KL_OK;
}

kl_status kl_source_peek(kl_source *s, const char **data, size_t *n_bytes,
                         kl_error *err)
{
    const kl_status status = kl_source_next(s, data, n_bytes, err);
    s->peeked = !status;
    return status;
}

kl_status kl_source_finish(kl_source *s, char sha256[65], kl_error *err)
{
    while (!s->raw_ended) {
        const kl_status status = read_raw(s, err);
        if (status) return status;
    }
    kl_hash_end(&s->hash, sha256);
    return KL_OK;
}

void kl_source_close(kl_source *s)
{
    if (s->owns_fd && s->fd >= 0) close(s->fd);
    if (s->inflating) inflateEnd(&s->z);
    free(s->raw);
    free(s->plain);
    s->fd = -1;
    s->inflating = false;
    s->raw = s->plain = NULL;
}
