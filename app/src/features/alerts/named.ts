// Whether a message of a group is meant for one person: it mentions them, names them behind an @, or answers a message of theirs.

import type { MessageView } from '@kith/protocol'
import { toPlainName } from '../people/index.ts'

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** As people write it: by the whole name, or its first word. */
const namesOf = (name: string | undefined): readonly string[] => {
  const whole = fold(toPlainName(name ?? ''))
  return [...new Set([whole, whole.split(' ')[0] ?? ''])].filter((one) => one !== '')
}

const GOES_ON = /^[\p{L}\p{N}_]/u
const GOES_BEFORE = /[\p{L}\p{N}_.]$/u

export const isNamed = (text: string, name: string | undefined): boolean => {
  const said = fold(text)
  return namesOf(name).some((one) => {
    for (let at = said.indexOf(`@${one}`); at >= 0; at = said.indexOf(`@${one}`, at + 1)) {
      // An address of a mailbox names nobody, and Ben is not Bente.
      if (!GOES_ON.test(said.slice(at + 1 + one.length)) && !GOES_BEFORE.test(said.slice(Math.max(0, at - 2), at))) return true
    }
    return false
  })
}

/** Without the mentions: who is meant by them is known. */
const byHand = ({ text, mentions = [] }: Pick<Extract<MessageView, { kind: 'text' }>, 'text' | 'mentions'>): string =>
  mentions.reduceRight((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text)

/** `name`: what this person calls themselves. */
export const isMeantFor = (message: MessageView, name: string | undefined): boolean =>
  message.kind === 'text' &&
  !message.mine &&
  message.author?.isBlocked !== true &&
  (message.mentions?.some(({ mine }) => mine) === true ||
    isNamed(byHand(message), name) ||
    (message.answers?.kind === 'text' && message.answers.mine))
