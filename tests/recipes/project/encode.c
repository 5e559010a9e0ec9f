/* Counts: the work of a benchmark, in a number that a change can multiply. */
#define ROUNDS 4

int main(void)
{
    for (volatile long i = 0; i < ROUNDS * 1000000L; i++) {
    }
    return 0;
}
