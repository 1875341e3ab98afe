// What a chat’s gallery shows of the messages that were found: each photo, video, file and recording by itself, under its month.

import type { AttachmentView, FileRef, SearchHit, SearchKind } from '@kith/protocol'

export const GALLERY_TABS = ['picture', 'file', 'link', 'voice'] as const satisfies readonly SearchKind[]
export type GalleryTab = (typeof GALLERY_TABS)[number]

/** `poster`: a photo that stands for the video. */
export type GalleryItem = {
  readonly key: string
  readonly hit: SearchHit
  readonly file: AttachmentView
  readonly of: FileRef
  readonly poster: { readonly file: AttachmentView; readonly of: FileRef } | undefined
}

const isOf = ({ photo, video, voice }: AttachmentView, tab: GalleryTab): boolean => {
  if (tab === 'picture') return (photo ?? video) !== undefined
  return tab === 'voice' ? voice !== undefined : (photo ?? video ?? voice) === undefined
}

/** Of messages newest first; the files of one message in their order. */
export const toItems = (hits: readonly SearchHit[], tab: GalleryTab): readonly GalleryItem[] =>
  hits.flatMap((hit) => {
    const files = hit.files ?? []
    const refOf = (item: number): FileRef => ({ conversation: hit.conversation, message: hit.message, item })
    return files.flatMap((file, item) => {
      const isPoster = files[item - 1]?.video?.hasPoster === true
      if (isPoster || !isOf(file, tab)) return []
      const poster = file.video?.hasPoster === true ? files[item + 1] : undefined
      return [{ key: `${hit.message}/${item}`, hit, file, of: refOf(item), poster: poster && { file: poster, of: refOf(item + 1) } }]
    })
  })

export type GalleryMonth<Item> = { readonly name: string; readonly items: readonly Item[] }

/** `nameOf`: the month of a time, as it is read. What came late stands where it was read, so one month may stand twice. */
export const toMonths = <Item>(
  items: readonly Item[],
  { timeOf, nameOf }: { readonly timeOf: (item: Item) => number; readonly nameOf: (time: number) => string },
): readonly GalleryMonth<Item>[] => {
  const months: { readonly name: string; readonly items: Item[] }[] = []
  for (const item of items) {
    const name = nameOf(timeOf(item))
    const last = months.at(-1)
    if (last?.name === name) last.items.push(item)
    else months.push({ name, items: [item] })
  }
  return months
}
