// A message with photos and files: each is sealed into a file of ours, named by a row before it is there, and then the message is written. Whatever
// ends in between leaves rows that the next start tidies.

import { entryIdOf } from '../../bytes/ids.ts'
import { utf8ToBytes } from '../../bytes/bytes.ts'
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENTS_PER_MESSAGE_MAX,
  CAPTION_BYTES_MAX,
  FILE_NAME_BYTES_MAX,
  PHOTO_BYTES_MAX,
  PHOTO_SIDE_MAX,
  THUMBHASH_BYTES_MAX,
  VIDEO_MS_MAX,
  VIDEO_SIDE_MAX,
  VOICE_BYTES_MAX,
  VOICE_MS_MAX,
  WAVEFORM_BYTES_MAX,
} from '../../limits.ts'
import { wordsToWrite } from '../../node/words.ts'
import { StoreError } from '../../ports.ts'
import { isFileName } from '../../wire/attachment.ts'
import { createOnce } from '../commands/once.ts'
import { newFileName, putStaged } from './rows.ts'
import { sealFile } from './sealing.ts'
import type { CommandInput, NewFile, SendFilesOutcome } from '../../engine.ts'
import type { Attachment, Photo } from '../../wire/attachment.ts'
import type { FileDeskParts } from './keeper.ts'
import type { OpenFiles } from './open-files.ts'
import type { Staged } from './rows.ts'

type SendFiles = CommandInput<'sendFiles'>
type Reason = Extract<SendFilesOutcome, { kind: 'refused' }>['reason']

type SendingParts = Pick<FileDeskParts, 'store' | 'loop' | 'random' | 'log'> & {
  readonly files: OpenFiles
  /** Sealed, and waiting for its message. */
  readonly staged: (staged: Staged) => void
  /** It waits no more. */
  readonly unstage: (staged: readonly Staged[]) => Promise<void>
  /** So many bytes of this file of a message are sealed; undefined: all of the message is. */
  readonly told: (input: Pick<SendFiles, 'conversation' | 'ref'>, item: number, bytes: number | undefined) => void
}

export function createSending(parts: SendingParts): (input: SendFiles) => Promise<SendFilesOutcome> {
  const { store, loop } = parts
  const { once } = createOnce(store)

  async function send(input: SendFiles): Promise<SendFilesOutcome> {
    const { conversation, text, ref, answers, ttl, files } = input
    const fault =
      faultIn(input, wordsToWrite(loop.state().conversations.awake.get(conversation), text)) ??
      (loop.state().conversations.has(conversation) ? undefined : 'unknown-conversation')
    if (fault !== undefined) return refused(fault)
    const staged: Staged[] = []
    const sealed: Attachment[] = []
    try {
      for (const [item, file] of files.entries()) sealed.push(await stage(input, { file, item, staged }))
      const answer = await loop.ask({ kind: 'send', conversation, text, ref, answers, ttl, files: sealed })
      if (answer.kind === 'saved') return answer
      await parts.unstage(staged)
      return refused(answer.kind === 'refused' && answer.reason === 'closed' ? 'closed' : 'unknown-conversation')
    } catch (error) {
      await parts.unstage(staged)
      if (error instanceof StoreError) return refused(error.code === 'quota' ? 'no-room' : 'no-files-here')
      parts.log(`a file was not read: ${String(error)}`)
      return refused('not-read')
    } finally {
      parts.told(input, 0, undefined)
    }
  }

  async function stage(
    input: SendFiles,
    { file, item, staged }: { readonly file: NewFile; readonly item: number; readonly staged: Staged[] },
  ): Promise<Attachment> {
    const { conversation } = input
    const to = { conversation, file: newFileName(parts.random), root: undefined }
    staged.push(to)
    await store.commit([putStaged(to)])
    const told = (bytes: number): void => parts.told(input, item, bytes)
    const attachment = await sealFile(file, { ...parts, to: { ...to, size: file.source.size }, told })
    const whole = { ...to, root: attachment.root }
    await store.commit([putStaged(whole)])
    parts.staged(whole)
    return attachment
  }

  return (input) =>
    once<SendFilesOutcome>(
      { ref: input.ref, command: { kind: 'send', conversation: input.conversation, text: input.text, answers: input.answers } },
      () => send(input),
      (bytes) => ({ kind: 'saved', message: entryIdOf(bytes) }),
    )
}

function faultIn({ files }: SendFiles, words: string): Reason | undefined {
  if (files.length === 0) return 'empty'
  if (utf8ToBytes(words).length > CAPTION_BYTES_MAX) return 'too-long'
  if (files.length > ATTACHMENTS_PER_MESSAGE_MAX || files.some(isTooLarge)) return 'too-large'
  return files.every((file) => isName(file.name) || (shownAs(file) !== undefined && file.name === '')) ? undefined : 'bad-name'
}

const isName = (name: string): boolean => isFileName(name) && utf8ToBytes(name).length <= FILE_NAME_BYTES_MAX

const shownAs = ({ photo, voice, video }: NewFile): object | undefined => photo ?? voice ?? video

const isTooLarge = ({ source: { size }, photo, voice, video }: NewFile): boolean => {
  if (photo !== undefined) return size > PHOTO_BYTES_MAX || isTooWide(photo, PHOTO_SIDE_MAX)
  if (voice !== undefined) return size > VOICE_BYTES_MAX || voice.duration > VOICE_MS_MAX || voice.waveform.length > WAVEFORM_BYTES_MAX
  return size > ATTACHMENT_BYTES_MAX || (video !== undefined && (isTooWide(video, VIDEO_SIDE_MAX) || video.duration > VIDEO_MS_MAX))
}
const isTooWide = ({ width, height, thumbhash }: Photo, sideMax: number): boolean =>
  Math.max(width, height) > sideMax || thumbhash.length > THUMBHASH_BYTES_MAX

const refused = (reason: Reason): SendFilesOutcome => ({ kind: 'refused', reason })
