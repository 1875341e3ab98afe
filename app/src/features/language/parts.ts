// The parts of the words: `first` comes with the page, each of the others with the screens that say it. Every language has each of them.

import type { DetailsEnglish } from '../details-words.ts'
import type { DeviceEnglish } from '../device-words.ts'
import type { GroupEnglish } from '../group-words.ts'
import type { ListEnglish } from '../list-words.ts'
import type { MediaEnglish } from '../media-words.ts'
import type { MessageEnglish } from '../message-words.ts'
import type { RemoveEnglish } from '../remove-words.ts'
import type { SearchEnglish } from '../search-words.ts'
import type { FirstEnglish } from '../words.ts'

export type English = {
  readonly first: FirstEnglish
  readonly details: DetailsEnglish
  readonly device: DeviceEnglish
  readonly group: GroupEnglish
  readonly list: ListEnglish
  readonly media: MediaEnglish
  readonly message: MessageEnglish
  readonly remove: RemoveEnglish
  readonly search: SearchEnglish
}

export type Part = keyof English
