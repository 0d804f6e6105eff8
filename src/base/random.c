/* random.c - xoshiro256** with splitmix64 seeding (blackman2021). */
#include "base/random.h"

#include <math.h>

static uint64_t splitmix64(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

kl_random kl_random_new(uint64_t seed, uint64_t stream)
{
    uint64_t x = seed;
    const uint64_t mixed = splitmix64(&x);
    x = mixed ^ (stream * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du);
    kl_random r;
    for (int i = 0; i < 4; i++) r.s[i] = splitmix64(&x);
    return r;
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t kl_random_u64(kl_random *r)
{
    uint64_t *s = r->s;
    const uint64_t result = rotate(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double kl_random_uniform(kl_random *r)
{
    return (double)(kl_random_u64(r) >> 11) * 0x1p-53;
}

size_t kl_random_below(kl_random *r, size_t n)
{
    /* values under 2^64 mod n would make the low remainders more likely */
    const uint64_t reject = (uint64_t)(-(uint64_t)n) % n;
    uint64_t x;
    do x = kl_random_u64(r);
    while (x < reject);
    return (size_t)(x % n);
}

double kl_random_normal(kl_random *r)
{
    double u, v, s;
    do {
        u = 2 * kl_random_uniform(r) - 1;
        v = 2 * kl_random_uniform(r) - 1;
        s = u * u + v * v;
    } while (!(s < 1) || s == 0);
    return u * sqrt(-2 * log(s) / s);
}
