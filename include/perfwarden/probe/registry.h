/*
 * Names and threads. A name is found without a lock and entered under one; past the limit of its
 * type it is counted as
 * "(other)", so that names made of data do not grow without bound.
 */
#ifndef PERFWARDEN_PROBE_REGISTRY_H
#define PERFWARDEN_PROBE_REGISTRY_H

#include "perfwarden/probe/text.h"

struct perfwarden_key_ {
    const char *name;
    const char *detail;
    size_t name_bytes;
    size_t detail_bytes;
    uint32_t hash;
    uint16_t type;
};

/* FNV-1a over at most 200 bytes; returns how many. */
PERFWARDEN_HELPER_ size_t perfwarden_hash_(uint32_t *hash, const char *text)
{
    uint32_t value = *hash;
    size_t i;

    for (i = 0; text[i] != '\0' && i < PERFWARDEN_NAME_BYTES_; i++) {
        value = (value ^ (unsigned char)text[i]) * 16777619U;
    }
    *hash = (value ^ 0xFFU) * 16777619U;
    return i;
}

PERFWARDEN_HELPER_ struct perfwarden_key_ perfwarden_make_key_(uint16_t type, const char *name,
                                                               const char *detail)
{
    struct perfwarden_key_ key;

    key.name = name != NULL ? name : "(null)";
    key.detail = detail != NULL ? detail : "";
    key.type = type;
    key.hash = 2166136261U + type;
    key.name_bytes = perfwarden_hash_(&key.hash, key.name);
    key.detail_bytes = perfwarden_hash_(&key.hash, key.detail);
    return key;
}

PERFWARDEN_HELPER_ int perfwarden_matches_(const struct perfwarden_entry_ *entry,
                                           const struct perfwarden_key_ *key)
{
    return entry->hash == key->hash && entry->type == key->type &&
           entry->name_bytes == key->name_bytes && entry->detail_bytes == key->detail_bytes &&
           memcmp(entry->key, key->name, key->name_bytes) == 0 &&
           memcmp(entry->key + key->name_bytes, key->detail, key->detail_bytes) == 0;
}

/* The slot of a key, or the free one where it belongs. There are three times more slots than
 * entries. */
PERFWARDEN_HELPER_ uint32_t perfwarden_slot_(struct perfwarden_core_ *core,
                                             const struct perfwarden_key_ *key, uint32_t *number)
{
    uint32_t slot = key->hash % PERFWARDEN_SLOTS_;

    for (;;) {
        *number = PERFWARDEN_SEEN_(&core->slots[slot]);
        if (*number == 0U || perfwarden_matches_(&core->entries[*number], key)) {
            return slot;
        }
        slot = (slot + 1U) % PERFWARDEN_SLOTS_;
    }
}

/* A text as JSON in memory of its own, NULL without memory. */
PERFWARDEN_COLD_ const char *perfwarden_keep_json_(struct perfwarden_core_ *core, const char *text)
{
    char json[PERFWARDEN_NAME_JSON_BYTES_ + 1];
    size_t size = perfwarden_escape_(json, text) + 1U;
    char *kept = (char *)perfwarden_allocate_(core, size);

    if (kept != NULL) {
        memcpy(kept, json, size);
    }
    return kept;
}

/* Enters a name, the lock held. 0 without memory. */
PERFWARDEN_COLD_ uint32_t perfwarden_enter_(struct perfwarden_core_ *core,
                                            const struct perfwarden_key_ *key, uint32_t slot)
{
    uint32_t number = core->entry_count + 1U;
    struct perfwarden_entry_ *entry = &core->entries[number];
    char *text = (char *)perfwarden_allocate_(core, key->name_bytes + key->detail_bytes + 1U);

    entry->name = perfwarden_keep_json_(core, key->name);
    entry->detail = perfwarden_keep_json_(core, key->detail);
    if (text == NULL || entry->name == NULL || entry->detail == NULL) {
        return 0;
    }
    memcpy(text, key->name, key->name_bytes);
    memcpy(text + key->name_bytes, key->detail, key->detail_bytes);
    entry->key = text;
    entry->hash = key->hash;
    entry->type = key->type;
    entry->name_bytes = (uint16_t)key->name_bytes;
    entry->detail_bytes = (uint16_t)key->detail_bytes;
    PERFWARDEN_STORE_(&core->counts[key->type], core->counts[key->type] + 1U);
    PERFWARDEN_PUBLISH_(&core->entry_count, number);
    PERFWARDEN_PUBLISH_(&core->slots[slot], (uint16_t)number);
    return number;
}

/* The number of a name, from 1; that of "(other)" when there are too many; 0 without memory. */
PERFWARDEN_WARM_ uint32_t perfwarden_look_up_(struct perfwarden_core_ *core, uint16_t type,
                                              const char *name, const char *detail)
{
    struct perfwarden_key_ key = perfwarden_make_key_(type, name, detail);
    uint32_t number;
    uint32_t slot;

    (void)perfwarden_slot_(core, &key, &number);
    if (number != 0U) {
        return number;
    }
    if (PERFWARDEN_LOAD_(&core->counts[type]) >= perfwarden_limit_(type)) {
        return core->others[type];
    }
    perfwarden_lock_(&core->registry_lock);
    slot = perfwarden_slot_(core, &key, &number);
    if (number == 0U) {
        number = core->counts[type] >= perfwarden_limit_(type)
                     ? core->others[type]
                     : perfwarden_enter_(core, &key, slot);
    }
    perfwarden_unlock_(&core->registry_lock);
    return number;
}

/* "(other)" of each type, before anything else. -1 without memory. */
PERFWARDEN_COLD_ int perfwarden_enter_others_(struct perfwarden_core_ *core)
{
    uint32_t type;

    for (type = 0; type < PERFWARDEN_TYPES_; type++) {
        core->others[type] = perfwarden_look_up_(core, (uint16_t)type, "(other)", NULL);
        core->counts[type] = 0;
        if (core->others[type] == 0U) {
            return -1;
        }
    }
    return 0;
}

/* A thread ends: its record, and what it counted, is left to the next one. */
static __attribute__((unused)) void perfwarden_leave_(void *record)
{
    perfwarden_self_1_ = NULL;
    PERFWARDEN_PUBLISH_(&((struct perfwarden_thread_ *)record)->taken, 0U);
}

/* A record nobody uses, or a new one; the lock is held. */
PERFWARDEN_COLD_ struct perfwarden_thread_ *perfwarden_free_thread_(struct perfwarden_core_ *core)
{
    struct perfwarden_thread_ *thread = core->threads;

    while (thread != NULL && PERFWARDEN_SEEN_(&thread->taken) != 0U) {
        thread = thread->next;
    }
    if (thread == NULL) {
        thread = (struct perfwarden_thread_ *)perfwarden_pages_(sizeof(*thread));
        if (thread == NULL) {
            return NULL;
        }
        thread->next = core->threads;
        PERFWARDEN_PUBLISH_(&core->threads, thread);
    }
    return thread;
}

/* This thread's record; made on first use. NULL without memory. */
PERFWARDEN_COLD_ struct perfwarden_thread_ *perfwarden_join_(struct perfwarden_core_ *core)
{
    struct perfwarden_thread_ *thread = perfwarden_self_1_;

    if (thread != NULL) {
        return thread;
    }
    perfwarden_lock_(&core->registry_lock);
    if (!core->has_key) {
        core->has_key = pthread_key_create(&core->key, perfwarden_leave_) == 0;
        core->leave = perfwarden_leave_;
    }
    thread = perfwarden_free_thread_(core);
    if (thread != NULL) {
        PERFWARDEN_STORE_(&thread->taken, 1U);
        thread->has_correlation = 0;
        thread->number = ++core->threads_begun;
    }
    perfwarden_unlock_(&core->registry_lock);
    if (thread != NULL && core->has_key) {
        (void)pthread_setspecific(core->key, thread);
    }
    perfwarden_self_1_ = thread;
    return thread;
}

/* This thread's cell of an entry, size bytes; made on first use. NULL without memory or entry. */
PERFWARDEN_COLD_ void *perfwarden_cell_(uint32_t number, size_t size)
{
    struct perfwarden_core_ *core = perfwarden_get_core_();
    struct perfwarden_thread_ *thread = perfwarden_join_(core);
    void *cell;

    if (thread == NULL || number == 0U) {
        return NULL;
    }
    cell = thread->cells[number];
    if (cell == NULL) {
        cell = perfwarden_allocate_(core, size);
        if (cell != NULL && size == sizeof(struct perfwarden_timing_)) {
            perfwarden_clear_timing_((struct perfwarden_timing_ *)cell);
        }
        PERFWARDEN_PUBLISH_(&thread->cells[number], cell);
    }
    return cell;
}

#endif
