/*
 * parallel.c - OpenMP behind one function. Built with KL_PARALLEL_PTHREAD it uses POSIX
 * threads instead, for ThreadSanitizer, which cannot see into OpenMP's runtime.
 */
#include "base/parallel.h"

#if defined(KL_PARALLEL_PTHREAD)
#include <pthread.h>
#include <unistd.h>
#elif defined(_OPENMP)
#include <omp.h>
#endif

#if defined(KL_PARALLEL_PTHREAD)

enum { MAX_THREADS = 256 };

typedef struct team {
    pthread_mutex_t lock;
    size_t next, n;
    void (*task)(void *, size_t, int);
    void *ctx;
} team;

typedef struct member {
    team *team;
    int thread;
} member;

static void *work(void *arg)
{
    const member *m = arg;
    for (;;) {
        pthread_mutex_lock(&m->team->lock);
        const size_t i = m->team->next;
        if (i < m->team->n) m->team->next++;
        pthread_mutex_unlock(&m->team->lock);
        if (i >= m->team->n) return NULL;
        m->team->task(m->team->ctx, i, m->thread);
    }
}

int kl_parallel_threads(int requested)
{
    const long cores = requested > 0 ? requested : sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > MAX_THREADS ? MAX_THREADS : (int)cores;
}

void kl_parallel_for(size_t n, int threads, void (*task)(void *, size_t, int),
                     void *ctx)
{
    team t = {.lock = PTHREAD_MUTEX_INITIALIZER, .n = n, .task = task, .ctx = ctx};
    pthread_t ids[MAX_THREADS];
    member members[MAX_THREADS];
    const int count = kl_parallel_threads(threads);
    int started = 0;
    for (int k = 1; k < count; k++) {
        members[k] = (member){&t, k};
        if (pthread_create(&ids[k], NULL, work, &members[k])) break;
        started = k;
    }
    members[0] = (member){&t, 0};
    work(&members[0]); /* the caller works too, alone if no thread could be made */
    for (int k = 1; k <= started; k++) pthread_join(ids[k], NULL);
}

#elif defined(_OPENMP)

int kl_parallel_threads(int requested)
{
    const int cores = requested > 0 ? requested : omp_get_num_procs();
    return cores < 1 ? 1 : cores;
}

void kl_parallel_for(size_t n, int threads, void (*task)(void *, size_t, int),
                     void *ctx)
{
    const int count = kl_parallel_threads(threads);
#pragma omp parallel for schedule(dynamic, 1) num_threads(count)
    for (size_t i = 0; i < n; i++) task(ctx, i, omp_get_thread_num());
}

#else

int kl_parallel_threads(int requested)
{
    (void)requested;
    return 1;
}

void kl_parallel_for(size_t n, int threads, void (*task)(void *, size_t, int),
                     void *ctx)
{
    (void)threads;
    for (size_t i = 0; i < n; i++) task(ctx, i, 0);
}

#endif
