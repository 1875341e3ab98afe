// What a handle is (docs/protocol.md §16.1): letters that look alike in no keyboard's way, and a key under which a relay keeps it, so that two handles that
// are easily taken for each other are one.

import { HANDLE_LENGTH_MAX, HANDLE_LENGTH_MIN, HANDLE_PREFIX_LENGTH_MIN } from './limits.ts'

/** Lower-case letters, digits, and between them single dots, underscores and hyphens. */
const HANDLE = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const BEGINNING = /^[a-z0-9]+(?:[._-][a-z0-9]+)*[._-]?$/

const alike = (text: string): string => text.replaceAll(/[._-]/g, '').replaceAll('0', 'o').replaceAll('1', 'l')

/** As people write one: with capitals, and an @ in front. Undefined for what is none. */
export function parseHandle(text: string): string | undefined {
  const handle = text.trim().replace(/^@/, '').toLowerCase()
  return isHandle(handle) ? handle : undefined
}

/** In its one form. */
export const isHandle = (handle: string): boolean =>
  handle.length <= HANDLE_LENGTH_MAX && HANDLE.test(handle) && /[a-z]/.test(handle) && alike(handle).length >= HANDLE_LENGTH_MIN

/** Under which a relay keeps a handle: without what separates, and one sign for those that look alike. */
export const handleKey = (handle: string): string => alike(handle)

/** The same for the beginning of a handle; undefined where it is too short to be asked for, or begins none. */
export function prefixKey(text: string): string | undefined {
  const key = alike(text)
  return text.length <= HANDLE_LENGTH_MAX && BEGINNING.test(text) && key.length >= HANDLE_PREFIX_LENGTH_MIN ? key : undefined
}
