/* replay.c - run a fuzz entry over all files of folders: replay_x corpus/x */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 1 << 24 };

/* @return false if the file cannot be read */
static bool run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(LONGEST);
    const bool ok = file && data;
    if (ok) {
        const size_t size = fread(data, 1, LONGEST, file);
        uint8_t *exact = malloc(size ? size : 1); /* so that a byte too far is seen */
        for (size_t i = 0; exact && i < size; i++) exact[i] = data[i];
        if (exact) LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    free(data);
    if (file) fclose(file);
    return ok;
}

/* @return files run, or -1 */
static long run_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir) return -1;
    long n = 0;
    for (struct dirent *entry; n >= 0 && (entry = readdir(dir));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        n = run_file(path) ? n + 1 : -1;
    }
    closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const long n = run_folder(argv[i]);
        if (n <= 0) {
            fprintf(stderr, "%s: no inputs, or not readable\n", argv[i]);
            return 1;
        }
        printf("%s: %ld inputs\n", argv[i], n);
    }
    return 0;
}
