// The drafts of this page that may not be stored yet, for whoever is about to reload it.

export const openDrafts = new Set<() => Promise<void>>()

/** Resolves when everything half written is stored. */
export const saveDrafts = async (): Promise<void> => {
  await Promise.all([...openDrafts].map((save) => save()))
}
