/*
 * distribution_cpp TRUTH: as distribution.c, in C++. What fails throws.
 */
#include "mixture.h"

#include "perfwarden/probe.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace
{

struct call {
    uint64_t ns;
    bool fails;
};

void work(const call &one)
{
    PERFWARDEN_BLOCK("mixture")
    {
        mixture_now_ns += one.ns;
        if (one.fails) {
            throw std::runtime_error("meant to fail");
        }
        if (one.ns % 2 == 0) {
            return;
        }
        if (one.ns % 3 == 0) {
            break;
        }
        if (one.ns % 5 == 0) {
            continue;
        }
    }
}

void run(std::vector<call> &calls, uint64_t seed)
{
    for (size_t i = 0; i < 50000; i++) {
        calls.push_back(call{mixture_ns(&seed), i % 89 == 0});
        try {
            work(calls.back());
        } catch (const std::runtime_error &) {
            /* A block in a handler, while an exception is being handled, succeeds. */
            PERFWARDEN_BLOCK("handler")
            {
                mixture_now_ns += 5;
            }
        }
    }
}

/* A destructor's block that succeeds while an exception passes is no failure. */
struct guard {
    ~guard()
    {
        PERFWARDEN_BLOCK("destructor")
        {
            mixture_now_ns += 7;
        }
    }
};

} // namespace

int main(int argc, char **argv)
{
    std::vector<std::vector<call>> parts(4);
    std::vector<std::thread> threads;

    if (argc != 2) {
        return 2;
    }
    for (size_t i = 0; i < parts.size(); i++) {
        threads.emplace_back(run, std::ref(parts[i]), 1000 + i);
    }
    std::ofstream truth(argv[1]);
    for (size_t i = 0; i < parts.size(); i++) {
        threads[i].join();
        for (const call &one : parts[i]) {
            truth << one.ns << ' ' << (one.fails ? "exception" : "-") << '\n';
        }
    }
    try {
        guard passing;
        throw std::runtime_error("meant to pass");
    } catch (const std::runtime_error &) {
    }
    return truth.flush() ? 0 : 1;
}
