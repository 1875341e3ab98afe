// What became of a name that was written into its field.

export type NameOutcome =
  | { readonly kind: 'saved' }
  | { readonly kind: 'refused'; readonly text: string }
  /** Told elsewhere. */
  | { readonly kind: 'failed' }

/** For commands that know no refusal. `done`: undefined when it failed. */
export const toNameOutcome = (done: true | undefined): NameOutcome => ({ kind: done === undefined ? 'failed' : 'saved' })
