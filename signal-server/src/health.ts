// Whether the relay can keep what devices bring: tried for real when somebody asks, and remembered when the database turns out to be damaged.
// What /healthz says is short and names no folder; the operator's log has the rest.

import { BLOB_BYTES_MAX } from '@kith/protocol'
import { HEALTH_MS, HEALTH_MS_MAX } from './limits.ts'
import { messageOf } from './reports.ts'
import { StorageError, watchStorage } from './storage/storage.ts'
import type { Log } from './reports.ts'
import type { Storage } from './storage/storage.ts'

export type Health = {
  /** The same storage, watched. */
  readonly storage: Storage
  /** What is wrong, in a few words, or undefined. */
  ailment(): Promise<string | undefined>
}
export type HealthOptions = {
  readonly storage: Storage
  /** For the log: the folder, or the servers. */
  readonly place: string
  readonly log: Log
  /** Milliseconds since some moment, whatever the clock is set to. */
  readonly steady: () => number
}
type Ailments = { readonly silent: Ailment; readonly full: Ailment; readonly damaged: Ailment }
type Ailment = { readonly words: string; readonly advice: string }
type LastCheck = { readonly at: number; readonly ailment: Promise<Ailment | undefined> }

const DAMAGED: Ailment = {
  words: 'the database is damaged',
  advice: 'stop the relay, then put back a copy of relay.db, or set KITH_DATA_DIR to an empty folder',
}
const ON_DISK: Ailments = {
  silent: { words: 'the disk does not answer', advice: 'look at the disk, or set KITH_DATA_DIR to a folder on another one' },
  full: {
    words: 'the disk or the store is full, or cannot be written',
    advice: 'make room on the disk, see that it can be written, raise KITH_STORE_MB, or set KITH_DATA_DIR to another folder',
  },
  damaged: DAMAGED,
}
const ON_SERVERS: Ailments = {
  silent: { words: 'the store does not answer', advice: 'look at the servers of KITH_STORE, and at the way there' },
  full: {
    words: 'the store is full, or cannot be written',
    advice: 'see that the servers of KITH_STORE run and have room (maxmemory, disk)',
  },
  damaged: DAMAGED,
}

export function createHealth({ storage, place, log, steady }: HealthOptions): Health {
  const ailments = storage.shared ? ON_SERVERS : ON_DISK
  let damaged: Ailment | undefined
  let said: Ailment | undefined
  let look: LastCheck | undefined

  const say = (ailment: Ailment | undefined, why = ''): Ailment | undefined => {
    if (ailment !== said) log(ailment ? `${ailment.words}: ${place}${why}; ${ailment.advice}` : `all is well again: ${place}`)
    said = ailment
    return ailment
  }
  const failed = (error: unknown): void => {
    // Whether it was one call or all of them, the next who asks is told after another try.
    look = undefined
    if (error instanceof StorageError && error.code === 'damaged') damaged = say(ailments.damaged, ` (${error.message})`)
  }
  const tryIt = async (): Promise<Ailment | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<'silent'>((over) => (timer = setTimeout(over, HEALTH_MS_MAX, 'silent')))
    try {
      const outcome = await Promise.race([storage.check({ bytes: BLOB_BYTES_MAX }), silence])
      return say(damaged ?? (outcome === 'silent' ? ailments.silent : undefined))
    } catch (error) {
      failed(error)
      // It is merely slow: that much waits only when it answers.
      if (error instanceof StorageError && error.code === 'busy') return say(damaged)
      return damaged ?? say(ailments.full, ` (${messageOf(error)})`)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    storage: watchStorage(storage, failed),
    async ailment() {
      if (damaged) return damaged.words
      if (look === undefined || steady() - look.at >= HEALTH_MS) look = { at: steady(), ailment: tryIt() }
      return (await look.ailment)?.words
    },
  }
}
