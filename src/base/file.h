/*
 * file.h - whole files: read with a limit, written under a temporary name and renamed.
 */
#ifndef KL_BASE_FILE_H
#define KL_BASE_FILE_H

#include "base/fail.h"

#include <sha2.h>
#include <stddef.h>

/**
 * Read a whole file ("-": standard input), at most max_bytes.
 * @param[out] data malloc'd, zero-terminated beyond n_bytes; owned by the caller
 * @return KL_OK; KL_E_IO (also for a folder); KL_E_PARSE too long; KL_E_NOMEM.
 */
kl_status kl_file_read(char **data, size_t *n_bytes, const char *path, size_t max_bytes,
                       kl_error *err);

/**
 * Write a file whole or not at all: to "path.tmp-PID", flushed to disk, then renamed.
 * An older file's mode is kept, and so is a link to it. A path that is no ordinary file
 * (a pipe, /dev/stdout) is written directly.
 * @return KL_OK; KL_E_IO, with nothing left behind.
 */
kl_status kl_file_write(const char *path, const char *data, size_t n_bytes,
                        kl_error *err);

/** Refuse a path that kl_file_write could not write, before long work. KL_E_IO. */
kl_status kl_file_check(const char *path, kl_error *err);

/* SHA-256 of bytes that come in pieces: begin, add as often as needed, end, which gives
 * 64 hexadecimal digits and a zero. */
typedef struct kl_hash {
    SHA2_CTX state;
} kl_hash;

void kl_hash_begin(kl_hash *h);
void kl_hash_add(kl_hash *h, const void *data, size_t n_bytes);
void kl_hash_end(kl_hash *h, char hex[65]);

#endif
