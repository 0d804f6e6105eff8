/* file.c - reading with a limit, writing by rename, checksums by libmd. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static kl_status read_all(char **data, size_t *n_bytes, FILE *f, const char *path,
                          size_t max_bytes, kl_error *err)
{
    size_t length = 0, room = 65536;
    char *buf = malloc(room + 1);
    if (!buf) return kl_fail_nomem(err);
    for (;;) {
        const size_t got = fread(buf + length, 1, room - length, f);
        length += got;
        if (length > max_bytes) {
            free(buf);
            return kl_fail(err, KL_E_PARSE, "%s: longer than %zu bytes", path,
                           max_bytes);
        }
        if (length < room) break;
        char *more = room <= SIZE_MAX / 4 ? realloc(buf, room * 2 + 1) : NULL;
        if (!more) {
            free(buf);
            return kl_fail_nomem(err);
        }
        buf = more;
        room *= 2;
    }
    if (ferror(f)) {
        const int why = errno;
        free(buf);
        return kl_fail(err, KL_E_IO, "cannot read '%s': %s", path, strerror(why));
    }
    buf[length] = '\0';
    *data = buf;
    *n_bytes = length;
    return KL_OK;
}

kl_status kl_file_read(char **data, size_t *n_bytes, const char *path, size_t max_bytes,
                       kl_error *err)
{
    *data = NULL;
    *n_bytes = 0;
    if (!strcmp(path, "-"))
        return read_all(data, n_bytes, stdin, "standard input", max_bytes, err);
    FILE *f = fopen(path, "rb");
    if (!f) return kl_fail(err, KL_E_IO, "cannot open '%s': %s", path, strerror(errno));
    const kl_status status = read_all(data, n_bytes, f, path, max_bytes, err);
    fclose(f);
    return status;
}

static bool write_bytes(int fd, const char *data, size_t n)
{
    while (n) {
        const ssize_t put = write(fd, data, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        data += put;
        n -= (size_t)put;
    }
    return true;
}

static kl_status write_directly(const char *path, const char *data, size_t n,
                                kl_error *err)
{
    const int fd = open(path, O_WRONLY | O_APPEND);
    if (fd < 0)
        return kl_fail(err, KL_E_IO, "cannot open '%s': %s", path, strerror(errno));
    const bool written = write_bytes(fd, data, n);
    const int why = errno;
    if (close(fd) || !written)
        return kl_fail(err, KL_E_IO, "cannot write '%s': %s", path,
                       strerror(written ? errno : why));
    return KL_OK;
}

/* Flushed to disk under a temporary name, then renamed. `old` is the file that is
 * there, NULL if none. */
static kl_status replace(const char *path, const struct stat *old, const char *data,
                         size_t n, kl_error *err)
{
    const size_t room = strlen(path) + 32;
    char *temporary = malloc(room);
    if (!temporary) return kl_fail_nomem(err);
    snprintf(temporary, room, "%s.tmp-%ld", path, (long)getpid());
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    bool ok = fd >= 0 && (!old || !fchmod(fd, old->st_mode & 07777));
    ok = ok && write_bytes(fd, data, n) && !fsync(fd);
    int why = errno;
    if (fd >= 0 && close(fd) && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(temporary, path)) {
        ok = false;
        why = errno;
    }
    if (!ok && fd >= 0) unlink(temporary);
    free(temporary);
    if (ok) return KL_OK;
    return kl_fail(err, KL_E_IO, "cannot %s '%s': %s", fd < 0 ? "create" : "write",
                   path, strerror(why));
}

kl_status kl_file_write(const char *path, const char *data, size_t n_bytes,
                        kl_error *err)
{
    struct stat info;
    if (stat(path, &info)) return replace(path, NULL, data, n_bytes, err);
    if (S_ISDIR(info.st_mode))
        return kl_fail(err, KL_E_IO, "cannot write '%s': it is a folder", path);
    if (!S_ISREG(info.st_mode)) return write_directly(path, data, n_bytes, err);
    char *target = realpath(path, NULL); /* what a link points at is replaced, not it */
    if (!target)
        return kl_fail(err, KL_E_IO, "cannot write '%s': %s", path, strerror(errno));
    const kl_status status = replace(target, &info, data, n_bytes, err);
    free(target);
    return status;
}

kl_status kl_file_check(const char *path, kl_error *err)
{
    struct stat info;
    const bool exists = !stat(path, &info);
    if (exists && S_ISDIR(info.st_mode))
        return kl_fail(err, KL_E_IO, "cannot write '%s': it is a folder", path);
    const bool direct = exists && !S_ISREG(info.st_mode);
    char *folder = strdup(path);
    if (!folder) return kl_fail_nomem(err);
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = '\0'; /* "/x" is in "/" */
    const char *target = direct ? path : slash ? folder : ".";
    const bool writable = !access(target, W_OK);
    const int why = errno;
    free(folder);
    if (writable) return KL_OK;
    return kl_fail(err, KL_E_IO, "cannot write '%s': %s", path, strerror(why));
}

void kl_hash_begin(kl_hash *h)
{
    SHA256Init(&h->state);
}

void kl_hash_add(kl_hash *h, const void *data, size_t n_bytes)
{
    SHA256Update(&h->state, data, n_bytes);
}

void kl_hash_end(kl_hash *h, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Final(digest, &h->state);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
}
