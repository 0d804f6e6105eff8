/*
 * source.h - the bytes of a file or of standard input, in chunks: hashed as they are on
 * disk, and inflated if they are gzipped.
 */
#ifndef KL_TABLE_SOURCE_H
#define KL_TABLE_SOURCE_H

#include "base/file.h"

#include <stdbool.h>
#include <zlib.h>

enum { KL_SOURCE_CHUNK = 1 << 16 };

typedef struct kl_source {
    const char *label; /* for messages; borrowed */
    int fd;
    bool owns_fd, raw_ended, gzipped, member_ended, inflating;
    bool peeked; /* the next chunk was delivered by kl_source_peek already */
    kl_hash hash;
    z_stream z;
    unsigned char *raw, *plain; /* KL_SOURCE_CHUNK each; plain only if gzipped */
    const char *chunk;
    size_t n_raw, n_chunk;
} kl_source;

/** Open a file, or standard input for "-". Close it also after a failure. */
kl_status kl_source_open(kl_source *s, const char *path, const char *label,
                         kl_error *err);

/** Next chunk, borrowed until the next call; n_bytes = 0 at the end. */
kl_status kl_source_next(kl_source *s, const char **data, size_t *n_bytes,
                         kl_error *err);

/** As kl_source_next, but the same chunk comes again. */
kl_status kl_source_peek(kl_source *s, const char **data, size_t *n_bytes,
                         kl_error *err);

/** Read what is left, and give the SHA-256 of all bytes as they are on disk. */
kl_status kl_source_finish(kl_source *s, char sha256[65], kl_error *err);

void kl_source_close(kl_source *s);

#endif
