// What is recorded and not sent yet, of each chat one: rows of the store, a part each as the recorder writes them, so that no more than the last second
// is lost whatever happens to the page. They go like other rows, and with their chat.

import { concatBytes } from '../../bytes/bytes.ts'
import {
  VOICE_BYTES_MAX,
  VOICE_MS_MAX,
  VOICE_PART_BYTES_MAX,
  VOICE_PARTS_MAX,
  VOICE_REF_BYTES_MAX,
  WAVEFORM_BYTES_MAX,
} from '../../limits.ts'
import { createSequences } from '../sequences.ts'
import { dropSpoken, putSpoken, putSpokenPart, readSpoken, spokenHead, spokenPart } from './rows.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { CommandInput, KeptVoice, VoiceAct, VoiceDraft } from '../../engine.ts'
import type { FetchingParts } from './fetching.ts'
import type { Spoken } from './rows.ts'

type Parts = Pick<FetchingParts, 'store' | 'state'>
type Keep = Extract<VoiceAct, { kind: 'keep' }>

export function createVoiceDrafts(parts: Parts): (asked: CommandInput<'voiceDraft'>) => Promise<KeptVoice> {
  // Parts of a recording have an order.
  const inTurn = createSequences<ConversationId>()
  return (asked) => inTurn(asked.conversation, () => voiceDraft(parts, asked))
}

async function voiceDraft(parts: Parts, { conversation, act }: CommandInput<'voiceDraft'>): Promise<KeptVoice> {
  const { store } = parts
  const kept = await spokenIn(parts, conversation)
  switch (act.kind) {
    case 'read':
      return { draft: kept && (await read(parts, conversation, kept)) }
    case 'drop':
      if (kept?.ref === act.ref) await store.commit([dropSpoken(conversation)])
      return NONE
    case 'keep':
      if (isWithin(act) && parts.state().conversations.has(conversation)) await keep(parts, conversation, { kept, act })
      return NONE
  }
}

const NONE: KeptVoice = { draft: undefined }

async function spokenIn({ store }: Parts, conversation: ConversationId): Promise<Spoken | undefined> {
  const head = await store.get('state', spokenHead(conversation))
  return head && readSpoken(head)
}

const isWithin = ({ ref, part, bytes, voice: { duration, waveform } }: Keep): boolean =>
  ref.length <= VOICE_REF_BYTES_MAX &&
  part < VOICE_PARTS_MAX &&
  bytes.length <= VOICE_PART_BYTES_MAX &&
  duration <= VOICE_MS_MAX &&
  waveform.length <= WAVEFORM_BYTES_MAX

// Parts come in their order. One that does not go on where the last one ended belongs to another recording, and is dropped.
async function keep(
  { store }: Parts,
  conversation: ConversationId,
  { kept, act: { ref, part, bytes, voice } }: { readonly kept: Spoken | undefined; readonly act: Keep },
): Promise<void> {
  const isNext = part === 0 || (kept?.ref === ref && kept.parts === part)
  if (!isNext) return
  await store.commit([
    ...(part === 0 ? [dropSpoken(conversation)] : []),
    putSpokenPart(conversation, part, bytes),
    putSpoken(conversation, { duration: voice.duration, waveform: voice.waveform, ref, parts: part + 1 }),
  ])
}

async function read({ store }: Parts, conversation: ConversationId, { parts, ...voice }: Spoken): Promise<VoiceDraft> {
  const range = { table: 'state', from: spokenPart(conversation, 0), to: spokenPart(conversation, parts) } as const
  const bytes = concatBytes(...(await store.read(range)).map(({ value }) => value))
  return { ...voice, bytes: bytes.subarray(0, VOICE_BYTES_MAX) }
}
