/* scratch.c - a folder under the build folder, removed at exit. */
#include "support/scratch.h"
#include "support/check.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, KEPT_PATHS = 4 };

static char folder[PATH_BYTES];
static pid_t owner; /* a forked child must not remove it */

static void remove_folder(void)
{
    DIR *d = getpid() == owner ? opendir(folder) : NULL;
    if (!d) return;
    char path[PATH_BYTES + 300];
    for (const struct dirent *e; (e = readdir(d));) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.') unlink(path);
    }
    closedir(d);
    rmdir(folder);
}

const char *test_scratch_path(const char *name)
{
    static char paths[KEPT_PATHS][PATH_BYTES + 300];
    static int next;
    if (!*folder) {
        snprintf(folder, sizeof folder,
                 "%s/scratch-XX"
                 "XX"
                 "XX",
                 KL_BINARY_DIR);
        if (!mkdtemp(folder)) fail_msg("cannot make %s", folder);
        owner = getpid();
        atexit(remove_folder);
    }
    char *path = paths[next++ % KEPT_PATHS];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *test_scratch_write(const char *name, const void *bytes, size_t n)
{
    const char *path = test_scratch_path(name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f))
        fail_msg("cannot write %s", path);
    return path;
}

const char *test_scratch_text(const char *name, const char *text)
{
    return test_scratch_write(name, text, strlen(text));
}
