/* The busy process is a fork that does nothing but compute, and looks for its parent meanwhile. */
#include "doctor_load.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

/* About a tenth of a millisecond. */
#define STEPS 100000

static volatile uint64_t sink;

static void be_busy(pid_t parent)
{
    uint64_t value = 1;
    while (getppid() == parent) {
        for (int i = 0; i < STEPS; i++) {
            value = value * UINT64_C(6364136223846793005) + 1;
        }
        sink = value;
    }
}

int pw_load_start(struct pw_load *load, struct pw_error *err)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        return pw_error_set_errno(err, errno, "cannot start a busy process");
    }
    if (pid == 0) {
        be_busy(parent);
        _exit(0);
    }
    load->pid = pid;
    return PW_OK;
}

void pw_load_stop(struct pw_load *load)
{
    if (load->pid <= 0) {
        return;
    }
    (void)kill(load->pid, SIGKILL);
    while (waitpid(load->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    load->pid = 0;
}
