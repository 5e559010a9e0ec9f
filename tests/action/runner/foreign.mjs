// The actions of others that this project uses: the commit each is pinned by, its version, and the inputs it has there.
const words = (text) => text.split(" ");

const CACHE = { commit: "5a3ec84eff668545956fd18022155c47e93e2684", version: "v4.2.3" };

export const FOREIGN = {
  "actions/cache": {
    ...CACHE,
    required: words("path key"),
    optional: words("restore-keys upload-chunk-size enableCrossOsArchive fail-on-cache-miss lookup-only save-always"),
  },
  "actions/cache/restore": {
    ...CACHE,
    required: words("path key"),
    optional: words("restore-keys enableCrossOsArchive fail-on-cache-miss lookup-only"),
  },
  "actions/cache/save": {
    ...CACHE,
    required: words("path key"),
    optional: words("upload-chunk-size enableCrossOsArchive"),
  },
  "actions/checkout": {
    commit: "11bd71901bbe5b1630ceea73d27597364c9af683",
    version: "v4.2.2",
    required: [],
    optional: words(
      "repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter " +
        "sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules " +
        "set-safe-directory github-server-url",
    ),
  },
  "actions/download-artifact": {
    commit: "d3f86a106a0bac45b974a628896c90dbdf5c8093",
    version: "v4.3.0",
    required: [],
    optional: words("name artifact-ids path pattern merge-multiple github-token repository run-id"),
  },
  "actions/upload-artifact": {
    commit: "ea165f8d65b6e75b540449e92b4886f43607fa02",
    version: "v4.6.2",
    required: words("path"),
    optional: words("name if-no-files-found retention-days compression-level overwrite include-hidden-files"),
  },
};

/** As GitHub's language service wants to know an action. */
export function metadataOf(name) {
  const known = FOREIGN[name];
  if (!known) {
    return undefined;
  }
  const inputs = {};
  known.required.forEach((each) => (inputs[each] = { description: each, required: true }));
  known.optional.forEach((each) => (inputs[each] = { description: each, required: false }));
  return { name, description: name, inputs };
}
