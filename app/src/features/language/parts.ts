// The parts of the words: `first` comes with the page, each of the others with the screens that say it. Every language has each of them.

import type { AlarmEnglish } from '../alarm-words.ts'
import type { BlockEnglish } from '../block-words.ts'
import type { CarryEnglish } from '../carry-words.ts'
import type { DetailsEnglish } from '../details-words.ts'
import type { DeviceEnglish } from '../device-words.ts'
import type { ForwardEnglish } from '../forward-words.ts'
import type { GroupEnglish } from '../group-words.ts'
import type { InviteEnglish, PasteEnglish } from '../link-words.ts'
import type { ListEnglish } from '../list-words.ts'
import type { LivingEnglish } from '../living-words.ts'
import type { MediaEnglish } from '../media-words.ts'
import type { MessageEnglish } from '../message-words.ts'
import type { PushEnglish } from '../push-words.ts'
import type { RemoveEnglish } from '../remove-words.ts'
import type { RequestEnglish } from '../request-words.ts'
import type { RouteEnglish } from '../route-words.ts'
import type { ScheduledEnglish } from '../scheduled-words.ts'
import type { SearchEnglish } from '../search-words.ts'
import type { KeysEnglish, SettingsEnglish } from '../settings-words.ts'
import type { VoiceEnglish } from '../voice-words.ts'
import type { FirstEnglish } from '../words.ts'

export type English = {
  readonly first: FirstEnglish
  readonly alarm: AlarmEnglish
  readonly block: BlockEnglish
  readonly carry: CarryEnglish
  readonly details: DetailsEnglish
  readonly device: DeviceEnglish
  readonly forward: ForwardEnglish
  readonly group: GroupEnglish
  readonly invite: InviteEnglish
  readonly keys: KeysEnglish
  readonly list: ListEnglish
  readonly living: LivingEnglish
  readonly media: MediaEnglish
  readonly message: MessageEnglish
  readonly paste: PasteEnglish
  readonly push: PushEnglish
  readonly remove: RemoveEnglish
  readonly request: RequestEnglish
  readonly route: RouteEnglish
  readonly scheduled: ScheduledEnglish
  readonly search: SearchEnglish
  readonly settings: SettingsEnglish
  readonly voice: VoiceEnglish
}

export type Part = keyof English
