/* check.c - where the outside data of tests is. */
#include "support/check.h"

#include <stdio.h>
#include <unistd.h>

const char *test_data_path(const char *name)
{
    static char path[4096];
    const char *dir = getenv("KLEIBER_DATA");
    snprintf(path, sizeof path, "%s/%s", dir ? dir : KL_SOURCE_DIR "/../shared/data",
             name);
    if (access(path, R_OK)) {
        print_message("skipped: no %s (docs/data.md)\n", path);
        skip();
    }
    return path;
}
