// A file of two secrets, as a browser keeps it beside the databases.

import type { EpochFile } from '../vault/epoch-file.ts'

/** `bytes`: what lies on the disk. */
export function createFakeEpochFile(): EpochFile & { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(64)
  const at = (epoch: number): number => (epoch % 2) * 32
  return {
    bytes,
    read: (epoch) => {
      const secret = bytes.slice(at(epoch), at(epoch) + 32)
      return secret.some((byte) => byte !== 0) ? secret : undefined
    },
    write: (epoch, secret) => bytes.set(secret, at(epoch)),
    erase: (epoch) => void bytes.fill(0, at(epoch), at(epoch) + 32),
  }
}
