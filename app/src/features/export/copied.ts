// A chat on its way into one file that anybody can read: a page for people and data for programs, both written as the messages are read.

import type { ConversationId, ConversationSummary } from '@kith/protocol'
import type { EngineClient } from '../engine/index.ts'
import { directionOf } from '../languages.ts'
import { spoken } from '../spoken.ts'
import { dayOf } from '../time/index.ts'
import { pagesOf } from './read-chat.ts'
import { HTML_END, htmlDay, htmlHead, htmlOf } from './to-html.ts'
import { JSON_END, jsonHead, jsonOf } from './to-json.ts'
import { createZipFile, zip } from './zip.ts'

export type Copied = { readonly name: string; readonly kind: ConversationSummary['kind']; readonly exported: Date }

type Parts = {
  readonly engine: Pick<EngineClient, 'watchConversation'>
  readonly conversation: ConversationId
  /** How many messages there are in it so far. */
  readonly told: (messages: number) => void
  /** Whoever asked for it wants it no more. */
  readonly isOver: () => boolean
}

/** The .zip; undefined when it was given up. */
export async function copyChat(copied: Copied, { engine, conversation, told, isOver }: Parts): Promise<Blob | undefined> {
  const [page, data] = [createZipFile('chat.html'), createZipFile('chat.json')]
  page.add(htmlHead({ title: copied.name, language: spoken.value, direction: directionOf(spoken.value), exported: copied.exported }))
  data.add(jsonHead(copied))
  let count = 0
  let day: number | undefined
  for await (const { messages } of pagesOf(engine, conversation)) {
    if (isOver()) return undefined
    const [html, json]: [string[], string[]] = [[], []]
    for (const message of messages) {
      const said = htmlOf(message, copied)
      if (said !== '' && dayOf(message.time) !== day) html.push(htmlDay(message.time))
      if (said !== '') day = dayOf(message.time)
      html.push(said)
      json.push(`${count === 0 ? '' : ',\n'}${jsonOf(message, copied)}`)
      count += 1
    }
    page.add(html.join(''))
    data.add(json.join(''))
    told(count)
  }
  page.add(HTML_END)
  data.add(JSON_END)
  return zip([page, data], copied.exported)
}
