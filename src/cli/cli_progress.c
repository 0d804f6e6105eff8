/* cli_progress.c - progress at most ten times a second; SIGINT sets a flag. */
#include "cli/cli_progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A signal handler can reach nothing but globals. */
static volatile sig_atomic_t interrupted;

/* One process draws one line: its state. */
static struct {
    bool shown, drawn;
    double next; /* seconds; not drawn before */
} line;

static const double delay_s = 0.3, period_s = 0.1; /* short work draws nothing */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void kl_progress_begin(const kl_args *args)
{
    struct sigaction action;
    /* a caller that ignores Ctrl-C for us (a script's background job) means it */
    if (!sigaction(SIGINT, NULL, &action) && action.sa_handler != SIG_IGN) {
        memset(&action, 0, sizeof action);
        action.sa_handler = on_interrupt;
        action.sa_flags = (int)SA_RESETHAND;
        sigaction(SIGINT, &action, NULL);
    }
    line.shown =
        args->progress == KL_WHEN_ALWAYS ||
        (args->progress == KL_WHEN_AUTO && !args->quiet && isatty(STDERR_FILENO));
    line.drawn = false;
    line.next = now_s() + (args->progress == KL_WHEN_ALWAYS ? 0 : delay_s);
}

bool kl_progress_step(void *user, const kl_progress *p)
{
    enum { CELLS = 30 };
    static const char full[] = "##############################";
    (void)user;
    if (line.shown && now_s() >= line.next) {
        const size_t total = p->total ? p->total : 1;
        const int cells = (int)(CELLS * (p->done < total ? p->done : total) / total);
        fprintf(stderr, "\r%-10s [%-*.*s] %zu/%zu\033[K", p->stage, (int)CELLS, cells,
                full, p->done, p->total);
        fflush(stderr);
        line.drawn = true;
        line.next = now_s() + period_s;
    }
    return !interrupted;
}

void kl_progress_end(void)
{
    if (line.drawn) fputs("\r\033[K", stderr);
    line.shown = line.drawn = false;
}

bool kl_progress_interrupted(void)
{
    return interrupted;
}
