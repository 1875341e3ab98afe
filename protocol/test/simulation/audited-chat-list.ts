// In place of host/watch/chat-list.ts in simulated lives (see preload.ts): the list that is kept up has to be the one made of the whole state, each time.

import { createChatList as createReal } from '../../src/host/watch/chat-list.ts'
import { findings } from './findings.ts'
import { wholeOf } from './wholes.ts'
import type { ChatList, ChatListParts } from '../../src/host/watch/chat-list.ts'

export function createChatList(parts: ChatListParts): ChatList {
  const list = createReal(parts)
  function views(): ReturnType<ChatList['views']> {
    const kept = list.views()
    const [found, wanted] = [kept, createReal({ ...parts, state: () => wholeOf(parts.state()) }).views()].map((all) => JSON.stringify(all))
    if (found !== wanted) findings.add(`the list of chats is ${found} and should be ${wanted}`)
    return kept
  }
  function first(alias: string | undefined): ReturnType<ChatList['first']> {
    const begun = list.first(alias)
    const all = views()
    const [found, wanted] = [begun.chats, all.slice(0, begun.chats.length)].map((chats) => JSON.stringify(chats))
    const isNamed = alias === undefined || begun.chats.some((chat) => chat.alias === alias) === all.some((chat) => chat.alias === alias)
    const isRight = found === wanted && isNamed && begun.isWhole === (begun.chats.length === all.length)
    if (!isRight) findings.add(`the list of chats begins with ${found} and should with ${wanted}`)
    return begun
  }
  return {
    views,
    first,
    changed: list.changed,
    follow(before, after) {
      list.follow(before, after)
      first(undefined)
    },
  }
}
