// The addresses and networks that the operator lets in no more: a file in the data folder, one to a line, and what asks whether an address is among them.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { join } from 'node:path'
import { BLOCKED_MAX } from './limits.ts'

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
  let list = toBlockList(entries)
  const keep = (next: readonly string[]): void => {
    // Whole under another name first: a full disk must not leave half a list.
    writeFileSync(`${name}.new`, next.map((entry) => `${entry}\n`).join(''), { mode: 0o600 })
    renameSync(`${name}.new`, name)
    entries = next
    list = toBlockList(next)
  }
  return {
    has: (address) => entries.length > 0 && list.check(plainOf(address), familyOf(plainOf(address))),
    get entries() {
      return entries
    },
    add(entry) {
      if (!isEntry(entry) || entries.length >= BLOCKED_MAX) return false
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

/** An IPv4 address as IPv6 sockets show it counts as what it is. */
const plainOf = (address: string): string => /^::ffff:([0-9.]+)$/i.exec(address)?.[1] ?? address
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

function isEntry(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0 || address.includes('%')) return false
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function readEntries(name: string): readonly string[] {
  try {
    return readFileSync(name, 'utf8').split('\n').filter(isEntry).slice(0, BLOCKED_MAX)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return list
}
