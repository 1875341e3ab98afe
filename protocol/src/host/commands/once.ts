// Commands that are safe to repeat: what a ref has done is looked up before anything is done under it again.

import { equalBytes } from '../../bytes/bytes.ts'
import { digestOf, readSent } from '../../node/rows/sent-row.ts'
import type { RefCommand } from '../../node/rows/sent-row.ts'
import type { Store } from '../../ports.ts'

export type RefAndCommand = { readonly ref: string; readonly command: RefCommand }
type RefUsed = { readonly kind: 'refused'; readonly reason: 'ref-used' }

export type Once = {
  readonly once: <T>(referred: RefAndCommand, run: () => Promise<T>, known: (result: Uint8Array) => T) => Promise<T | RefUsed>
  /** True when this very command has acted under its ref. */
  readonly hasActed: (referred: RefAndCommand) => Promise<boolean>
}

/** Makes commands safe to repeat: two with one ref act once if they are the same, at the same time too, and the second is refused if they are not. */
export function createOnce(store: Pick<Store, 'get'>): Once {
  const running = new Map<string, Promise<unknown>>()

  async function sentUnder({
    ref,
    command,
  }: RefAndCommand): Promise<{ readonly result: Uint8Array; readonly isSame: boolean } | undefined> {
    const row = await store.get('sent', ref)
    if (row === undefined) return undefined
    const { result, digest } = readSent(row)
    return { result, isSame: digest !== undefined && equalBytes(digest, digestOf(command)) }
  }

  async function runOnce<T>(referred: RefAndCommand, run: () => Promise<T>, known: (result: Uint8Array) => T): Promise<T | RefUsed> {
    const sent = await sentUnder(referred)
    if (sent === undefined) return run()
    return sent.isSame ? known(sent.result) : { kind: 'refused', reason: 'ref-used' }
  }

  return {
    async once<T>(referred: RefAndCommand, run: () => Promise<T>, known: (result: Uint8Array) => T): Promise<T | RefUsed> {
      const { ref } = referred
      // Whatever is under way decides first what the ref stands for.
      const before = running.get(ref) ?? Promise.resolve()
      const result = before.then(() => runOnce(referred, run, known))
      const settled = result.then(
        () => undefined,
        () => undefined,
      )
      running.set(ref, settled)
      try {
        return await result
      } finally {
        if (running.get(ref) === settled) running.delete(ref)
      }
    },
    hasActed: async (referred: RefAndCommand): Promise<boolean> => (await sentUnder(referred))?.isSame === true,
  }
}
