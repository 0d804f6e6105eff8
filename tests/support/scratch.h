/* scratch.h - small files that a test needs, in a folder removed when it ends. */
#ifndef KL_TESTS_SCRATCH_H
#define KL_TESTS_SCRATCH_H

#include <stddef.h>

/* Path of a name in the scratch folder of this process; static storage, valid until the
 * next but three calls. The folder and the files in it are removed at exit. */
const char *test_scratch_path(const char *name);

/* Write a file there. @return its path, as test_scratch_path */
const char *test_scratch_write(const char *name, const void *bytes, size_t n);
const char *test_scratch_text(const char *name, const char *text);

#endif
