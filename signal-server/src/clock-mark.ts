// What the relay remembers of its clock from one start to the next: a file in the data folder, written anew every minute. A start under a wrong clock is
// known by the gap since the last look, and a clock that is not believed yet stays so although the relay was started again.

import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const CLOCK_MARK_FILE = 'relay.clock'

/** `seen`: what the clock said at the last look. `distrustMs`: for how much longer nothing may be forgotten. */
export type ClockMark = { readonly seen: number; readonly distrustMs: number }
export type ClockMarks = {
  /** Undefined when there is none that can be read. */
  read(): Promise<ClockMark | undefined>
  write(mark: ClockMark): Promise<void>
}

export function clockMarksIn(folder: string): ClockMarks {
  const name = join(folder, CLOCK_MARK_FILE)
  return {
    async read() {
      const text = await readFile(name, 'utf8').catch(() => '')
      const [, seen, distrustMs] = /^([0-9]{1,15}) ([0-9]{1,15})\n$/.exec(text) ?? []
      return seen === undefined || distrustMs === undefined ? undefined : { seen: Number(seen), distrustMs: Number(distrustMs) }
    },
    async write({ seen, distrustMs }) {
      // A mark that cannot be written leaves an older one, with which the next start believes its clock less.
      await writeFile(`${name}.new`, `${Math.max(0, Math.round(seen))} ${Math.ceil(distrustMs)}\n`, { mode: 0o600 })
        .then(() => rename(`${name}.new`, name))
        .catch(() => {})
    },
  }
}
