// The addresses and networks that the operator lets in no more: a file in the data folder, one to a line, and what asks whether an address is among them.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BLOCKED_MAX } from './limits.ts'
import { isNetwork, toNetworks } from './networks.ts'

export type Blocked = {
  has(address: string): boolean
  readonly entries: readonly string[]
  /** False when it is no address or network such as 203.0.113.0/24, or when there are as many as there may be. */
  add(entry: string): boolean
  /** False when it was not there. */
  remove(entry: string): boolean
}

export function loadBlocked(folder: string): Blocked {
  const name = join(folder, 'relay.blocked')
  let entries = readEntries(name)
  let list = toNetworks(entries)
  const keep = (next: readonly string[]): void => {
    // Whole under another name first: a full disk must not leave half a list.
    writeFileSync(`${name}.new`, next.map((entry) => `${entry}\n`).join(''), { mode: 0o600 })
    renameSync(`${name}.new`, name)
    entries = next
    list = toNetworks(next)
  }
  return {
    has: (address) => list.has(address),
    get entries() {
      return entries
    },
    add(entry) {
      if (!isNetwork(entry) || entries.length >= BLOCKED_MAX) return false
      if (!entries.includes(entry)) keep([...entries, entry])
      return true
    },
    remove(entry) {
      if (!entries.includes(entry)) return false
      keep(entries.filter((each) => each !== entry))
      return true
    },
  }
}

function readEntries(name: string): readonly string[] {
  try {
    return readFileSync(name, 'utf8').split('\n').filter(isNetwork).slice(0, BLOCKED_MAX)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
