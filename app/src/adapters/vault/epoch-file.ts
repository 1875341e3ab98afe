// The file in which the secret of the present epoch of keys lies: what is written into it takes the place of what was there, on the disk too,
// where a database would keep both for a while. There is room for two, that of an epoch and that of the next (docs/decisions/0029-erasure.md).

import { StoreError } from '@kith/protocol'
import { openPrivateFile } from '../room/ground.ts'
import { EPOCH_FILE } from './names.ts'
import type { SyncFile } from '../room/ground.ts'

/** Whatever it does is on the disk when it returns. Without room, writing throws, and what the database rests on is as it was. */
export type EpochFile = {
  /** Undefined where there is none. */
  read(epoch: number): Uint8Array | undefined
  write(epoch: number, secret: Uint8Array): void
  /** Overwrites it where it lies. */
  erase(epoch: number): void
}

const SECRET_BYTES = 32
const NONE = new Uint8Array(SECRET_BYTES)

/** Undefined where the browser has no such file for us, or does not let us have it. */
export async function openEpochFile(storage: StorageManager | undefined = globalThis.navigator.storage): Promise<EpochFile | undefined> {
  const file = await openPrivateFile(storage, EPOCH_FILE)
  return typeof file === 'string' ? undefined : onFile(file)
}

function onFile(file: SyncFile): EpochFile {
  function read(epoch: number): Uint8Array | undefined {
    const secret = new Uint8Array(SECRET_BYTES)
    const length = file.read(secret, { at: placeOf(epoch) })
    return length === SECRET_BYTES && secret.some((byte) => byte !== 0) ? secret : undefined
  }

  function write(epoch: number, secret: Uint8Array): void {
    // A full disk takes a part and says so by its length alone.
    if (file.write(secret, { at: placeOf(epoch) }) < SECRET_BYTES) throw new StoreError('quota', 'there is no room for a secret')
    file.flush()
  }

  return {
    read,
    write,
    // What is not there needs no room.
    erase: (epoch) => {
      if (read(epoch) !== undefined) write(epoch, NONE)
    },
  }
}

const placeOf = (epoch: number): number => (epoch % 2) * SECRET_BYTES
